import { expect, test } from 'vitest'
import { compileVocabulary } from '../identity/vocabulary.ts'
import { guessColumns, isPatientColumn } from './mapping.ts'
import { readTable, type ReadingSettings } from './read-table.ts'
import { compileTypeWords } from './type-words.ts'
import type { ImportTemplate } from './fields.ts'

const vocabulary = compileVocabulary({
  categories: [{ id: 'infusion', name: 'Infusion', clinical: true }],
  'device-types': [
    {
      id: 'infusion-pump',
      name: 'Infusion pump',
      category: 'infusion',
      regulated: true,
      lifeSupport: true,
    },
    {
      id: 'syringe-pump',
      name: 'Syringe pump',
      category: 'infusion',
      regulated: true,
      lifeSupport: true,
    },
  ],
  manufacturers: [{ name: 'Acme', aliases: ['Acme Medical*', 'ACME-Med'], makes: [] }],
})
const knowledge = { vocabulary, typeOf: compileTypeWords(vocabulary), gs1: () => undefined }

const generic: ImportTemplate = {
  id: 'generic',
  name: 'Any',
  kind: 'cmms',
  isFull: false,
  columns: {
    tag: ['asset tag', 'control number'],
    serial: ['serial number', 'SN'],
    manufacturer: ['manufacturer', 'mfr'],
    model: ['model'],
    description: ['description'],
    mac: ['mac address'],
    ip: ['ip'],
    warrantyUntil: ['warranty end'],
    lastPm: ['last pm'],
    cost: ['cost'],
    connected: ['networked'],
  },
}
const HEADERS = [
  'Control Number',
  'SN',
  'MFR',
  'Model',
  'Description',
  'MAC_Address',
  'IP',
  'Warranty End',
  'Last PM',
  'Cost',
  'Networked',
]
const read = (rows: readonly (readonly string[])[], more: Partial<ReadingSettings> = {}) =>
  readTable(
    rows,
    { columns: guessColumns(HEADERS, generic, undefined), dateOrder: 'auto', ...more },
    knowledge,
  )

/** One row: tag, serial, maker; the rest by column number. */
function row(
  tag: string,
  serial: string,
  maker = 'Acme',
  more: Readonly<Record<number, string>> = {},
): string[] {
  return HEADERS.map((_, at) => more[at] ?? [tag, serial, maker][at] ?? '')
}

test('columns are found whatever their case and punctuation', () => {
  expect(guessColumns(HEADERS, generic, undefined)).toEqual({
    tag: 0,
    serial: 1,
    manufacturer: 2,
    model: 3,
    description: 4,
    mac: 5,
    ip: 6,
    warrantyUntil: 7,
    lastPm: 8,
    cost: 9,
    connected: 10,
  })
})

test('columns of patients are never mapped', () => {
  for (const header of [
    'Patient Name',
    'MRN',
    'patient_id',
    'DOB',
    'Encounter',
    'Diagnosis',
    'Date of Birth',
    'Last name',
    'Bed occupant',
    'Patientenname',
    'Geburtsdatum',
    'Date de naissance',
    'Apellidos',
  ])
    expect(isPatientColumn(header), header).toBe(true)
  for (const header of [
    'Stores PHI',
    'Patient Data',
    'Patient Care Unit',
    'Serial Number',
    'patient monitor',
    'Name',
    'Model name',
    'Host name',
  ])
    expect(isPatientColumn(header), header).toBe(false)
})

test('dirt is taken off a row', () => {
  const [only] = read([
    row(' \u00a0BM-0001\u200b ', '="0012345678"', 'ACME-Med', {
      4: 'PUMP, INFUSION',
      5: '00-1B-44-11-3A-B7; 001b.4411.3ab8',
      6: '010.004.007.009/24',
      7: '45356',
      9: '$1,234.50',
      10: 'Y',
    }),
  ]).rows
  expect(only?.refusal).toBeUndefined()
  expect(only?.nativeKey).toBe('tag:bm-0001')
  expect(only?.device).toEqual({
    tag: 'BM-0001',
    serial: '0012345678',
    manufacturer: 'Acme',
    description: 'PUMP, INFUSION',
    type: 'infusion-pump',
    category: 'infusion',
    macs: ['00:1b:44:11:3a:b7', '00:1b:44:11:3a:b8'],
    ips: ['10.4.7.9'],
    warrantyUntil: '2024-03-05',
    cost: '1234.5',
    connected: 'yes',
  })
})

