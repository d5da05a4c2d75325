import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cursor } from '../cursor.ts'
import { bytesOf, hex } from '../testing/frames.ts'
import {
  BER,
  berElements,
  berInteger,
  berMessageLength,
  berOid,
  expectBer,
  readBer,
} from './ber.ts'

const over = (text: string) => new Cursor(hex(text))

test('walks elements with short and long lengths', () => {
  const list = bytesOf([0x02, 1, 5], [0x04, 0x81, 2], 'ab', [0x30, 0x82, 0, 0])
  const found = [...berElements(new Cursor(list))].map(({ tag, body }) => [tag, body.remaining])
  expect(found).toEqual([
    [0x02, 1],
    [0x04, 2],
    [0x30, 0],
  ])
})

test('gives no more elements than asked for', () => {
  expect([...berElements(over('0500 0500 0500'), 2)]).toHaveLength(2)
})

test.each([
  ['an indefinite length', '30 80 00 00'],
  ['a length of five bytes', '30 85 0000000001 00'],
  ['contents that are not there', '04 05 61'],
  ['nothing', ''],
])('%s fails the list', (_case, text) => {
  const list = over(text)
  expect(readBer(list).body.ok).toBe(false)
  expect(list.ok).toBe(false)
})

test('another element than expected is a failed cursor', () => {
  expect(expectBer(over('04 01 61'), BER.sequence).ok).toBe(false)
})

test.each([
  ['00', 0],
  ['7f', 127],
  ['0080', 128],
  ['ff', -1],
  ['ff7f', -129],
  ['0100000000', 4_294_967_296],
])('integer %s is %i', (text, value) => {
  expect(berInteger(over(text))).toBe(value)
})

test.each([
  ['2b 06 01 02 01 01 01 00', '1.3.6.1.2.1.1.1.0'],
  ['2b 06 01 04 01 82 37', '1.3.6.1.4.1.311'],
  ['88 37 03', '2.999.3'],
  ['28', '1.0'],
  ['2b 86', ''],
])('object identifier %s is %s', (text, oid) => {
  expect(berOid(over(text))).toBe(oid)
})

test.each([
  ['30 03 020101', 5],
  ['30 82 0100', 260],
  ['30', 0],
  ['30 82 01', 0],
  ['30 80', -1],
  ['30 88', -1],
])('the element %s is %i bytes long', (text, length) => {
  expect(berMessageLength(over(text))).toBe(length)
})

test('any bytes are read to an end', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
    for (const { body } of berElements(new Cursor(bytes))) {
      if (body.end > bytes.length) return false
      berOid(new Cursor(bytes, body.position, body.end))
      berInteger(body)
    }
    return berMessageLength(new Cursor(bytes)) >= -1
  })
  expect(fc.check(property).failed).toBe(false)
})
