import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { OLD_REQUEST, REGISTRATION, REPLY, REQUEST } from '../testing/samples/slp.ts'
import { slp, slpTcp } from './slp.ts'

const said = (message: Uint8Array) => converse(slp, [['client', message]]).lines.slice(2)

test('what is looked for, offered and registered', () => {
  expect(said(REQUEST)).toEqual(['client slp.search service:printer'])
  expect(said(REPLY)).toEqual([
    'client slp.service-type service:printer:lpr',
    'client slp.url service:printer:lpr://10.0.0.9/q',
  ])
  expect(said(REGISTRATION)).toEqual([
    'client slp.url service:x-hpnp-discover:',
    'client slp.host-name NPI3C4D5E',
    'client slp.mac 00:1a:22:03:cb:be',
    'client slp.device-id MFG:HP;MDL:Laser 7;',
  ])
  expect(converse(slp, [['client', OLD_REQUEST]]).lines).toEqual([
    'client slp.version 1',
    'client slp.function service-request',
    'client slp.search directory-agent',
  ])
})

test('over a stream two messages are two', () => {
  const { lines } = converse(slpTcp, [['client', bytesOf(REQUEST, REPLY)]], {}, 5)
  expect(lines.filter((line) => line.includes('slp.function'))).toHaveLength(2)
})

test.each([
  ['a request', REQUEST, 'strong'],
  ['an old request', OLD_REQUEST, 'strong'],
  ['one byte more than it says', bytesOf(REQUEST, 0), 'no'],
  ['no language', bytesOf(REQUEST.subarray(0, 14), 0, 0, REQUEST.subarray(16)), 'no'],
])('%s', (_case, message, likeness) => {
  expect(readMessage(slp, message).likeness).toBe(likeness)
})
