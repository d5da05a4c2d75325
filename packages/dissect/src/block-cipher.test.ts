import { createCipheriv, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { BlockCipher, bytesOfHex, expandLabel, hmac } from './block-cipher.ts'

test('encrypts the example of FIPS 197, appendix B', () => {
  const cipher = new BlockCipher(bytesOfHex('2b7e151628aed2a6abf7158809cf4f3c'))
  expect(cipher.encrypt(bytesOfHex('3243f6a8885a308d313198a2e0370734'))).toEqual(
    bytesOfHex('3925841d02dc09fbdc118597196a0b32'),
  )
})

test.each([0, 1, 16, 33, 1200, 5000])('opens %i bytes that AES-GCM closed', (length) => {
  const key = Uint8Array.from({ length: 16 }, (_, at) => at * 7)
  const nonce = Uint8Array.from({ length: 12 }, (_, at) => 255 - at)
  const plain = Uint8Array.from({ length }, (_, at) => at * 31)
  const closed = createCipheriv('aes-128-gcm', key, nonce).update(plain)
  expect(new BlockCipher(key).decryptCounter(nonce, closed)).toEqual(plain)
})

test('authenticates as others do', () => {
  const key = Uint8Array.from({ length: 20 }, (_, at) => at)
  const message = Uint8Array.from({ length: 100 }, (_, at) => at)
  expect(hmac(key, message)).toEqual(
    new Uint8Array(createHmac('sha256', key).update(message).digest()),
  )
})

test('derives the client secret and key of RFC 9001, appendix A.1', () => {
  const salt = bytesOfHex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a')
  const client = expandLabel(hmac(salt, bytesOfHex('8394c8f03e515708')), 'client in', 32)
  expect(client).toEqual(
    bytesOfHex('c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea'),
  )
  expect(expandLabel(client, 'quic key', 16)).toEqual(
    bytesOfHex('1f369613dd76d5467730efcbe3b1a22d'),
  )
})
