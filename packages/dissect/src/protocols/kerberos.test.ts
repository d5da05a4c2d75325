import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { asReply, asRequest, ERROR, onStream, REPLY, REQUEST } from '../testing/samples/kerberos.ts'
import { kerberos, kerberosTcp } from './kerberos.ts'

const REQUEST_LINES = [
  'client kerberos.message as-req',
  'server kerberos.realm WARD.EXAMPLE',
  'client kerberos.client-host PACS-2',
  'client kerberos.service krbtgt/WARD.EXAMPLE',
  'client kerberos.encryption-types 18,23',
  'client kerberos.netbios-name PACS-2',
]

test('a host asks for a ticket, and gets one that is weakly encrypted', () => {
  expect(converse(kerberos, [['client', REQUEST]]).lines).toEqual(REQUEST_LINES)
  expect(converse(kerberos, [['server', REPLY]]).lines).toEqual([
    'server kerberos.message as-rep',
    'server kerberos.realm WARD.EXAMPLE',
    'client kerberos.client-host PACS-2',
    'server kerberos.ticket-encryption rc4-hmac',
    'server kerberos.weak-encryption rc4-hmac',
  ])
  expect(converse(kerberos, [['server', ERROR]]).lines).toEqual([
    'server kerberos.message error',
    'server kerberos.error 25',
    'server kerberos.realm WARD.EXAMPLE',
    'client kerberos.service krbtgt/WARD.EXAMPLE',
  ])
})

test('a person is not named', () => {
  const said = converse(kerberos, [
    ['client', asRequest('maria.muster', 'muster')],
    ['server', asReply('maria.muster', 18)],
  ])
  expect(said.lines.join('\n')).not.toMatch(/muster/)
  expect(said.lines.join('\n')).not.toMatch(/weak/)
})

test('over a stream each message stands after its length', () => {
  const { lines } = converse(kerberosTcp, [['client', onStream(REQUEST)]], {}, 11)
  expect(lines).toEqual(REQUEST_LINES)
})

test.each([
  ['a request', REQUEST, 'strong'],
  ['an answer', REPLY, 'strong'],
  ['version 4', REQUEST.map((byte, at) => (at === 9 + 1 ? 4 : byte)), 'no'],
  ['another type inside', bytesOf(0x6c, REQUEST.subarray(1)), 'no'],
  ['LDAP', bytesOf([0x30, 12, 2, 1, 1, 0x60, 7, 2, 1, 3, 4, 0, 0x80, 0]), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(kerberos, message).likeness).toBe(likeness)
})

test('a stream of another protocol is none', () => {
  expect(readMessage(kerberosTcp, bytesOf(0, 0, 0, 50, 0xff, 'SMB')).likeness).toBe('no')
  expect(readMessage(kerberosTcp, onStream(REQUEST).subarray(0, 4)).likeness).toBe('incomplete')
})
