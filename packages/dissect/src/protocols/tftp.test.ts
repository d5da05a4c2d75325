import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { be16, bytesOf } from '../testing/frames.ts'
import { acknowledge, data, READ } from '../testing/samples/tftp.ts'
import { tftp } from './tftp.ts'

test('a telephone loads its configuration', () => {
  expect(converse(tftp, [['client', READ]]).lines).toEqual([
    'client tftp.reads SEP001122334455.cnf.xml',
  ])
  const write = bytesOf(be16(2), 'log.txt\0netascii\0')
  expect(converse(tftp, [['client', write]]).lines).toEqual(['client tftp.writes log.txt'])
})

test('blocks and acknowledgements must go together', () => {
  const context = testContext()
  const isConsumed = (message: Uint8Array) => readMessage(tftp, message, context).isConsumed
  expect(isConsumed(data(1))).toBe(true)
  expect(context.hasDoubt).toBe(true)
  expect(isConsumed(acknowledge(1))).toBe(true)
  expect(isConsumed(data(2))).toBe(true)
  expect(isConsumed(acknowledge(7))).toBe(false)
})

test.each([
  ['a request', READ, 'strong'],
  ['a request of no mode', bytesOf(be16(1), 'x\0y\0'), 'no'],
  ['a request without its end', bytesOf(be16(1), 'x\0octet'), 'no'],
  ['the first block', data(1), 'weak'],
  ['a later block', data(9), 'no'],
  ['an answer to options', bytesOf(be16(6), 'blksize\x001468\0'), 'strong'],
  ['an answer to options that none has', bytesOf(be16(6), 'size\x001468\0'), 'no'],
  ['a long acknowledgement', bytesOf(acknowledge(1), 0), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(tftp, message).likeness).toBe(likeness)
})
