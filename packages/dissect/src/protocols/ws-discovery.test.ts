import { expect, test } from 'vitest'
import { readMessage, testContext } from '../testing/facts.ts'
import { bytesOf } from '../testing/frames.ts'
import { CAMERA, discoveryMessage, PROBE, VENTILATOR } from '../testing/samples/ws-discovery.ts'
import { wsDiscovery } from './ws-discovery.ts'

const said = (message: Uint8Array) =>
  readMessage(wsDiscovery, message).facts.map(
    ({ field, value }) => `${field.slice('ws-discovery.'.length)}=${value}`,
  )

test('a medical device says what it is and at which bed, and nothing of the patient', () => {
  expect(said(VENTILATOR)).toEqual([
    'action=hello',
    'type=Device',
    'type=MedicalDevice',
    'address=http://10.9.0.1:48927/72313cab',
    'location=fac=HOSP&poc=ICU 3&bed=4',
    'device-code=130535',
    'endpoint=urn:uuid:72313cab-0001',
  ])
  expect(said(VENTILATOR).join()).not.toContain('ROE')
})

test('a camera says name, hardware and place', () => {
  expect(said(CAMERA)).toEqual([
    'action=probe-matches',
    'type=NetworkVideoTransmitter',
    'address=http://10.3.0.30/onvif/device_service',
    'onvif-name=AXIS P3245',
    'onvif-hardware=P3245-LVE',
    'onvif-location=Lobby',
    'endpoint=urn:uuid:72313cab-0001',
  ])
})

test('a probe tells what is looked for', () => {
  expect(said(PROBE)).toEqual(['action=probe', 'probe=MedicalDevice'])
})

test('broken encodings stay as they are', () => {
  const scopes = '<d:Scopes>onvif://www.onvif.org/name/%ff%zz</d:Scopes>'
  const message = discoveryMessage('http://docs.oasis-open.org/ws-dd/ns/discovery', 'Hello', scopes)
  expect(said(message)).toContain('onvif-name=%ff%zz')
})

test('its namespace decides, on any port', () => {
  const context = testContext({ serverPort: 9999 })
  expect(readMessage(wsDiscovery, CAMERA, context).likeness).toBe('strong')
  expect(readMessage(wsDiscovery, bytesOf('<a>b</a>'), context).likeness).toBe('no')
})
