import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  answer,
  ask,
  CYCLIC,
  enipMessage,
  IDENTITY_OBJECT,
  LIST_IDENTITY,
  LISTED,
  MULTIPLE,
  REGISTER,
  request,
  routed,
  unit,
} from '../testing/samples/enip.ts'
import { enip, enipUdp } from './enip.ts'

const IDENTITY = [
  'server enip.vendor-id 1',
  'server enip.device-type programmable logic controller',
  'server enip.product-code 54',
  'server enip.revision 20.11',
  'server enip.serial 00c0ffee',
  'server enip.product-name 1756-L61/B LOGIX556',
]

test('tells the identities that are listed', () => {
  const { lines } = converse(enipUdp, [
    ['client', LIST_IDENTITY],
    ['server', LISTED],
  ])
  expect(lines).toEqual([
    'client enip.command list-identity',
    ...IDENTITY,
    'server enip.address 10.40.0.3',
  ])
})

test.each([Infinity, 11])('reads the identity object in a session, in pieces of %d', (piece) => {
  const { lines } = converse(
    enip,
    [
      ['client', REGISTER],
      ['server', REGISTER],
      ['client', request(ask(1, 1))],
      ['server', request(answer(1, IDENTITY_OBJECT))],
    ],
    {},
    piece,
  )
  expect(lines).toEqual([
    'client enip.command register-session',
    'client enip.service get-attributes-all',
    ...IDENTITY,
  ])
})

test('a module behind it is not taken for itself', () => {
  const { lines } = converse(enip, [
    ['client', request(routed(ask(1, 1)))],
    ['server', request(answer(1, IDENTITY_OBJECT))],
  ])
  expect(lines).toEqual([
    'client enip.service unconnected-send',
    'client enip.service get-attributes-all',
    'server enip.module 1756-L61/B LOGIX556 revision 20.11 serial 00c0ffee vendor 1',
  ])
})

test('the same service of another object is no identity', () => {
  const { lines } = converse(enip, [
    ['client', request(ask(1, 0xf5))],
    ['server', request(answer(1, IDENTITY_OBJECT))],
  ])
  expect(lines).toEqual(['client enip.service get-attributes-all'])
})

test('tells the services of a connection, also several in one', () => {
  const { lines } = converse(enip, [
    ['client', request(ask(0x54, 6))],
    ['client', unit(MULTIPLE)],
    ['client', unit(ask(7, 0x8e))],
  ])
  expect(lines).toEqual([
    'client enip.service forward-open',
    'client enip.service multiple',
    'client enip.service read-tag',
    'client enip.service write-tag',
    'client enip.service stop',
  ])
})

test('cyclic data says who sends it', () => {
  expect(converse(enipUdp, [['client', CYCLIC]]).lines).toEqual(['client enip.sends cyclic data'])
})

test.each([
  ['a session', enip, REGISTER, 'strong'],
  ['a session of another version', enip, enipMessage(0x65, [2, 0, 0, 0]), 'no'],
  ['a request', enip, request(ask(1, 1)), 'strong'],
  ['half a header', enip, REGISTER.slice(0, 12), 'incomplete'],
  ['a question for identities', enipUdp, LIST_IDENTITY, 'strong'],
  ['with something behind it', enipUdp, bytesOf(LIST_IDENTITY, 0), 'no'],
  ['cyclic data', enipUdp, CYCLIC, 'strong'],
  ['text', enip, bytesOf('def main(): return something\r\n'), 'no'],
] as const)('%s', (_case, dissector, message, likeness) => {
  expect(readMessage(dissector, message).likeness).toBe(likeness)
})
