import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { be16, be32, bytesOf } from '../testing/frames.ts'
import { COMPOUND, REPORT } from '../testing/samples/rtcp.ts'
import { rtcp } from './rtcp.ts'

test('the tool is told, the name beside it is not', () => {
  expect(converse(rtcp, [['client', COMPOUND]]).lines).toEqual(['client rtcp.tool CallServer 2.1'])
})

test.each([
  ['a compound packet', COMPOUND, 'strong'],
  ['a report alone', REPORT, 'weak'],
  ['a report with octets of encryption behind', bytesOf(REPORT, new Uint8Array(14)), 'weak'],
  ['a compound packet with something behind', bytesOf(COMPOUND, 1, 2, 3, 4), 'no'],
  ['a description alone', COMPOUND.subarray(8), 'no'],
  ['a report too short for its blocks', bytesOf(0x81, 201, be16(1), be32(7)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(rtcp, message).likeness).toBe(likeness)
})