test('what a spreadsheet broke is not believed, and says what to do', () => {
  const [only] = read([
    row('BM-1', '1.23E+12', 'Acme', {
      3: '=VLOOKUP(A1,B:B,2)',
      4: '#N/A',
      5: 'ff:ff:ff:ff:ff:ff',
      7: 'soon',
    }),
  ]).rows
  expect(only?.device).toEqual({ tag: 'BM-1', manufacturer: 'Acme' })
  expect(only?.notes.join('\n')).toMatch(/format the column as text/)
  expect(only?.notes.join('\n')).toMatch(/model: A formula/)
  expect(only?.notes).toHaveLength(5)
})

test('a row without a key and an empty row are refused with the reason', () => {
  const { rows } = read([row('', '123', ''), row('n/a', ' ', '-'), row('', 'AB12345', 'Acme')])
  expect(rows.map(({ refusal }) => refusal !== undefined)).toEqual([true, true, false])
  expect(rows[0]?.refusal).toMatch(/needs a tag/)
  expect(rows[1]?.refusal).toMatch(/empty/)
  expect(rows[2]?.nativeKey).toBe('serial:acme/AB12345')
})

test('a row that comes twice is refused once; one that says something else of the same device is a question', () => {
  const { rows } = read([
    row('T-1', 'AB00001'),
    row('t-1 ', 'AB00001', 'Acme Medical Ltd'),
    row('T-1', 'AB00001', 'Other'),
    row('T-2', 'AB00001'),
  ])
  expect(rows[0]?.refusal).toBeUndefined()
  // The tag is written otherwise, so it is the same device told in another way.
  expect(rows[1]?.conflictsWith).toEqual({ row: 2, key: 'tag:t-1' })
  expect(rows[2]?.conflictsWith).toEqual({ row: 2, key: 'tag:t-1' })
  expect(rows[3]?.conflictsWith).toEqual({ row: 2, key: 'serial:acme/AB00001' })
  const again = read([row('T-1', 'AB00001'), row('T-1', 'AB00001', 'ACME-Med')])
  expect(again.rows[1]?.refusal).toMatch(/same as row 2/)
})

test('serial and tag in the wrong columns are put right', () => {
  const good = Array.from({ length: 20 }, (_, at) =>
    row(`BM-${1000 + at}`, `XK${'Z'.repeat(at % 5)}${900_000 + at * 7}`),
  )
  const { rows, findings } = read([...good, row('SER99887766', 'BM-2001')])
  expect(rows.at(-1)?.device).toMatchObject({ tag: 'BM-2001', serial: 'SER99887766' })
  expect(findings.join()).toMatch(/one row/)
  expect(rows.filter(({ notes }) => notes.some((note) => /put right/.test(note)))).toHaveLength(1)
})

test('a date column that fits both ways follows the others, or asks', () => {
  const rows = [
    row('A-1', '', '', { 7: '03/04/2024', 8: '25/04/2024' }),
    row('A-2', '', '', { 7: '05/06/2024', 8: '01/02/2024' }),
  ]
  const both = read(rows)
  expect(both.rows[0]?.device).toMatchObject({ warrantyUntil: '2024-04-03', lastPm: '2024-04-25' })
  expect(both.unclearDates).toEqual([])
  const alone = read(rows.map((cells) => cells.map((cell, at) => (at === 8 ? '' : cell))))
  expect(alone.unclearDates).toEqual(['warrantyUntil'])
  expect(alone.rows[0]?.device?.warrantyUntil).toBeUndefined()
  expect(alone.rows[0]?.notes.join()).toMatch(/day or month comes first/)
  const said = read(
    rows.map((cells) => cells.map((cell, at) => (at === 8 ? '' : cell))),
    { dateOrder: 'month-first' },
  )
  expect(said.rows[0]?.device?.warrantyUntil).toBe('2024-03-04')
})
