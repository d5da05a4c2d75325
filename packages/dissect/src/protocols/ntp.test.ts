import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { CLIENT, CONTROL, MONITOR_LIST, ntpMessage, SERVER } from '../testing/samples/ntp.ts'
import { ntp } from './ntp.ts'

const said = (message: Uint8Array, from: 'client' | 'server' = 'server') =>
  readMessage(ntp, message, testContext({ from, serverPort: 123 })).facts.map(
    ({ subject, field, value }) => {
      expect(subject).toBe(from)
      return `${field.slice('ntp.'.length)}=${value}`
    },
  )

test('a client may be of an older version', () => {
  expect(said(ntpMessage({ mode: 3, version: 3 }), 'client')).toContain('version=3')
})

test('a client is a client', () => {
  expect(said(CLIENT, 'client')).toEqual(['version=4', 'mode=client'])
})

test('a server says how far it is from a clock, and from which', () => {
  expect(said(SERVER)).toEqual(['version=4', 'mode=server', 'stratum=2', 'reference-id=10.0.0.123'])
  const primary = ntpMessage({ mode: 4, stratum: 1, reference: 'GPS\0' })
  expect(said(primary)).toContain('reference-id=GPS')
  const denied = ntpMessage({ mode: 4, stratum: 0, reference: 'RATE' })
  expect(said(denied)).toContain('kiss-code=RATE')
})

test.each([
  ['an MD5 digest', 20, true],
  ['a SHA-1 digest', 24, true],
  ['a SHA-256 digest', 36, true],
  ['an extension field', 28, false],
  ['nothing', 0, false],
])('%s after the header', (_case, length, isAuthenticated) => {
  const facts = said(ntpMessage({ mode: 3, rest: new Uint8Array(length) }), 'client')
  expect(facts.includes('authenticated=true')).toBe(isAuthenticated)
})

test('a server that answers control questions tells what it runs on', () => {
  expect(said(CONTROL)).toEqual([
    'version=2',
    'mode=control',
    'daemon=ntpd 4.2.6p5@1.2349-o',
    'processor=armv5tejl',
    'system=Linux/2.6.39',
  ])
})

test('a server that lists its clients is weak', () => {
  expect(said(MONITOR_LIST)).toContain('monitor-list=true')
  expect(said(bytesOf(0x17, MONITOR_LIST.subarray(1)))).not.toContain('monitor-list=true')
})

test.each([
  ['a question on its port', CLIENT, 123, 'strong'],
  ['a question elsewhere', CLIENT, 9999, 'no'],
  ['an answer elsewhere, by its times', SERVER, 9999, 'strong'],
  ['a control answer', CONTROL, 123, 'strong'],
  ['a short message', CLIENT.subarray(0, 47), 123, 'no'],
  ['an impossible stratum', ntpMessage({ mode: 3, stratum: 77 }), 123, 'no'],
  ['version 1', ntpMessage({ mode: 3, version: 1 }), 123, 'strong'],
  ['version 5', ntpMessage({ mode: 3, version: 5 }), 123, 'no'],
  ['version 0', ntpMessage({ mode: 3, version: 0 }), 123, 'no'],
])('%s', (_case, message, serverPort, likeness) => {
  expect(readMessage(ntp, message, testContext({ serverPort })).likeness).toBe(likeness)
})
