import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { be16, be32, bytesOf } from '../testing/frames.ts'
import { cdpMessage, SWITCH, tlv } from '../testing/samples/cdp.ts'
import { cdp } from './cdp.ts'

const said = (message: Uint8Array) =>
  readMessage(cdp, message).facts.map(({ subject, field, value }) => {
    expect(subject).toBe('client')
    return `${field.slice('cdp.'.length)}=${value}`
  })

test('a switch says all about itself', () => {
  expect(said(SWITCH)).toEqual([
    'device-id=sw-icu-3.hospital.example',
    'address=10.0.3.2',
    'address=2001:db8::2',
    'port-id=GigabitEthernet0/13',
    'capabilities=switch,igmp',
    'software=Cisco IOS Software, C3560 Version 12.2(44)SE',
    'platform=cisco WS-C3560-24TS',
    'vtp-domain=HOSPITAL',
    'native-vlan=30',
    'voice-vlan=60',
    'power-consumption=6300',
    'system-name=sw-icu-3',
    'management-address=10.0.3.3',
    'location=Closet 3W',
  ])
})

test('padding after the last TLV is not read', () => {
  const { facts, isConsumed } = readMessage(
    cdp,
    bytesOf(cdpMessage(tlv(1, 'S1')), new Uint8Array(20)),
  )
  expect(facts).toHaveLength(1)
  expect(isConsumed).toBe(true)
})

test('a count of addresses that lies ends with the TLV', () => {
  const lie = tlv(2, be32(0xffffffff), [1, 1, 0xcc], be16(4), [10, 0, 0, 1], [1, 1, 0xcc])
  expect(said(cdpMessage(lie, tlv(1, 'S1')))).toEqual(['address=10.0.0.1', 'device-id=S1'])
})

test.each([0, 4095 + 1])('VLAN %i is none', (vlan) => {
  expect(said(cdpMessage(tlv(0x0a, be16(vlan))))).toEqual([])
})

test('version and first TLV decide', () => {
  expect(readMessage(cdp, SWITCH).likeness).toBe('strong')
  expect(readMessage(cdp, bytesOf(9, SWITCH.subarray(1))).likeness).toBe('no')
  expect(readMessage(cdp, bytesOf(2, 180, be16(0), be16(1), be16(3))).likeness).toBe('no')
})
