import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf, type Said } from '../testing/frames.ts'
import {
  CLIENT_SETTINGS,
  connection,
  negotiation,
  SAMPLES,
  SERVER_SETTINGS,
} from '../testing/samples/rdp.ts'
import { rdp } from './rdp.ts'

const request: Said = ['client', SAMPLES[0]!.bytes]

test('security that is offered and chosen, then the rest is tls; the cookie is not read', () => {
  const { lines, became } = converse(rdp, [
    request,
    ['server', connection(0xd0, negotiation(2, 2))],
  ])
  expect(lines).toEqual(['client rdp.offers TLS, CredSSP', 'server rdp.security CredSSP'])
  expect(became).toEqual(['tls'])
})

test('a refusal says what the server wants', () => {
  const { lines, became } = converse(rdp, [
    request,
    ['server', connection(0xd0, negotiation(3, 5))],
  ])
  expect(lines).toContain('server rdp.refuses CredSSP required')
  expect(became).toEqual([])
})

test('without negotiation it is standard RDP, whose settings are in clear', () => {
  const { lines, became } = converse(rdp, [
    ['client', connection(0xe0)],
    ['server', connection(0xd0)],
    ['client', CLIENT_SETTINGS],
    ['server', SERVER_SETTINGS],
  ])
  expect(lines).toEqual([
    'client rdp.offers standard RDP',
    'server rdp.security standard RDP',
    'client rdp.version 8.4',
    'client rdp.client-build 2600',
    'client rdp.client-name CTCONSOLE',
    'client rdp.keyboard 0x00000407',
    'server rdp.version 8.4',
    'server rdp.encryption low',
  ])
  expect(became).toEqual([])
})

test('no user name reaches a fact', () => {
  const said = SAMPLES.map(({ from, bytes }): Said => [from, bytes])
  for (const one of said) expect(converse(rdp, [one]).lines.join()).not.toContain('PLANTED')
})

test.each([
  ['a request with a cookie', SAMPLES[0]!.bytes, 'strong'],
  ['a request with a negotiation', connection(0xe0, negotiation(1, 1)), 'strong'],
  ['a bare request', connection(0xe0), 'weak'],
  ['the same of another protocol', connection(0xe0, [0xc0, 1, 10, 0xc1, 2, 1, 0]), 'no'],
  ['two bytes', bytesOf(3, 0), 'incomplete'],
  ['text', bytesOf('GET / HTTP/1.1\r\n'), 'no'],
] as const)('%s', (_case, message, likeness) => {
  expect(readMessage(rdp, message).likeness).toBe(likeness)
})

test('is framed by its own length', () => {
  expect(readMessage(rdp, connection(0xe0)).length).toBe(11)
  expect(readMessage(rdp, bytesOf(3, 0)).length).toBe(0)
  expect(readMessage(rdp, bytesOf(3, 0, 0, 2)).length).toBe(-1)
})
