import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { be16, bytesOf } from '../testing/frames.ts'
import {
  bacnetMessage,
  between,
  context,
  DEVICE,
  FOREIGN,
  FORWARDED_I_AM,
  FROM_STATION,
  I_AM,
  I_HAVE,
  iAm,
  objectId,
  opening,
  READ_MULTIPLE_ACK,
  READ_PROPERTY_ACK,
  ROUTED_I_AM,
  ROUTER,
  text,
  WRITE,
} from '../testing/samples/bacnet.ts'
import { bacnet } from './bacnet.ts'

const said = (message: Uint8Array) =>
  readMessage(bacnet, message).facts.map(({ subject, field, value }) => {
    const who = typeof subject === 'string' ? subject : subject.ip
    return `${who} ${field.slice('bacnet.'.length)}=${value}`
  })

test('a device says its number and maker', () => {
  expect(said(I_AM)).toEqual([
    'client service=i-am',
    'client device-instance=3001',
    'client vendor-id=5',
  ])
})

test('a forwarded broadcast is about the host it was forwarded for', () => {
  expect(said(FORWARDED_I_AM)).toEqual([
    '10.8.0.9 service=i-am',
    '10.8.0.9 device-instance=3001',
    '10.8.0.9 vendor-id=5',
  ])
})

test('a station behind a router is not the router', () => {
  expect(said(ROUTED_I_AM)).toEqual(['client routed-device=2001:05 device 3001 vendor 5'])
  const answer = bacnetMessage(
    0x0a,
    FROM_STATION,
    [0x30, 1, 12],
    context(0, objectId(DEVICE, 3001)),
    context(1, 70),
    between(3, text('FEC2611')),
  )
  expect(said(answer)).toEqual([])
})

test('a device is known by the name of its device object', () => {
  expect(said(I_HAVE)).toEqual([
    'client service=i-have',
    'client device-instance=3001',
    'client object-name=AHU-ICU',
  ])
})

test('an answered property of the device is kept', () => {
  expect(said(READ_PROPERTY_ACK)).toEqual([
    'client device-instance=3001',
    'client model-name=MS-NAE4510-2',
  ])
})

test('of many answered properties those of the device are kept, past lists and errors', () => {
  expect(said(READ_MULTIPLE_ACK)).toEqual([
    'client device-instance=3001',
    'client vendor-name=JCI',
    'client vendor-id=5',
    'client firmware-revision=5.1.0.4400',
    'client serial-number=NAE\u03a9',
  ])
})

test('the number for any device is nobody', () => {
  expect(said(bacnetMessage(0x0b, [1, 0], iAm(0x3fffff)))).toEqual([
    'client service=i-am',
    'client vendor-id=5',
  ])
})

test('who commands, and who joins from another network, is remembered', () => {
  expect(said(WRITE)).toEqual(['client service=write-property'])
  expect(said(FOREIGN)).toEqual(['client service=register-foreign-device'])
})

test('a router tells its networks', () => {
  expect(said(ROUTER)).toEqual(['client router-network=2001', 'client router-network=2002'])
})

test('a later segment is not read as a list', () => {
  const segment = bacnetMessage(0x0a, [1, 0], [0x38, 1, 3, 4, 12], context(0, objectId(DEVICE, 7)))
  expect(said(segment)).toEqual([])
})

test('lists within lists come to an end', () => {
  const deep = bytesOf(...Array.from({ length: 1400 }, () => opening(4)))
  const message = bacnetMessage(
    0x0a,
    [1, 0],
    [0x30, 2, 14],
    context(0, objectId(DEVICE, 3001)),
    opening(1),
    context(2, 44),
    deep,
  )
  expect(said(message)).toEqual(['client device-instance=3001'])
})

test.each([
  ['a message', I_AM, 'strong'],
  ['a forwarded one', FORWARDED_I_AM, 'strong'],
  ['bytes after its end', bytesOf(I_AM, 0), 'weak'],
  ['an unknown function', bytesOf([0x81, 0x7f], be16(4)), 'no'],
  ['another network version', bacnetMessage(0x0b, [2, 0], iAm(1)), 'no'],
])('%s: %s', (_case, message, likeness) => {
  expect(readMessage(bacnet, message, testContext({ serverPort: 9999 })).likeness).toBe(likeness)
})
