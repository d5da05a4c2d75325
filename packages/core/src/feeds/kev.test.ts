import { expect, test } from 'vitest'
import { BadDocument } from './facts.ts'
import { parseKev } from './kev.ts'

test('a catalogue that lost entries is refused, a wrong entry is set aside', () => {
  const entry = {
    cveID: 'CVE-2026-1000',
    dateAdded: '2026-01-02',
    dueDate: '',
    knownRansomwareCampaignUse: 'Known',
  }
  const head = { catalogVersion: '1', dateReleased: '2026-01-03T00:00:00Z' }
  expect(() => parseKev({ ...head, count: 3, vulnerabilities: [entry] })).toThrow(BadDocument)
  const bad = [
    { ...entry, cveID: 'CVE-26' },
    { ...entry, dateAdded: '2026-02-31' },
    { ...entry, dateAdded: '2027-01-01' },
  ]
  const { facts, bad: aside } = parseKev({ ...head, count: 4, vulnerabilities: [entry, ...bad] })
  expect(facts.signals).toEqual([
    { cve: 'CVE-2026-1000', kev: { added: '2026-01-02', isRansomware: true } },
  ])
  expect(aside.map(({ reason }) => reason)).toEqual([
    'cveID "CVE-26" is no CVE id',
    'dateAdded is not a date',
    'dateAdded 2027-01-01 is after the catalogue',
  ])
})
