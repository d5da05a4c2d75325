import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  CAPABILITIES,
  CAPABILITIES_REQUEST,
  command,
  DEVICE,
  DEVICE_REQUEST,
  ENCRYPTED,
  OPEN_ANSWER,
  OPEN_REQUEST,
  OPEN_WITHOUT_KEY,
  PING,
  plus,
  PONG,
  REFUSED,
  rmcp,
  session,
  USER,
} from '../testing/samples/ipmi.ts'
import { ipmi } from './ipmi.ts'

const answered = (message: Uint8Array) => converse(ipmi, [['server', message]]).lines

test('a controller says how it lets one in', () => {
  const said = converse(ipmi, [
    ['client', PING],
    ['server', PONG],
    ['client', CAPABILITIES_REQUEST],
    ['server', CAPABILITIES],
  ])
  expect(said.lines).toEqual([
    'client ipmi.request presence',
    'client ipmi.request authentication-capabilities',
    'server ipmi.authentication md2',
    'server ipmi.authentication md5',
    'server ipmi.authentication password',
    'server ipmi.login null-user',
    'server ipmi.login named-user',
    'server ipmi.version 1.5',
    'server ipmi.version 2.0',
  ])
})

test('and which it is', () => {
  const said = converse(ipmi, [
    ['client', DEVICE_REQUEST],
    ['server', DEVICE],
  ])
  expect(said.lines).toEqual([
    'client ipmi.request device-id',
    'server ipmi.firmware 2.60',
    'server ipmi.version 2.0',
    'server ipmi.manufacturer-id 10876',
    'server ipmi.product-id 2404',
  ])
})

test('a session of RMCP+ says by which algorithms', () => {
  const said = converse(ipmi, [
    ['client', OPEN_REQUEST],
    ['server', OPEN_ANSWER],
    ['client', USER],
    ['client', ENCRYPTED],
  ])
  expect(said.lines).toEqual([
    'client ipmi.request open-session',
    'server ipmi.version 2.0',
    'server ipmi.authentication rakp-hmac-sha1',
    'server ipmi.encryption aes-cbc-128',
  ])
  expect(answered(OPEN_WITHOUT_KEY)).toContain('server ipmi.authentication rakp-none')
  expect(answered(REFUSED)).toEqual([])
})

test('an answer that was not asked for the extended form says nothing of versions', () => {
  const short = session(command(7, 0x38, 0, [1, 0x15, 0x01, 3], new Uint8Array(4)))
  expect(answered(short)).toEqual([
    'server ipmi.authentication none',
    'server ipmi.authentication md5',
    'server ipmi.authentication password',
    'server ipmi.login anonymous',
  ])
})

test('an error and a damaged message tell nothing', () => {
  expect(answered(session(command(7, 1, 0xc1, new Uint8Array(11).fill(1))))).toEqual([])
  expect(answered(session(command(7, 1, 0, [0x20, 1, 2])))).toEqual([])
  const damaged = CAPABILITIES.slice()
  damaged[20]! ^= 1
  expect(answered(damaged)).toEqual([])
  expect(readMessage(ipmi, damaged).isConsumed).toBe(false)
})

test('an acknowledgement is the header alone', () => {
  expect(readMessage(ipmi, rmcp(0x86)).isConsumed).toBe(true)
  expect(readMessage(ipmi, rmcp(0x86, 0)).isConsumed).toBe(false)
})

const DAMAGED = CAPABILITIES_REQUEST.slice()
DAMAGED[DAMAGED.length - 1]! ^= 1
const DAMAGED_HEAD = CAPABILITIES_REQUEST.slice()
DAMAGED_HEAD[16]! ^= 1

test.each([
  ['a presence ping', PING, 9999, 'strong'],
  ['a ping with more behind', bytesOf(PING, 0), 623, 'no'],
  ['a request', CAPABILITIES_REQUEST, 9999, 'strong'],
  ['a request with a byte of padding', bytesOf(CAPABILITIES_REQUEST, 0), 623, 'strong'],
  ['a wrong sum', DAMAGED, 623, 'no'],
  ['a wrong sum of the head', DAMAGED_HEAD, 623, 'no'],
  ['a request cut short', CAPABILITIES_REQUEST.subarray(0, 20), 623, 'no'],
  ['a session', DEVICE_REQUEST, 623, 'strong'],
  ['a session whose sums do not fit', session(new Uint8Array(9).fill(1), 2), 623, 'no'],
  ['RMCP+', OPEN_REQUEST, 623, 'strong'],
  ['RMCP+ elsewhere', OPEN_REQUEST, 9999, 'weak'],
  ['a payload that does not exist', plus(0x1f, bytesOf(1)), 623, 'no'],
  ['a handshake with more behind', bytesOf(OPEN_REQUEST, 0), 623, 'no'],
  ['another class', rmcp(5, new Uint8Array(20)), 623, 'no'],
])('%s', (_case, message, serverPort, likeness) => {
  expect(readMessage(ipmi, message, testContext({ serverPort })).likeness).toBe(likeness)
})
