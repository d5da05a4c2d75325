import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { ANNOUNCE, ptpMessage, SYNC } from '../testing/samples/ptp.ts'
import { ptp, ptpEthernet } from './ptp.ts'

test('a clock says who it is and who leads', () => {
  expect(converse(ptp, [['client', ANNOUNCE]]).lines).toEqual([
    'client ptp.message announce',
    'client ptp.domain 7',
    'client ptp.clock-identity 001a22fffe03cbbe',
    'client ptp.clock-mac 00:1a:22:03:cb:be',
    'client ptp.grandmaster 001a22fffe03cbbe',
    'client ptp.grandmaster-class 6',
    'client ptp.grandmaster-priority 128',
    'client ptp.time-source gnss',
  ])
  expect(converse(ptpEthernet, [['client', SYNC]]).lines).toHaveLength(4)
})

test.each([
  ['a sync on its port', SYNC, 319, 'strong'],
  ['the same elsewhere', SYNC, 9999, 'no'],
  ['version 1', ptpMessage(0, new Uint8Array(10), 1), 319, 'no'],
  ['an announcement that is too short', ptpMessage(0x0b, new Uint8Array(10)), 320, 'no'],
  ['a length past the end', SYNC.subarray(0, 40), 319, 'no'],
])('%s', (_case, message, serverPort, likeness) => {
  expect(readMessage(ptp, message, testContext({ serverPort })).likeness).toBe(likeness)
})
