import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { be16, bytesOf } from '../testing/frames.ts'
import {
  ANSWER,
  dnsMessage,
  name,
  QUERY,
  question,
  record,
  UPDATE,
  VERSION,
} from '../testing/samples/dns.ts'
import { dns, dnsTcp, reverseAddress } from './dns.ts'

const fromServer = () => testContext({ from: 'server', serverPort: 53 })

test('a question is about the one who asks', () => {
  expect(readMessage(dns, QUERY).facts).toEqual([
    { subject: 'client', field: 'dns.query', value: 'updates.pump-maker.example' },
    { subject: 'client', field: 'dns.query-type', value: 'A' },
  ])
})

test('an answer names addresses, by their own name and by the name asked for', () => {
  const context = testContext({ from: 'server', serverPort: 53, state: 1 })
  expect(readMessage(dns, ANSWER, context).facts).toEqual([
    { subject: 'server', field: 'dns.recursion', value: 'true' },
    { subject: { ip: '192.0.2.7' }, field: 'dns.name', value: 'edge.cdn.example' },
    { subject: { ip: '192.0.2.7' }, field: 'dns.alias', value: 'updates.pump-maker.example' },
    { subject: { ip: '2001:db8::7' }, field: 'dns.name', value: 'edge.cdn.example' },
    { subject: { ip: '2001:db8::7' }, field: 'dns.alias', value: 'updates.pump-maker.example' },
  ])
})

test('an answer whose question was not seen tells who asked, whichever end was seen first', () => {
  const query = { field: 'dns.query', value: 'updates.pump-maker.example' }
  expect(readMessage(dns, ANSWER, fromServer()).facts).toContainEqual({
    subject: 'client',
    ...query,
  })
  const turned = testContext({ from: 'client', clientPort: 53 })
  expect(readMessage(dns, ANSWER, turned).facts).toContainEqual({ subject: 'server', ...query })
})

test('the address of a server that an answer names is no alias of the question', () => {
  const message = dnsMessage({
    flags: 0x8180,
    questions: [question('_ldap._tcp.hospital.example', 33)],
    additionals: [record('dc1.hospital.example', 1, [10, 0, 0, 5])],
  })
  const context = testContext({ from: 'server', serverPort: 53, state: 1 })
  expect(readMessage(dns, message, context).facts.slice(1)).toEqual([
    { subject: { ip: '10.0.0.5' }, field: 'dns.name', value: 'dc1.hospital.example' },
  ])
})

test('a reverse answer names an address; the reverse question is no destination', () => {
  const message = dnsMessage({
    flags: 0x8580,
    questions: [question('3.2.1.10.in-addr.arpa', 12)],
    answers: [record(bytesOf(be16(0xc00c)), 12, name('ct-2.hospital.example'))],
  })
  expect(readMessage(dns, message, fromServer()).facts).toEqual([
    { subject: 'server', field: 'dns.recursion', value: 'true' },
    { subject: 'server', field: 'dns.authoritative', value: 'true' },
    { subject: { ip: '10.1.2.3' }, field: 'dns.name', value: 'ct-2.hospital.example' },
  ])
})

test('a dynamic update registers a name', () => {
  expect(readMessage(dns, UPDATE).facts).toEqual([
    { subject: { ip: '10.1.2.3' }, field: 'dns.name', value: 'ct-2.hospital.example' },
  ])
})

test('a name server that tells its version is remembered with it', () => {
  expect(readMessage(dns, VERSION, fromServer()).facts).toContainEqual({
    subject: 'server',
    field: 'dns.version',
    value: '9.18.1',
  })
})

test('a loopback answer, as block lists give it, names nobody', () => {
  const blocked = dnsMessage({ flags: 0x8180, answers: [record('ads.example', 1, [127, 0, 0, 1])] })
  expect(readMessage(dns, blocked, fromServer()).facts.map((fact) => fact.field)).toEqual([
    'dns.recursion',
  ])
})

test('one flow cannot fill the inventory with questions', () => {
  const context = testContext({ serverPort: 53 })
  let kept = 0
  for (let at = 0; at < 1000; at++) {
    const message = dnsMessage({ questions: [question(`x${at}.tunnel.example`, 16)] })
    kept += readMessage(dns, message, context).facts.filter(
      ({ field }) => field === 'dns.query',
    ).length
  }
  expect(kept).toBe(256)
})

