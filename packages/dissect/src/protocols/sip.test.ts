import { expect, test } from 'vitest'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { CHALLENGE, INVITE, REGISTER } from '../testing/samples/sip.ts'
import { sip, sipTcp } from './sip.ts'

test('a telephone registers; whose it is stays unsaid', () => {
  const { lines } = converse(sip, [
    ['client', REGISTER],
    ['server', CHALLENGE],
    ['client', INVITE],
  ])
  expect(lines).toEqual([
    'client sip.method REGISTER',
    'client sip.user-agent Nursecall 3.1',
    'client sip.registers-at pbx.ward.example',
    'server sip.role registrar',
    'server sip.authentication Digest',
    'server sip.realm ward',
    'server sip.server Asterisk PBX 18',
    'client sip.method INVITE',
  ])
})

test('over a stream heads, bodies and empty lines are framed', () => {
  const stream = bytesOf(INVITE, '\r\n\r\n', REGISTER)
  const { lines } = converse(sipTcp, [['client', stream]], {}, 13)
  expect(lines.filter((line) => line.includes('method'))).toEqual([
    'client sip.method INVITE',
    'client sip.method REGISTER',
  ])
})

test.each([
  ['INVITE sip:x@y SIP/2.0\r\n', 'strong'],
  ['SIP/2.0 200 OK\r\n', 'strong'],
  ['GET sip:x@y SIP/2.0\r\n', 'no'],
  ['OPTIONS * HTTP/1.1\r\n', 'no'],
  ['INVITE sip:x@y RTSP/1.0\r\n', 'no'],
])('%j is %s', (text, likeness) => expect(readMessage(sip, text).likeness).toBe(likeness))

test.each([
  ['REGIS', 'incomplete'],
  ['SIP/2.', 'incomplete'],
  ['GET / HTTP/1.1\r\n', 'no'],
])('over a stream %j is %s', (text, likeness) => {
  expect(readMessage(sipTcp, text).likeness).toBe(likeness)
})
