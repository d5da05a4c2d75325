import { expect, test } from 'vitest'
import { readMessage } from '../testing/facts.ts'
import { address, be16, bytesOf } from '../testing/frames.ts'
import { CHASSIS, lldpMessage, PHONE, PORT, SWITCH, tlv } from '../testing/samples/lldp.ts'
import { lldp } from './lldp.ts'

const said = (message: Uint8Array) =>
  readMessage(lldp, message).facts.map(({ subject, field, value }) => {
    expect(subject).toBe('client')
    return `${field.slice('lldp.'.length)}=${value}`
  })

test('a switch says its name, system, addresses and VLANs', () => {
  expect(said(SWITCH)).toEqual([
    'chassis-id=00:18:ba:98:68:80',
    'port-id=Gi0/13',
    'port-description=uplink ICU 3',
    'system-name=sw-icu-3',
    'system-description=ProCurve J9145A 2910al-24G, revision W.15.14',
    'capabilities=bridge',
    'management-address=10.0.3.2',
    'management-address=2001:db8::2',
    'port-vlan=30',
    'vlan-name=30 MEDICAL',
    'mau-type=30',
    'power-role=source',
    'power-class=3',
    'profinet-mac=00:1b:1b:34:34:cb',
  ])
})

test('an endpoint gives its inventory and where it stands', () => {
  expect(said(PHONE).slice(2)).toEqual([
    'med-class=communication-device',
    'med-vlan=voice 60',
    'building=West',
    'room=ICU-7',
    'hardware=rev A',
    'firmware=boot 1.2',
    'software=8.2.1',
    'serial=FCH1234',
    'manufacturer=Cisco Systems, Inc.',
    'model=CP-8841',
    'asset-id=HTM-00042',
    'mud-url=https://mud.example/cp8841',
  ])
})

test.each([
  ['an IPv4 address', tlv(1, 5, 1, address('10.0.3.2')), 'chassis-id=10.0.3.2'],
  ['text of its own', tlv(1, 7, 'rack 4'), 'chassis-id=rack 4'],
  ['bytes that are no text', tlv(1, 7, [1, 2, 0xff]), 'chassis-id=01:02:ff'],
])('a chassis may be named by %s', (_case, chassis, expected) => {
  expect(said(bytesOf(chassis, PORT))[0]).toBe(expected)
})

test('an unknown network policy tells no VLAN', () => {
  const policy = tlv(127, [0x00, 0x12, 0xbb, 2], 1, [0x80, 0x78, 0])
  expect(said(lldpMessage(policy))).toHaveLength(2)
})

test('the first two TLVs decide', () => {
  expect(readMessage(lldp, SWITCH).likeness).toBe('strong')
  expect(readMessage(lldp, bytesOf(PORT, CHASSIS)).likeness).toBe('no')
  expect(readMessage(lldp, bytesOf(be16(0x0207), 4)).likeness).toBe('no')
})

test('nothing is read past the end mark, and a cut TLV is left out', () => {
  expect(said(bytesOf(lldpMessage(), tlv(5, 'ghost')))).toHaveLength(2)
  expect(said(bytesOf(CHASSIS, PORT, tlv(5, 'sw-icu-3').subarray(0, 6)))).toHaveLength(2)
})
