import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { address, be16, bytesOf } from '../testing/frames.ts'
import { QUERY as DNS_QUERY } from '../testing/samples/dns.ts'
import {
  ANSWER,
  encodedName,
  nbnsMessage,
  QUERY,
  REGISTRATION,
  STATUS,
  WORKGROUP,
} from '../testing/samples/nbns.ts'
import { dns } from './dns.ts'
import { nbns } from './nbns.ts'

const said = (message: Uint8Array, from: 'client' | 'server' = 'client') =>
  readMessage(nbns, message, testContext({ from, serverPort: 137 })).facts.map(
    ({ subject, field, value }) => {
      const who = typeof subject === 'string' ? subject : subject.ip
      return `${who} ${field}=${value}`
    },
  )

test('a question keeps the suffix of the name', () => {
  expect(said(QUERY)).toEqual(['client nbns.query=FILESRV<20>'])
})

test('a registration names its sender', () => {
  expect(said(REGISTRATION)).toEqual([
    'client nbns.service-name=CT-CONSOLE<00>',
    'client nbns.name=CT-CONSOLE',
  ])
  expect(said(WORKGROUP)).toEqual(['client nbns.workgroup=RADIOLOGY'])
})

test('an answer is about the address in it, and about who gave it', () => {
  expect(said(ANSWER, 'server')).toEqual([
    '10.1.2.9 nbns.role=file-server',
    '10.1.2.9 nbns.service-name=FILESRV<20>',
    '10.1.2.9 nbns.name=FILESRV',
    'server nbns.answer=FILESRV<20>',
  ])
})

test('a refused name belongs to nobody', () => {
  const refused = nbnsMessage({
    flags: 0x8503,
    owner: encodedName('GHOST', 0),
    data: bytesOf(be16(0), address('10.1.2.9')),
  })
  expect(said(refused, 'server')).toEqual([])
})

test('a node status gives names, domain, role and MAC, but not who is signed in', () => {
  expect(said(STATUS, 'server')).toEqual([
    'server nbns.service-name=CT-CONSOLE<00>',
    'server nbns.name=CT-CONSOLE',
    'server nbns.workgroup=RADIOLOGY',
    'server nbns.role=domain-controller',
    'server nbns.workgroup=RADIOLOGY',
    'server nbns.role=file-server',
    'server nbns.service-name=CT-CONSOLE<20>',
    'server nbns.name=CT-CONSOLE',
    'server nbns.unit-id=00:1c:c4:10:79:0f',
  ])
})

test.each([
  [0x06, 'ras-server'],
  [0x1b, 'domain-master-browser'],
  [0x1d, 'master-browser'],
  [0x20, 'file-server'],
])('suffix %i makes a %s', (suffix, role) => {
  const message = nbnsMessage({
    flags: 0x2910,
    question: encodedName('RADIOLOGY', suffix),
    data: bytesOf(be16(0x6000), address('10.1.2.3')),
  })
  expect(said(message)).toContain(`client nbns.role=${role}`)
})

test('the master browser is known by its group name', () => {
  const message = nbnsMessage({
    flags: 0x2910,
    question: encodedName('\u0001\u0002__MSBROWSE__\u0002', 1),
    data: bytesOf(be16(0xe000), address('10.1.2.3')),
  })
  expect(said(message)).toEqual(['client nbns.role=master-browser'])
})

test('is told from DNS by its encoded name, on any port', () => {
  const context = testContext({ serverPort: 9999 })
  expect(readMessage(nbns, QUERY, context).likeness).toBe('strong')
  expect(readMessage(dns, QUERY, context).likeness).toBe('no')
  expect(readMessage(nbns, DNS_QUERY, context).likeness).toBe('no')
})
