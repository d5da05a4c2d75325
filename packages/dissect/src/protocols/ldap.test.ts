import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { GET } from '../testing/samples/snmp.ts'
import {
  BIND_ANSWER,
  entry,
  SASL_BIND,
  simpleBind,
  START_TLS,
  TLS_ANSWER,
  UNBIND,
} from '../testing/samples/ldap.ts'
import { ldap, ldapUdp } from './ldap.ts'

test('the kind of sign-in is told, not who signs in', () => {
  const said = converse(ldap, [
    ['client', simpleBind('cn=Maria Muster', 'secret')],
    ['server', BIND_ANSWER],
    ['client', SASL_BIND],
    ['client', simpleBind('', '')],
  ])
  expect(said.lines.filter((line) => !line.includes('operation'))).toEqual([
    'client ldap.client-version 3',
    'client ldap.bind simple',
    'server ldap.bind-result 49',
    'client ldap.client-version 3',
    'client ldap.bind sasl GSS-SPNEGO',
    'client ldap.client-version 3',
    'client ldap.bind anonymous',
  ])
})

test('the root entry tells of the server, another entry nothing', () => {
  const said = (name: string) => converse(ldapUdp, [['server', entry(name)]]).lines.slice(1)
  expect(said('')).toEqual([
    'server ldap.dns-host-name dc1.ward.example',
    'server ldap.sasl-mechanism GSSAPI',
    'server ldap.sasl-mechanism EXTERNAL',
  ])
  expect(said('cn=Maria Muster,dc=ward')).toEqual([])
})

test('a stream may go on as TLS, once the server agrees', () => {
  expect(
    converse(ldap, [
      ['client', START_TLS],
      ['server', TLS_ANSWER],
    ]).became,
  ).toEqual(['tls'])
  expect(converse(ldap, [['server', TLS_ANSWER]]).became).toEqual([])
})

test('messages in one segment are framed', () => {
  const { lines } = converse(ldap, [['client', bytesOf(SASL_BIND, START_TLS)]], {}, 9)
  expect(lines.filter((line) => line.includes('operation'))).toHaveLength(2)
})

test.each([
  ['a bind', SASL_BIND, 'strong'],
  ['an answer', BIND_ANSWER, 'strong'],
  ['an unbind', UNBIND, 'incomplete'],
  ['SNMP', GET, 'no'],
  ['a bind of version 9', SASL_BIND.map((byte, at) => (at === 9 ? 9 : byte)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(ldap, message).likeness).toBe(likeness)
})
