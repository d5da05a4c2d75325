import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  CONNACK,
  CONNACK_V5,
  CONNECT,
  CONNECT_V5,
  packet,
  PUBLISH,
  REFUSED,
  string,
  SUBSCRIBE,
} from '../testing/samples/mqtt.ts'
import { mqtt } from './mqtt.ts'

const said = (message: Uint8Array, context = testContext({ serverPort: 1883 })) =>
  readMessage(mqtt, message, context).facts.map(
    ({ subject, field, value }) => `${String(subject)} ${field.slice('mqtt.'.length)}=${value}`,
  )

test('a client connects with a name, and its secrets stay its own', () => {
  expect(said(CONNECT)).toEqual([
    'client version=3.1.1',
    'client client-id=pump-gw-17',
    'client user-name-sent=true',
    'client password-sent=true',
    'client will-topic=gateway/17/state',
  ])
})

test('a client of version 5 may be given its name', () => {
  const context = testContext({ serverPort: 1883 })
  expect(said(CONNECT_V5, context)).toEqual([
    'client version=5',
    'client user-name-sent=false',
    'client password-sent=false',
  ])
  expect(said(CONNACK_V5, Object.assign(context, { from: 'server' as const }))).toEqual([
    'server role=broker',
    'client connect-result=accepted',
    'client client-id=auto-1',
  ])
})

test('a refusal is told from an acceptance', () => {
  const context = () => testContext({ from: 'server', serverPort: 1883 })
  expect(said(CONNACK, context())).toContain('client connect-result=accepted')
  expect(said(REFUSED, context())).toContain('client connect-result=refused')
})

test('topics are told, payloads are not', () => {
  expect(said(PUBLISH)).toEqual(['client topic=icu/3/vent/vital'])
  expect(said(SUBSCRIBE)).toEqual(['client subscription=icu/+/alarm', 'client subscription=ota/#'])
})

test.each([
  ['ward/3/patient/ROE/hr', 'ward/3/patient/+/hr'],
  ['bed/12/00471123/hr', 'bed/12/+/hr'],
  ['encounters/a7/state', 'encounters/+/state'],
])('the topic %s is told as %s', (topic, told) => {
  expect(said(packet(0x30, string(topic)))).toEqual([`client topic=${told}`])
})

test('one flow tells a bounded number of topics', () => {
  const context = testContext({ serverPort: 1883 })
  let told = 0
  for (let at = 0; at < 100; at++) told += said(packet(0x30, string(`t/${at}`)), context).length
  expect(told).toBe(32)
})

test.each([
  ['a connect', CONNECT, 'strong'],
  [
    'a connect of version 3.1',
    packet(0x10, string('MQIsdp'), [3, 2, 0, 60], string('x')),
    'strong',
  ],
  ['a connect that has only begun', CONNECT.subarray(0, 6), 'incomplete'],
  ['wrong flags', packet(0x21, [0, 0]), 'no'],
  ['another name', packet(0x10, string('MQTX'), [4, 2, 0, 60], string('x')), 'no'],
  ['text', bytesOf('GET / HTTP/1.1\r\n\r\n'), 'no'],
])('%s: %s', (_case, message, likeness) => {
  expect(readMessage(mqtt, message, testContext({ serverPort: 9999 })).likeness).toBe(likeness)
})

test('a packet in mid-stream is likely by its port or its topic, and a ping by its bytes', () => {
  const likenessOn = (serverPort: number) =>
    readMessage(mqtt, PUBLISH, testContext({ serverPort })).likeness
  expect([likenessOn(1883), likenessOn(9999)]).toEqual(['weak', 'weak'])
  const likenessOf = (...bytes: number[]) =>
    readMessage(mqtt, bytesOf(bytes), testContext({ serverPort: 9999 })).likeness
  expect([likenessOf(0xc0, 0), likenessOf(0xd0, 0)]).toEqual(['weak', 'weak'])
  // An LDAP message begins with the same byte; a topic has no control characters.
  expect(likenessOf(0x30, 5, 2, 1, 1, 0x42, 0)).toBe('no')
  expect(likenessOf(0x30, 4, 0, 2, 1, 2)).toBe('no')
  expect([likenessOf(0xc0, 0, 0), likenessOf(0x90, 0)]).toEqual(['no', 'no'])
})

test('knows where a packet ends', () => {
  const long = packet(0x30, string('t'), new Uint8Array(300))
  expect(readMessage(mqtt, bytesOf(long, CONNACK)).length).toBe(long.length)
  expect(readMessage(mqtt, long.subarray(0, 1)).length).toBe(0)
  expect(readMessage(mqtt, bytesOf(0x30, 0x80)).length).toBe(0)
  expect(readMessage(mqtt, bytesOf(0x30, [0xff, 0xff, 0xff, 0xff, 1])).length).toBe(-1)
})
