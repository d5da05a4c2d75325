import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { address, be16, bytesOf } from '../testing/frames.ts'
import { STANDS_IN, STANDS_IN_V6, vrrp2 } from '../testing/samples/neighbors.ts'
import { vrrp } from './vrrp.ts'

const said = (message: Uint8Array) =>
  readMessage(vrrp, message).facts.map(({ field, value }) => `${field.slice(5)}=${value}`)

test('a router says which addresses it stands for, and never the password', () => {
  expect(said(STANDS_IN)).toEqual([
    'version=2',
    'group=7',
    'priority=120',
    'authentication=cleartext',
    'address=10.0.0.1',
    'address=10.0.1.1',
  ])
  expect(said(STANDS_IN_V6)).toEqual(['version=3', 'group=9', 'priority=100', 'address=fe80::9'])
})

test('version 3 for IPv4', () => {
  const message = bytesOf([0x31, 9, 0, 1], be16(100), be16(0), address('10.0.0.9'))
  expect(said(message)).toEqual(['version=3', 'group=9', 'address=10.0.0.9'])
})

/** Version 2 with another kind of authentication. */
function authenticated(kind: number, ...rest: readonly Uint8Array[]): Uint8Array {
  const message = vrrp2(...rest)
  message[4] = kind
  return message
}

test.each([
  ['an advertisement', STANDS_IN, 'strong'],
  ['without the empty authentication', authenticated(0), 'strong'],
  ["with Cisco's hash", authenticated(254, new Uint8Array(30)), 'strong'],
  ['with an unknown kind of authentication', authenticated(9, new Uint8Array(8)), 'no'],
  ['too long', vrrp2(new Uint8Array(9)), 'no'],
  ['cut short', STANDS_IN.subarray(0, 15), 'no'],
  ['of no address', bytesOf([0x31, 9, 100, 0], be16(100), be16(0)), 'no'],
  ['CARP', bytesOf([0x21, 7, 0, 7, 0, 1], be16(0), new Uint8Array(28)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(vrrp, message).likeness).toBe(likeness)
})
