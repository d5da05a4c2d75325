import { expect, test } from 'vitest'
import type { Side } from '../dissector.ts'
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
  const isConsumed = (from: Side, message: Uint8Array) => {
    Object.assign(context, { from, hasDoubt: false })
    return readMessage(tftp, message, context).isConsumed
  }
  expect(isConsumed('client', data(1))).toBe(true)
  expect(context.hasDoubt).toBe(true)
  expect(isConsumed('server', acknowledge(1))).toBe(true)
  expect(context.hasDoubt).toBe(false)
  expect(isConsumed('client', data(2))).toBe(true)
  expect(isConsumed('server', acknowledge(7))).toBe(false)
  expect(isConsumed('client', acknowledge(2))).toBe(false)
  expect(isConsumed('server', data(3))).toBe(false)
})

test('who takes a file acknowledges the request, and then the blocks', () => {
  const context = testContext()
  const isBelieved = (from: Side, message: Uint8Array) => {
    Object.assign(context, { from, hasDoubt: false })
    return readMessage(tftp, message, context).isConsumed && !context.hasDoubt
  }
  expect(isBelieved('client', acknowledge(0))).toBe(false)
  expect(isBelieved('server', data(1))).toBe(true)
  expect(isBelieved('server', data(1))).toBe(false)
  expect(isBelieved('client', acknowledge(1))).toBe(true)
})

test('a block that comes again does not make a transfer more believable', () => {
  const context = testContext()
  readMessage(tftp, data(1), context)
  context.hasDoubt = false
  expect(readMessage(tftp, data(1), context).isConsumed).toBe(true)
  expect(context.hasDoubt).toBe(true)
  expect(readMessage(tftp, bytesOf(be16(0), be16(1)), context).isConsumed).toBe(false)
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
