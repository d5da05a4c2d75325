import { expect, test } from 'vitest'
import { indexAdvisories } from '../exposure/advisory-index.ts'
import { match } from '../exposure/match.ts'
import { parseNotices } from './notices.ts'

const HEAD = [
  'Authority',
  'FSCA',
  'Manufacturer',
  'Trade name',
  'Version',
  'Serial numbers',
  'Date',
]
const row = (...cells: readonly string[]) => ['BfArM', '4711/26', 'Example', ...cells]

test('rows of one number are one notice, and devices are held against it as against any recall', () => {
  const { facts, bad } = parseNotices([
    HEAD,
    row('Pump 300', '< 2.0', '', '2026-03-01'),
    row('Monitor M8', '', 'AB100 to AB250', '2026-03-01'),
  ])
  expect(bad).toEqual([])
  expect(facts.advisories).toMatchObject([
    {
      id: 'BfArM-4711-26',
      kind: 'recall',
      source: 'BfArM',
      published: '2026-03-01',
      recall: { firm: 'Example', number: '4711/26' },
      products: [{ product: 'Pump 300' }, { product: 'Monitor M8' }],
    },
  ])
  const index = indexAdvisories(facts.advisories ?? [])
  const verdicts = (device: object) =>
    match({ manufacturer: 'Example', model: '', ...device }, index).map(({ verdict }) => verdict)
  expect(verdicts({ model: 'Pump 300', version: '1.9' })).toEqual(['affected'])
  expect(verdicts({ model: 'Pump 300', version: '2.0' })).toEqual(['not-affected'])
  // What is not known clears nothing.
  expect(verdicts({ model: 'Pump 300' })).toEqual(['possibly-affected'])
  expect(verdicts({ model: 'Monitor M8', serial: 'AB120' })).toEqual(['affected'])
  expect(verdicts({ model: 'Monitor M8', serial: 'AB300' })).toEqual(['not-affected'])
  expect(verdicts({ model: 'Monitor M8' })).toEqual(['possibly-affected'])
  expect(verdicts({ manufacturer: 'Other', model: 'Pump 300', version: '1.9' })).toEqual([])
})

test('a bad row is set aside with what to write, and a table without columns refused', () => {
  const { facts, bad } = parseNotices([
    HEAD,
    row('Pump 300', '', '', 'last spring'),
    row('', '', '', '2026-03-01'),
    row('Pump 300', '', '', '03/01/2026'),
  ])
  expect(facts.advisories).toMatchObject([{ published: '2026-03-01' }])
  expect(bad).toMatchObject([
    { name: 'row 2', reason: 'the date of the notice is none: write it as 2026-11-25' },
    { name: 'row 3', reason: 'maker and model are needed' },
  ])
  expect(() => parseNotices([['Model', 'Date']])).toThrow(
    'missing: "regulator", "number", "manufacturer"',
  )
})

test('two regulators may use one number, and no link but one of the web is kept', () => {
  const { facts } = parseNotices([
    ['Regulator', 'Number', 'Maker', 'Model', 'Date', 'Class', 'Link'],
    ['MHRA', '7', 'Example', 'Pump 300', '2026-03-01', 'Class II', 'javascript:alert(1)'],
    ['Swissmedic', '7', 'Example', 'Pump 300', '2026-03-01', '2', 'https://example.org/7'],
  ])
  expect(facts.advisories).toMatchObject([
    { id: 'MHRA-7', recall: { class: 'II' }, link: '' },
    { id: 'Swissmedic-7', link: 'https://example.org/7' },
  ])
  expect(facts.advisories?.[1]?.recall).not.toHaveProperty('class')
})
