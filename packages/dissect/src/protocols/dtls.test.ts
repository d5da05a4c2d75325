import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import {
  CERTIFICATE_PIECES,
  CLIENT_HELLO,
  dtlsRecord,
  SERVER_HELLO,
} from '../testing/samples/dtls.ts'
import { dtls } from './dtls.ts'

const said = (message: Uint8Array, context = testContext()) =>
  readMessage(dtls, message, context).facts.map(
    ({ subject, field, value }) => `${String(subject)} ${field} ${value}`,
  )

test('a client names whom it wants, behind the cookie', () => {
  const facts = said(CLIENT_HELLO)
  expect(facts.slice(0, 4)).toEqual([
    'server dtls.sni gateway.ward.example',
    'client dtls.contacts gateway.ward.example',
    'client dtls.alpn coap',
    'client dtls.client-version DTLS 1.2',
  ])
  expect(facts.at(-1)).toMatch(/^client dtls\.ja4 dd2d0203cp_/)
})

test('a server chooses version and cipher', () => {
  expect(said(SERVER_HELLO, testContext({ from: 'server' }))).toEqual(
    expect.arrayContaining(['server dtls.version DTLS 1.2', 'server dtls.cipher 0xc02b']),
  )
})

test('a certificate in fragments is put together, in order only', () => {
  const [first, second] = CERTIFICATE_PIECES
  const context = testContext({ from: 'server' })
  expect(said(first!, context)).toEqual([])
  expect(said(second!, context)).toContain(
    'server dtls.certificate-subject-cn pump-0815.ward3.example',
  )
  expect(said(second!, testContext({ from: 'server' }))).toEqual([])
})

test.each([
  ['a hello', CLIENT_HELLO, 'strong'],
  ['data that fill the datagram', dtlsRecord(23, 1, new Uint8Array(20)), 'strong'],
  ['data with something behind', bytesOf(dtlsRecord(23, 1, new Uint8Array(20)), 1), 'weak'],
  ['a record longer than the datagram', CLIENT_HELLO.subarray(0, 60), 'no'],
  ['TLS', bytesOf([22, 3, 3, 0, 1, 0]), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(dtls, message).likeness).toBe(likeness)
})

test('once encrypted, no more is wanted', () => {
  const context = testContext()
  readMessage(dtls, dtlsRecord(23, 1, new Uint8Array(20)), context)
  expect(context.hasEnough).toBe(true)
})

test('the version before the standard is one too, and no other is', () => {
  const early = CLIENT_HELLO.slice()
  early.set([0x01, 0x00], 1)
  expect(readMessage(dtls, early).likeness).toBe('strong')
  early.set([0x01, 0x01], 1)
  expect(readMessage(dtls, early).likeness).toBe('no')
})
