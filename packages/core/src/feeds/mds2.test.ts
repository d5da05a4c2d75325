import { expect, test } from 'vitest'
import { normalise, parseMds2, rowsOfText } from './mds2.ts'
import { QUESTIONS_2019 } from './testing/mds2-form.ts'

test('a form of 2019: answers raw and normalised, unanswered is not "no"', () => {
  const form = parseMds2(QUESTIONS_2019)
  expect(form).toMatchObject({
    edition: '2019',
    manufacturer: 'Example Medical',
    models: ['Pump 300', 'Pump 310'],
    range: 'vers:all/*',
    released: '2026-03-20',
  })
  const answers = Object.fromEntries(form.claims.map(({ id, answer }) => [id, answer]))
  expect(answers).toMatchObject({
    'TXCF-2': 'yes',
    'SAHD-15': 'no',
    'CONN-1': 'unanswered',
    'RMOT-1': 'no',
    'AUDT-1': 'not-applicable',
    'AUDT-2': 'see-note',
  })
  expect(form.claims.find(({ id }) => id === 'TXCF-2')).toMatchObject({
    raw: 'Yes,TLS',
    note: 'Note 3',
  })
})

test('a form of 2013, as the text of a PDF', () => {
  const text = `
  Manufacturer            Document ID      Document Release Date
  Example Medical         EM-77            2014-05-06
  Device Model            Software Revision
  Monitor 9               4.2
  A      Can this device display private data?                Yes     __
  1-1    Can the device be configured to log off?             No      __
  2-1    Can the device create an audit trail?                Yes     2
  18-2 Is private data encrypted prior to transmission?       Yes     __
  20-1   Can the device be serviced remotely?                 No      __
  13-1   Are all components physically secure?                        __`
  const form = parseMds2(rowsOfText(text))
  expect(form).toMatchObject({
    edition: '2013',
    manufacturer: 'Example Medical',
    models: ['Monitor 9'],
    range: '4.2',
  })
  expect(form.claims.find(({ id }) => id === '18-2')).toMatchObject({ answer: 'yes' })
  expect(form.claims.find(({ id }) => id === '13-1')).toMatchObject({ answer: 'unanswered' })
})

test.each([
  ['Yes', 'yes'],
  ['no', 'no'],
  ['No: none', 'no'],
  ['N/A', 'not-applicable'],
  ['See Note 2', 'see-note'],
  ['____', 'unanswered'],
  ['', 'unanswered'],
  ['Windows 10', 'text'],
])('the answer %j is %s', (raw, answer) => expect(normalise(raw)).toBe(answer))

test('what is no form is refused', () => {
  expect(() => parseMds2([['Hello', 'world']])).toThrow('No question')
})
