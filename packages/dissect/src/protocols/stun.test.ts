import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { be16, be32, bytesOf } from '../testing/frames.ts'
import { CLIENT_HELLO } from '../testing/samples/dtls.ts'
import { ANSWER, attribute, OLD_ANSWER, REQUEST, stunMessage } from '../testing/samples/stun.ts'
import { stun, stunTcp } from './stun.ts'

test('software, and the address that the server sees', () => {
  expect(
    converse(stun, [
      ['client', REQUEST],
      ['server', ANSWER],
    ]).lines,
  ).toEqual([
    'client stun.method binding',
    'client stun.software Coturn-4.5',
    'server stun.method binding',
    'client stun.mapped-address 203.0.113.9',
  ])
  expect(converse(stun, [['server', OLD_ANSWER]]).lines).toContain(
    'client stun.mapped-address 203.0.113.9',
  )
})

test('over a stream, messages and channel data are framed', () => {
  const channel = bytesOf([0x40, 0, 0, 3], [1, 2, 3, 0])
  const stream = bytesOf(channel, REQUEST)
  expect(converse(stunTcp, [['client', stream]], {}, 7).lines).toHaveLength(2)
})

test('DTLS in the same flow is read, RTP is named', () => {
  const { lines, carried } = converse(stun, [
    ['client', REQUEST],
    ['client', CLIENT_HELLO],
    ['client', bytesOf(0x80, new Uint8Array(20))],
  ])
  expect(lines).toContain('server dtls.sni gateway.ward.example')
  expect(carried).toEqual(['dtls', 'rtp'])
})

test.each([
  ['a request', REQUEST, 'strong'],
  ['without a cookie, attributes that fill it', OLD_ANSWER, 'strong'],
  ['without a cookie, an unknown attribute', stunMessage(1, attribute(0x7777, 'x'), be32(7)), 'no'],
  ['without cookie and attributes', stunMessage(1, [], be32(7)), 'no'],
  ['an unknown method', stunMessage(0x3eef, []), 'no'],
  ['a length past the end', REQUEST.subarray(0, 24), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(stun, message).likeness).toBe(likeness)
})

test('a message of the old kind with an attribute that nobody named is likely, no more', () => {
  const old = (attribute: number) =>
    bytesOf(
      be16(1),
      be16(8),
      new Uint8Array(16).fill(7),
      be16(attribute),
      be16(4),
      new Uint8Array(4),
    )
  expect(readMessage(stun, old(0x0101)).likeness).toBe('weak')
  expect(readMessage(stun, old(0x0006)).likeness).toBe('strong')
})
