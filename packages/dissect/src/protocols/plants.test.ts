import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  BSAP_REQUEST,
  BSAP_RESPONSE,
  CYCLE,
  lon,
  LON_DATA,
  RETURN,
  SRTP_ANSWER,
  SRTP_TYPE,
  SRTP_WRITE,
} from '../testing/samples/plants.ts'
import { bsap } from './bsap.ts'
import { ethercat } from './ethercat.ts'
import { geSrtp } from './ge-srtp.ts'
import { lontalk } from './lontalk.ts'

test('the master of EtherCAT is told by frames that no station has passed', () => {
  expect(converse(ethercat, [['client', CYCLE]]).lines).toEqual([
    'client ethercat.role master',
    'client ethercat.command LRW',
    'client ethercat.command BRD',
  ])
  expect(converse(ethercat, [['client', RETURN]]).lines).toEqual([])
})

test.each([Infinity, 17])('services asked of a GE controller, in pieces of %d', (piece) => {
  const { lines } = converse(
    geSrtp,
    [
      ['client', SRTP_TYPE],
      ['server', SRTP_ANSWER],
      ['client', SRTP_WRITE],
    ],
    {},
    piece,
  )
  expect(lines).toEqual([
    'client ge-srtp.service read-controller-type',
    'client ge-srtp.service write-memory',
  ])
})

test('LonTalk tells kind and vendor, BSAP who asks', () => {
  expect(converse(lontalk, [['client', LON_DATA]]).lines).toEqual([
    'client lontalk.sends data',
    'client lontalk.vendor-code 1234',
  ])
  const { lines } = converse(bsap, [
    ['client', BSAP_REQUEST],
    ['server', BSAP_RESPONSE],
  ])
  expect(lines).toEqual(['client bsap.message request', 'server bsap.message response'])
})

test.each([
  ['EtherCAT', ethercat, CYCLE, 'strong'],
  ['another kind', ethercat, CYCLE.map((byte, at) => (at === 1 ? byte | 0x20 : byte)), 'no'],
  ['a service', geSrtp, SRTP_TYPE, 'weak'],
  ['one of unknown kind', geSrtp, SRTP_TYPE.map((byte, at) => (at === 31 ? 1 : byte)), 'no'],
  ['LonTalk', lontalk, LON_DATA, 'weak'],
  ['with something behind it', lontalk, bytesOf(lon(1), 0), 'no'],
  ['BSAP', bsap, BSAP_REQUEST, 'weak'],
  ['an unknown function', bsap, bytesOf([0x0e, 0, 1, 0, 9, 0]), 'no'],
] as const)('%s', (_case, dissector, message, likeness) => {
  expect(readMessage(dissector, message).likeness).toBe(likeness)
})
