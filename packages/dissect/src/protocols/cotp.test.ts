import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { connection, negotiation } from '../testing/samples/rdp.ts'
import {
  COMPONENTS,
  connect,
  data,
  FILE_OPEN,
  IDENTITY,
  listAnswer,
  MODULES,
  PLUS_CREATE,
  PLUS_CREATED,
  READ_LIST,
  s7,
  SESSION,
  SESSION_IDENTIFY,
  SESSION_IDENTITY,
  SETUP,
  START,
} from '../testing/samples/tpkt.ts'
import { cotp } from './cotp.ts'
import { mms } from './mms.ts'
import { s7comm } from './s7comm.ts'
import { s7commPlus } from './s7comm-plus.ts'

test.each([
  ['s7comm', SETUP, ['client s7comm.function setup-communication']],
  [
    's7comm-plus',
    PLUS_CREATE,
    ['client s7comm-plus.version 1', 'client s7comm-plus.function create-object'],
  ],
  ['mms', SESSION, []],
  ['mms', FILE_OPEN, ['client mms.service file-open']],
] as const)('a connection is %s by its first message', (protocol, first, facts) => {
  const { lines, became } = converse(
    cotp,
    [
      ['client', connect(0xe0, [1, 0], 'SIMATIC-ROOT-HMI')],
      ['server', connect(0xd0, [1, 0], 'SIMATIC-ROOT-HMI')],
      ['client', data(bytesOf(first).slice(0, 8), false)],
      ['client', data(bytesOf(first).slice(8))],
    ],
    {},
    9,
  )
  expect(lines).toEqual([
    'client cotp.calling-tsap 0100',
    'server cotp.called-tsap SIMATIC-ROOT-HMI',
    ...facts,
  ])
  expect(became).toEqual([protocol])
})

test('other applications leave it what it is', () => {
  const { lines, became } = converse(cotp, [['client', data('\x10\x20\x30\x40')]])
  expect(lines).toEqual([])
  expect(became).toEqual([])
})

test('a connection may go on in the newer protocol', () => {
  const { lines, carried } = converse(s7comm, [
    ['client', data(SETUP)],
    ['client', data(PLUS_CREATE)],
    ['client', data(SETUP)],
  ])
  expect(lines).toEqual([
    'client s7comm.function setup-communication',
    'client s7comm-plus.version 1',
    'client s7comm-plus.function create-object',
    'client s7comm.function setup-communication',
  ])
  expect(carried).toEqual(['s7comm-plus'])
})

test('a Siemens module says what it is, in one answer or several', () => {
  const expected = [
    'server s7comm.station-name AHU plant',
    'server s7comm.serial S C-B1U393142011',
    'server s7comm.module-type CPU 315-2 PN/DP',
  ]
  const whole = converse(s7comm, [
    ['client', data(READ_LIST)],
    ['server', data(listAnswer(false, COMPONENTS))],
  ])
  expect(whole.lines).toEqual(['client s7comm.function read-system-status', ...expected])
  const parts = converse(s7comm, [
    ['server', data(listAnswer(true, COMPONENTS.slice(0, 50)))],
    ['server', data(listAnswer(false, COMPONENTS.slice(50)))],
  ])
  expect(parts.lines).toEqual(expected)
  expect(converse(s7comm, [['server', data(listAnswer(false, MODULES))]]).lines).toEqual([
    'server s7comm.order-number 6ES7 315-2EH14-0AB0',
    'server s7comm.hardware-version 3',
    'server s7comm.firmware-version 3.2.7',
  ])
})

test('other lists of the system status are not read', () => {
  const other = bytesOf(COMPONENTS).map((byte, at) => (at === 1 ? 0x31 : byte))
  expect(converse(s7comm, [['server', data(listAnswer(false, other))]]).lines).toEqual([])
})

test('commands to a controller are told', () => {
  const { lines } = converse(s7comm, [
    ['client', data(START)],
    ['client', data(s7(1, [0x29, 0, 0, 0, 0, 0, 9]))],
    ['client', data(s7(1, [5, 1]))],
  ])
  expect(lines).toEqual([
    'client s7comm.function plc-control',
    'client s7comm.plc-service P_PROGRAM',
    'client s7comm.function plc-stop',
    'client s7comm.function write-variable',
  ])
})

test('an S7-1500 names itself where a session begins', () => {
  expect(converse(s7commPlus, [['server', data(PLUS_CREATED)]]).lines).toEqual([
    'server s7comm-plus.version 1',
    'server s7comm-plus.order-number 6ES7 511-1AK00-0AB0',
    'server s7comm-plus.firmware-version 1.8',
  ])
})

test('an MMS server identifies itself, in a session or bare', () => {
  const expected = [
    'server mms.vendor SIEMENS',
    'server mms.model 7SJ64',
    'server mms.revision V4.62',
  ]
  const { lines } = converse(mms, [
    ['client', data(SESSION_IDENTIFY)],
    ['server', data(SESSION_IDENTITY)],
  ])
  expect(lines).toEqual(['client mms.service identify', ...expected])
  expect(converse(mms, [['server', data(IDENTITY)]]).lines).toEqual(expected)
})

test.each([
  ['a connection', cotp, connect(0xe0, [1, 0], [1, 2]), 'strong'],
  ['the same of RDP', cotp, connection(0xe0, negotiation(1, 1)), 'no'],
  ['S7comm', cotp, data(SETUP), 'no'],
  ['S7comm', s7comm, data(SETUP), 'strong'],
  ['S7comm cut', s7comm, data(SETUP).slice(0, 9), 'incomplete'],
  ['S7comm-plus', s7comm, data(PLUS_CREATE), 'no'],
  ['S7comm-plus', s7commPlus, data(PLUS_CREATE), 'strong'],
  ['S7comm', s7commPlus, data(SETUP), 'no'],
  ['MMS in a session', mms, data(SESSION_IDENTIFY), 'strong'],
  ['its session', mms, data(SESSION), 'strong'],
  ['another session', mms, data(SESSION.slice(0, -1)), 'no'],
  ['S7comm', mms, data(SETUP), 'no'],
] as const)('%s as %o', (_case, dissector, message, likeness) => {
  expect(readMessage(dissector, message).likeness).toBe(likeness)
})

test('is framed by its own length', () => {
  expect(readMessage(cotp, data(SETUP)).length).toBe(data(SETUP).length)
  expect(readMessage(cotp, bytesOf(3, 0)).length).toBe(0)
  expect(readMessage(cotp, bytesOf(3, 0, 0, 4)).length).toBe(-1)
})
