import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { be32, bytesOf } from '../testing/frames.ts'
import { cryptoFrame, GOOGLE_HELLO, initial, NEGOTIATION } from '../testing/samples/quic.ts'
import { CLIENT_HELLO } from '../testing/samples/tls.ts'
import { quic } from './quic.ts'

const said = (message: Uint8Array, context = testContext()) =>
  readMessage(quic, message, context).facts.map(
    ({ subject, field, value }) => `${String(subject)} ${field} ${value}`,
  )

test.each([
  [1, '1'],
  [0x6b3343cf, '2'],
])('the hello of version %i is opened with the keys that its header gives', (version, name) => {
  const facts = said(initial(0, cryptoFrame(CLIENT_HELLO), version))
  expect(facts.slice(0, 4)).toEqual([
    `client quic.version ${name}`,
    'server quic.sni updates.examplemed.example',
    'client quic.contacts updates.examplemed.example',
    'client quic.alpn h2,http/1.1',
  ])
  expect(facts.at(-1)).toMatch(/^client quic\.ja4 q13d/)
})

test('a hello in several packets and out of order is put together', () => {
  const context = testContext()
  expect(said(initial(0, cryptoFrame(CLIENT_HELLO, 60)), context)).toEqual([
    'client quic.version 1',
  ])
  const rest = bytesOf(1, cryptoFrame(CLIENT_HELLO, 30, 60), 0, cryptoFrame(CLIENT_HELLO, 0, 30))
  expect(said(initial(1, rest), context)).toContain('server quic.sni updates.examplemed.example')
  expect(context.hasEnough).toBe(true)
})

test("Google's old hello is in clear", () => {
  expect(said(GOOGLE_HELLO)).toEqual([
    'client quic.version Q043',
    'server quic.sni updates.examplemed.example',
    'client quic.contacts updates.examplemed.example',
    'client quic.user-agent Pump/2.1',
  ])
})

test.each([
  ['an Initial', initial(0, cryptoFrame(CLIENT_HELLO)), 'strong'],
  ['a list of versions', NEGOTIATION, 'strong'],
  ['a list of no known version', NEGOTIATION.subarray(0, 19), 'no'],
  ["Google's header", GOOGLE_HELLO, 'strong'],
  [
    'a version made to be refused',
    bytesOf(0xc0, be32(0x0a1a2a3a), 8, new Uint8Array(1240)),
    'strong',
  ],
  ['the same in a short datagram', bytesOf(0xc0, be32(0x0a1a2a3a), 8, new Uint8Array(60)), 'no'],
  ['an unknown version', bytesOf(0xc0, be32(0x12345678), 0, 0, new Uint8Array(60)), 'no'],
  ['ids too long', bytesOf(0xc0, be32(1), 21, new Uint8Array(60)), 'no'],
  ['a short header', bytesOf(0x40, new Uint8Array(60)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(quic, message).likeness).toBe(likeness)
})
