import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  IDENTIFY,
  IDENTITY,
  modbusFrame,
  READ,
  READ_ANSWER,
  REFUSAL,
  SERVER_ID,
  UMAS_IDENTIFY,
  UMAS_IDENTITY,
  WRITE,
} from '../testing/samples/modbus.ts'
import { modbus } from './modbus.ts'

test('tells what a controller says it is', () => {
  const { lines } = converse(modbus, [
    ['client', IDENTIFY],
    ['server', IDENTITY],
    ['server', SERVER_ID],
    ['server', UMAS_IDENTITY],
    ['client', UMAS_IDENTIFY],
    ['server', UMAS_IDENTITY],
  ])
  expect(lines).toEqual([
    'server modbus.unit 1',
    'client modbus.function read-device-identification',
    'server modbus.vendor Schneider Electric',
    'server modbus.product-code BMX P34 2020',
    'server modbus.revision v2.6',
    'server modbus.server-id AHU-200',
    'server modbus.unit 0',
    'client modbus.function umas',
    'server modbus.umas-cpu 140 CPU 311 10',
  ])
})

test('tells what is asked for and refused, in segments of any size', () => {
  const said = [
    ['client', READ],
    ['server', READ_ANSWER],
    ['client', WRITE],
    ['server', REFUSAL],
  ] as const
  const expected = [
    'server modbus.unit 1',
    'client modbus.function read-holding-registers',
    'client modbus.function write-registers',
    'server modbus.exception write-registers: illegal data address',
  ]
  expect(converse(modbus, said).lines).toEqual(expected)
  expect(converse(modbus, said, {}, 3).lines).toEqual(expected)
})

test('the side on port 502 answers, whoever spoke first in the capture', () => {
  const { lines } = converse(modbus, [['client', REFUSAL]], { clientPort: 502, serverPort: 50_000 })
  expect(lines).toContain('client modbus.exception write-registers: illegal data address')
})

test('additional data that is no text is not told', () => {
  const { lines } = converse(modbus, [['server', modbusFrame([17, 4, 1, 0xff, 0x80, 0x41])]])
  expect(lines).toEqual(['server modbus.unit 1'])
})

test.each([
  ['a read', READ, 'strong'],
  ['an answer', READ_ANSWER, 'strong'],
  ['two reads at once', bytesOf(READ, READ), 'weak'],
  ['an error', REFUSAL, 'weak'],
  ['half a read', READ.slice(0, 9), 'incomplete'],
  ['a length that does not fit the function', modbusFrame([3, 1, 2, 3]), 'no'],
  ['an unknown function', modbusFrame([99, 1]), 'no'],
  ['zeros', new Uint8Array(12), 'no'],
  ['text', bytesOf('GET / HTTP/1.1\r\n'), 'no'],
] as const)('%s', (_case, message, likeness) => {
  expect(readMessage(modbus, message).likeness).toBe(likeness)
})

test('is framed by its own length', () => {
  expect(readMessage(modbus, READ).length).toBe(12)
  expect(readMessage(modbus, READ.slice(0, 4)).length).toBe(0)
  expect(readMessage(modbus, bytesOf('GET / HTTP')).length).toBe(-1)
})
