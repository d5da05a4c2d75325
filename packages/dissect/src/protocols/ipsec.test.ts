import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { be32, bytesOf } from '../testing/frames.ts'
import { ESP, INIT, isakmp, MAIN } from '../testing/samples/ipsec.ts'
import { ipsec } from './ipsec.ts'

test('version, exchange and who made it', () => {
  expect(converse(ipsec, [['client', MAIN]]).lines).toEqual([
    'client ipsec.ike-version 1',
    'client ipsec.exchange main',
    'client ipsec.vendor-id cisco-unity',
    'client ipsec.vendor-id 00112233445566778899aabbccddeeff',
  ])
  expect(converse(ipsec, [['client', bytesOf(be32(0), INIT)]]).lines).toEqual([
    'client ipsec.ike-version 2',
    'client ipsec.exchange ike-sa-init',
    'client ipsec.vendor-id strongswan',
  ])
})

test.each([
  ['main mode', MAIN, 500, 'strong'],
  ['behind the marker', bytesOf(be32(0), INIT), 4500, 'strong'],
  ['ESP on its port', ESP, 4500, 'weak'],
  ['ESP elsewhere', ESP, 9999, 'no'],
  ['a keep-alive', bytesOf(0xff), 4500, 'weak'],
  ['an exchange of the other version', isakmp(0, 2, 2, []), 500, 'no'],
  ['a header without cookie', bytesOf(be32(0), be32(0), MAIN.subarray(8)), 500, 'weak'],
  ['another length', bytesOf(MAIN, 0), 500, 'no'],
])('%s', (_case, message, serverPort, likeness) => {
  expect(readMessage(ipsec, message, testContext({ serverPort })).likeness).toBe(likeness)
})
