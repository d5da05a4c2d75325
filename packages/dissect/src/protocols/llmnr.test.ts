import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { dnsMessage, question } from '../testing/samples/dns.ts'
import { ANSWER, QUERY, REVERSE } from '../testing/samples/llmnr.ts'
import { llmnr } from './llmnr.ts'

const fromServer = () => testContext({ from: 'server', serverPort: 5355 })

test('a question tells which name its neighbours are asked for', () => {
  expect(readMessage(llmnr, QUERY).facts).toEqual([
    { subject: 'client', field: 'llmnr.query', value: 'PACS-WS' },
  ])
})

test.each([
  ['of a name', ANSWER],
  ['of an address', REVERSE],
])('an answer %s is about the address and about who gave it', (_case, message) => {
  expect(readMessage(llmnr, message, fromServer()).facts).toEqual([
    { subject: { ip: '10.1.2.3' }, field: 'llmnr.name', value: 'PACS-WS' },
    { subject: 'server', field: 'llmnr.answer', value: 'PACS-WS' },
  ])
})

test('belongs to its port and has one question', () => {
  expect(readMessage(llmnr, QUERY).likeness).toBe('strong')
  expect(readMessage(llmnr, QUERY, testContext({ serverPort: 53 })).likeness).toBe('no')
  const two = dnsMessage({ flags: 0, questions: [question('a', 1), question('b', 1)] })
  expect(readMessage(llmnr, two).likeness).toBe('no')
})
