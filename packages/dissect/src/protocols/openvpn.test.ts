import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { CLIENT_RESET, onStream, SERVER_RESET, WITH_HMAC } from '../testing/samples/openvpn.ts'
import { openvpn, openvpnTcp } from './openvpn.ts'

test('the start of a session says how it is protected', () => {
  const said = converse(openvpn, [['client', WITH_HMAC]]).lines
  expect(said).toEqual(['client openvpn.control-protection hmac'])
  const both = [
    ['client', onStream(CLIENT_RESET)],
    ['server', onStream(SERVER_RESET)],
  ] as const
  expect(converse(openvpnTcp, both, {}, 3).lines).toEqual([
    'client openvpn.control-protection none',
    'server openvpn.control-protection none',
  ])
})

test('a reset that comes again proves nothing', () => {
  const context = testContext()
  readMessage(openvpn, CLIENT_RESET, context)
  expect(context.hasDoubt).toBe(false)
  readMessage(openvpn, CLIENT_RESET, context)
  expect(context.hasDoubt).toBe(true)
})

test.each([
  ['a reset of the client', CLIENT_RESET, 'client', 'weak'],
  ['the same of a server', CLIENT_RESET, 'server', 'no'],
  ['with an HMAC', WITH_HMAC, 'client', 'weak'],
  ['one byte longer', bytesOf(CLIENT_RESET, 0), 'client', 'no'],
  ['data', bytesOf(6 << 3, new Uint8Array(40)), 'client', 'no'],
] as const)('%s', (_case, message, from, likeness) => {
  expect(readMessage(openvpn, message, testContext({ from })).likeness).toBe(likeness)
})
