import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  ACKNOWLEDGE,
  ASSOCIATE,
  ASSOCIATED,
  IDENTIFY,
  IN_HDLC,
  INDICATION,
  POLL,
  ROC_LOGIN,
  ROC_READ,
  wrapped,
  WRITE,
} from '../testing/samples/meters.ts'
import { c1222, c1222Udp } from './c1222.ts'
import { dlms, dlmsUdp } from './dlms.ts'
import { genisys } from './genisys.ts'
import { rocPlus } from './roc-plus.ts'

const damaged = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, place) => (place === at ? byte ^ 4 : byte))

test.each([
  ['the wrapper', wrapped(ASSOCIATE)],
  ['HDLC', IN_HDLC],
])('a DLMS association in %s tells who and how, not the password', (_case, message) => {
  const { lines } = converse(
    dlms,
    [
      ['client', message],
      ['server', wrapped(ASSOCIATED)],
    ],
    {},
    11,
  )
  expect(lines).toEqual([
    'client dlms.service associate',
    'client dlms.system-title 0000000000000001',
    'client dlms.authentication GMAC',
    'server dlms.system-title 4b464d1020304050',
    'server dlms.manufacturer KFM',
  ])
})

test('an electricity meter of ANSI C12.22 is told by its title', () => {
  const expected = ['server c1222.ap-title .2000.7', 'client c1222.ap-title 2.16.124.113620.1']
  expect(converse(c1222, [['client', IDENTIFY]], {}, 9).lines).toEqual([
    ...expected,
    'client c1222.service identify',
  ])
  expect(converse(c1222Udp, [['client', WRITE]]).lines).toEqual([
    ...expected,
    'client c1222.service write',
  ])
})

test('a flow computer tells addresses and operations, not its login', () => {
  const { lines } = converse(rocPlus, [
    ['client', ROC_READ],
    ['client', ROC_LOGIN],
  ])
  expect([...new Set(lines)]).toEqual([
    'client roc-plus.address 3/4',
    'server roc-plus.address 1/2',
    'client roc-plus.operation read-configurable-data',
    'client roc-plus.operation login',
  ])
})

test('railway signals tell stations and messages', () => {
  const { lines } = converse(genisys, [
    ['client', POLL],
    ['server', bytesOf(ACKNOWLEDGE, INDICATION)],
  ])
  expect(lines).toEqual([
    'client genisys.message poll',
    'server genisys.station 1',
    'server genisys.message acknowledge',
    'server genisys.message indication-data',
  ])
})

test.each([
  ['HDLC', dlms, IN_HDLC, 'strong'],
  ['HDLC whose check is wrong', dlms, damaged(IN_HDLC, 12), 'no'],
  ['an association', dlmsUdp, wrapped(ASSOCIATE), 'strong'],
  ['a get', dlmsUdp, wrapped([0xc0, 1, 0xc1]), 'weak'],
  ['an unknown service', dlmsUdp, wrapped([0x77, 1, 0xc1]), 'no'],
  ['an identify', c1222, IDENTIFY, 'strong'],
  ['one with something behind it', c1222Udp, bytesOf(IDENTIFY, 0), 'no'],
  ['another message of BER', c1222, bytesOf(0x60, 2, 0x06, 0), 'no'],
  ['a read of ROC Plus', rocPlus, ROC_READ, 'strong'],
  ['one whose check is wrong', rocPlus, damaged(ROC_READ, 6), 'no'],
  ['a poll', genisys, POLL, 'strong'],
  ['a poll whose check is wrong', genisys, damaged(POLL, 1), 'no'],
  ['an acknowledgement', genisys, ACKNOWLEDGE, 'weak'],
] as const)('%s', (_case, dissector, message, likeness) => {
  expect(readMessage(dissector, message).likeness).toBe(likeness)
})
