import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { element, integer, octets, oid, sequence } from '../testing/samples/ber.ts'
import {
  binding,
  ENTITY,
  ENTITY_ANSWER,
  GET,
  snmpMessage,
  SYSTEM,
  SYSTEM_ANSWER,
  TRAP,
  unit,
  V3_ANSWER,
  V3_ENCRYPTED,
} from '../testing/samples/snmp.ts'
import { snmp, snmpTcp } from './snmp.ts'

const fromAgent = () => testContext({ from: 'server', serverPort: 161 })
const said = (message: Uint8Array, context = fromAgent()) =>
  readMessage(snmp, message, context).facts.map(({ subject, field, value }) => {
    expect(subject).toBe(context.from)
    return `${field.slice('snmp.'.length)}=${value}`
  })

test('an agent answers about itself, but not who to call', () => {
  expect(said(SYSTEM_ANSWER)).toEqual([
    'version=2c',
    'community-default=true',
    'community=public',
    'operation=response',
    'sys-descr=PB980 Ventilator Linux 4.9',
    'sys-object-id=1.3.6.1.4.1.9.1.516',
    'sys-name=vent-icu-3',
    'sys-location=ICU 3',
    'interface-mac=00:1a:22:03:cb:be',
  ])
})

test('a manager that tries the default community makes nobody weak', () => {
  expect(said(GET, testContext())).toEqual(['version=2c', 'operation=get'])
})

test('a community of their own is never told', () => {
  const facts = said(ENTITY_ANSWER)
  expect(facts).toContain('community-default=false')
  expect(facts.join()).not.toContain('k33p-0ut')
})

test('the lowest entity is the chassis; modules and empty rows say nothing', () => {
  expect(said(ENTITY_ANSWER).slice(3)).toEqual([
    'ent-serial=FOC1234X0AB',
    'ent-mfg-name=Cisco',
    'ent-model=WS-C3560-24TS',
  ])
})

test('the chassis is remembered over the messages of a walk', () => {
  const context = fromAgent()
  said(ENTITY_ANSWER, context)
  const module = snmpMessage('x', 1, unit(0xa2, binding(`${ENTITY}.13.1001`, octets('FAN'))))
  expect(said(module, context).join()).not.toContain('FAN')
})

test('a trap names the maker, and does not show that anybody may ask', () => {
  expect(said(TRAP, testContext())).toEqual([
    'version=1',
    'operation=trap',
    'trap=1.3.6.1.4.1.318',
    'sys-name=ups-3',
  ])
})

test('an engine tells maker and MAC, but no user', () => {
  expect(said(V3_ANSWER)).toEqual([
    'version=3',
    'engine-id=8000000903001a2203cbbe',
    'engine-enterprise=9',
    'engine-mac=00:1a:22:03:cb:be',
    'security-level=auth',
    'operation=response',
    'sys-name=sw',
  ])
})

test('of an encrypted message only its security is known; the engine is not the sender', () => {
  expect(said(V3_ENCRYPTED, testContext())).toEqual(['version=3', 'security-level=auth-priv'])
})

test('a bridge gives its address', () => {
  const bridge = binding('1.3.6.1.2.1.17.1.1.0', octets([0x00, 0x1a, 0x22, 3, 0xcb, 0xbe]))
  expect(said(snmpMessage('x', 1, unit(0xa2, bridge)))).toContain(
    'bridge-address=00:1a:22:03:cb:be',
  )
})

test('octets that are no text are no value', () => {
  const message = snmpMessage('x', 1, unit(0xa2, binding(`${SYSTEM}.1.0`, octets([1, 2, 3, 0xff]))))
  expect(said(message).join()).not.toContain('sys-descr')
})

test.each([
  ['a message', SYSTEM_ANSWER, 'strong'],
  ['one of version 3', V3_ANSWER, 'strong'],
  ['one with bytes after its end', bytesOf(GET, 0), 'weak'],
  ['version 9', snmpMessage('public', 9, unit(0xa0)), 'no'],
  ['no operation after the community', snmpMessage('public', 1, sequence()), 'no'],
  [
    'a search of a directory',
    sequence(integer(1), element(0x63, octets('dc=example'), oid('1.2.3'))),
    'no',
  ],
])('%s is %s', (_case, message, likeness) => {
  expect(readMessage(snmp, message, testContext()).likeness).toBe(likeness)
})

test('over a stream it knows where it ends', () => {
  const { likeness, length, facts } = readMessage(snmpTcp, SYSTEM_ANSWER, fromAgent())
  expect([likeness, length, facts.length]).toEqual(['strong', SYSTEM_ANSWER.length, 9])
  expect(readMessage(snmpTcp, SYSTEM_ANSWER.subarray(0, 5)).likeness).toBe('incomplete')
})
