import { expect, test } from 'vitest'
import { parsePatches, parseSupportDates } from './tables.ts'

test('tables of makers: bad rows are set aside with what to write', () => {
  const { facts, bad } = parsePatches(
    [
      ['Vendor', 'Product', 'KB', 'Approved', 'CVE'],
      ['Example', 'Pump', 'EX-1', '11/25/2026', 'cve-2026-0001; CVE-2026-0002'],
      ['Example', 'Pump', 'EX-2', 'pending', ''],
      ['Example', 'Pump', 'EX-3', 'soon', ''],
    ],
    'example',
  )
  expect(facts.patches).toMatchObject([
    { validated: '2026-11-25', cves: ['CVE-2026-0001', 'CVE-2026-0002'] },
    { reference: 'EX-2' },
  ])
  expect(facts.patches?.[1]).not.toHaveProperty('validated')
  expect(bad).toMatchObject([
    { name: 'row 4', reason: 'validated "soon" is not a date: write it as 2026-11-25' },
  ])
  expect(() => parseSupportDates([['Maker', 'Date']], 'x')).toThrow(
    'missing: "model", "end of support"',
  )
})