test.each([
  ['a question', QUERY, 'strong'],
  ['an answer', ANSWER, 'strong'],
  ['an answer that the capture cut', ANSWER.subarray(0, 60), 'weak'],
  ['bytes after the end', bytesOf(QUERY, 1, 2), 'weak'],
  ['the reserved bit', bytesOf(QUERY.subarray(0, 3), 0x40, QUERY.subarray(4)), 'no'],
  [
    'a record of an unknown class',
    dnsMessage({ flags: 0x8180, answers: [record('a.example', 1, [1, 2, 3, 4], 77)] }),
    'no',
  ],
  [
    'an option of EDNS, whose class is a size',
    dnsMessage({ questions: [question('a.example', 1)], additionals: [record('', 41, [], 4096)] }),
    'strong',
  ],
  ['an unknown class', dnsMessage({ questions: [question('a.example', 1, 77)] }), 'no'],
  ['a pointer ahead', dnsMessage({ questions: [bytesOf(name('a', 200), [0, 1, 0, 1])] }), 'no'],
  ['counts alone', dnsMessage({ flags: 0x8180 }), 'no'],
  ['text', 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n', 'no'],
])('%s: %s', (_case, message, likeness) => {
  expect(readMessage(dns, message, testContext({ serverPort: 9999 })).likeness).toBe(likeness)
})

test('leaves the ports of its cousins to them', () => {
  for (const serverPort of [137, 5353, 5355]) {
    expect(readMessage(dns, QUERY, testContext({ serverPort })).likeness).toBe('no')
  }
  expect(readMessage(dns, QUERY, testContext({ clientPort: 5353, serverPort: 53 })).likeness).toBe(
    'strong',
  )
})

test('a pointer that leads to itself or ahead ends the name', () => {
  const loop = dnsMessage({ questions: [bytesOf(be16(0xc00c), [0, 1, 0, 1])] })
  const { facts, isConsumed } = readMessage(dns, loop)
  expect(facts).toEqual([])
  expect(isConsumed).toBe(false)
})

test.each([
  [10, true],
  [40, false],
])('a chain of %i pointers: followed %s', (length, isFollowed) => {
  // The data of the first record begins at 25; each pointer there leads to the one before it.
  const chain = Array.from({ length }, (_, at) => be16(0xc000 + (at === 0 ? 12 : 23 + 2 * at)))
  const last = bytesOf(be16(0xc000 + 23 + 2 * length))
  const message = dnsMessage({
    flags: 0x8180,
    answers: [record('a', 16, bytesOf(...chain)), record(last, 1, [192, 0, 2, 7])],
  })
  const { facts, isConsumed } = readMessage(dns, message, fromServer())
  expect(isConsumed).toBe(isFollowed)
  expect(facts.some(({ field, value }) => field === 'dns.name' && value === 'a')).toBe(isFollowed)
})

test('a dot inside a label is not a border', () => {
  const message = dnsMessage({ questions: [bytesOf(3, 'a.b', name('example'), [0, 1, 0, 1])] })
  expect(readMessage(dns, message).facts[0]?.value).toBe('a\\.b.example')
})

test('over a stream each message has its length in front', () => {
  const stream = bytesOf(be16(QUERY.length), QUERY)
  const { likeness, length, facts } = readMessage(dnsTcp, stream)
  expect([likeness, length, facts[0]?.field]).toEqual(['strong', stream.length, 'dns.query'])
  expect(readMessage(dnsTcp, stream.subarray(0, 1)).length).toBe(0)
  expect(readMessage(dnsTcp, stream.subarray(0, 9)).likeness).toBe('incomplete')
  expect(readMessage(dnsTcp, bytesOf(be16(3), 'abc')).length).toBe(-1)
})

test('reads reverse names of both families', () => {
  const nibbles = [...'20010db8000000000000000000000007'].reverse().join('.')
  expect(reverseAddress(`${nibbles}.ip6.arpa`.split('.'))).toBe('2001:db8::7')
  expect(reverseAddress('7.0.0.10.IN-ADDR.ARPA'.split('.'))).toBe('10.0.0.7')
  expect(reverseAddress('300.0.0.10.in-addr.arpa'.split('.'))).toBeUndefined()
  expect(reverseAddress(['1', '2', 'ip6', 'arpa'])).toBeUndefined()
  expect(reverseAddress(`${nibbles}.ip7.arpa`.split('.'))).toBeUndefined()
  expect(reverseAddress('0.10.in-addr.arpa'.split('.'))).toBeUndefined()
})

test('a damaged question behind a sound header is believed where DNS is spoken, and nowhere else', () => {
  const damaged = QUERY.slice()
  damaged[12] = 0x99
  expect(readMessage(dns, damaged, testContext({ serverPort: 53 })).likeness).toBe('weak')
  expect(readMessage(dns, damaged, testContext({ serverPort: 5300 })).likeness).toBe('no')
  expect(
    readMessage(dns, bytesOf(be16(7), be16(0x8184), new Uint8Array(8)), fromServer()),
  ).toMatchObject({
    likeness: 'weak',
    facts: [],
  })
  const empty = bytesOf(be16(7), be16(0x8180), new Uint8Array(8))
  expect(readMessage(dns, empty, fromServer()).likeness).toBe('no')
})
