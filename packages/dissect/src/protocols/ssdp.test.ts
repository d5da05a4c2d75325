import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { ANSWER, NOTIFY, SEARCH } from '../testing/samples/ssdp.ts'
import { ssdp } from './ssdp.ts'

const said = (message: Uint8Array) =>
  readMessage(ssdp, message).facts.map(({ field, value }) => [field, value])

test('a device that is alive says what it is and where its description lies', () => {
  expect(said(NOTIFY)).toEqual([
    ['ssdp.location', 'http://10.3.0.30:49153/desc.xml'],
    ['ssdp.device-type', 'urn:schemas-upnp-org:device:Basic:1'],
    ['ssdp.server', 'Linux/4.9 UPnP/1.0 AXIS P3245/9.80.1'],
    ['ssdp.usn', 'uuid:Upnp-BasicDevice-1_0-ACCC8E000001::urn:schemas-upnp-org:device:Basic:1'],
    ['ssdp.uuid', 'Upnp-BasicDevice-1_0-ACCC8E000001'],
  ])
})

test('a search is a wish, not an offer', () => {
  expect(said(SEARCH)).toEqual([
    ['ssdp.search', 'urn:dial-multiscreen-org:service:dial:1'],
    ['ssdp.user-agent', 'Google Chrome/120 Windows'],
  ])
})

test('an answer offers, with or without a blank after the colon', () => {
  expect(said(ANSWER).map(([field]) => field)).toEqual([
    'ssdp.service-type',
    'ssdp.usn',
    'ssdp.uuid',
    'ssdp.hue-bridgeid',
  ])
})

test.each([
  ['an announcement', NOTIFY, 'strong'],
  ['a search', SEARCH, 'strong'],
  ['an answer', ANSWER, 'strong'],
  ['another answer over HTTP', bytesOf('HTTP/1.1 200 OK\r\nServer: x\r\n\r\n'), 'no'],
  ['a web request', bytesOf('NOTIFY /event HTTP/1.1\r\n\r\n'), 'no'],
])('%s is %s', (_case, message, likeness) => {
  expect(readMessage(ssdp, message, testContext({ serverPort: 9999 })).likeness).toBe(likeness)
})

test('a last line that was cut off is left out', () => {
  expect(said(NOTIFY.subarray(0, NOTIFY.length - 20)).map(([field]) => field)).toEqual([
    'ssdp.location',
    'ssdp.device-type',
    'ssdp.server',
  ])
})
