import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromBase64 } from './base64.ts'

test('reads what an independent implementation writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(fromBase64(Buffer.from(bytes).toString('base64'))).toEqual(bytes)
    }),
  )
})

test('ends at what is no Base64, and at the bound', () => {
  expect(fromBase64('QUJD!QUJD')).toEqual(Uint8Array.of(65, 66, 67))
  expect(fromBase64('QUJD'.repeat(100), 10)).toHaveLength(10)
})
