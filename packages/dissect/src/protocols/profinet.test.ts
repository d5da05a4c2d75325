import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  CLOCK,
  CONNECT,
  CYCLIC,
  dcp,
  IDENTIFICATION,
  IDENTITY,
  SET,
} from '../testing/samples/profinet.ts'
import { profinet } from './profinet.ts'
import { profinetIo } from './profinet-io.ts'

test('tells what a device says it is', () => {
  expect(converse(profinet, [['client', IDENTITY]]).lines).toEqual([
    'client profinet.station-type S7-1200',
    'client profinet.station-name plc-ahu-3',
    'client profinet.vendor-id 002a',
    'client profinet.device-id 010d',
    'client profinet.role IO controller',
    'client profinet.address 10.30.0.4',
    'client profinet.gateway 10.30.0.1',
  ])
})

test('tells who gives a device its name and address, or resets it', () => {
  expect(converse(profinet, [['client', SET]]).lines).toEqual([
    'client profinet.sets name',
    'server profinet.station-name pump-1',
    'client profinet.sets address',
    'server profinet.address 10.30.0.9',
    'client profinet.sets factory reset',
  ])
})

test('cyclic data says who takes part, and a request for identities says nothing', () => {
  expect(converse(profinet, [['client', CYCLIC]]).lines).toEqual([
    'client profinet.sends cyclic data',
  ])
  expect(converse(profinet, [['client', dcp(0xfefe, 5, 0, [255, 255, 0, 0])]]).lines).toEqual([])
})

test('a call and its answer tell device and controller, in both orders of octets', () => {
  const { lines } = converse(profinetIo, [
    ['client', CONNECT],
    ['server', IDENTIFICATION],
  ])
  expect(lines).toEqual([
    'server profinet.vendor-id 015a',
    'server profinet.device-id 0003',
    'client profinet.role IO controller',
    'client profinet.station-name plc-main',
    'server profinet.vendor-id 015a',
    'server profinet.device-id 0003',
    'server profinet.order-number 6ES7 215-1AG40-0XB0',
    'server profinet.serial S C-X4U421302009',
    'server profinet.hardware-revision 4',
    'server profinet.software-revision V4.2.1',
  ])
})

test.each([
  ['an identity', profinet, IDENTITY, 'strong'],
  ['clock synchronisation', profinet, CLOCK, 'no'],
  ['a call', profinetIo, CONNECT, 'strong'],
  ['a call of another interface', profinetIo, bytesOf([4, 0], new Uint8Array(100)), 'no'],
] as const)('%s', (_case, dissector, message, likeness) => {
  expect(readMessage(dissector, message).likeness).toBe(likeness)
})
