import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { md5, sha256 } from './digest.ts'

test.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
])('MD5 of %j is that of RFC 1321', (text, digest) => expect(md5(text)).toBe(digest))

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
])('SHA-256 of %j is that of FIPS 180-4', (text, digest) => expect(sha256(text)).toBe(digest))

test('both agree with an independent implementation on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(md5(bytes)).toBe(createHash('md5').update(bytes).digest('hex'))
      expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
    }),
  )
})

test('agree at the lengths where padding needs another block', () => {
  for (const length of [55, 56, 57, 63, 64, 65, 119, 120]) {
    const bytes = new Uint8Array(length).fill(0x61)
    expect(md5(bytes)).toBe(createHash('md5').update(bytes).digest('hex'))
    expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
  }
})
