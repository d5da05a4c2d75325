import { address, be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export function tlv(type: number, ...value: readonly Part[]): Uint8Array {
  const body = bytesOf(...value)
  return bytesOf(be16((type << 9) | body.length), body)
}

const med = (subtype: number, ...value: readonly Part[]) =>
  tlv(127, [0x00, 0x12, 0xbb], subtype, ...value)

export const CHASSIS = tlv(1, 4, address('00:18:ba:98:68:80'))
export const PORT = tlv(2, 5, 'Gi0/13')
const TTL = tlv(3, be16(120))
const END = tlv(0)

export const lldpMessage = (...tlvs: readonly Uint8Array[]): Uint8Array =>
  bytesOf(CHASSIS, PORT, TTL, ...tlvs, END)

export const SWITCH = lldpMessage(
  tlv(4, 'uplink ICU 3'),
  tlv(5, 'sw-icu-3'),
  tlv(6, 'ProCurve J9145A 2910al-24G, revision W.15.14'),
  tlv(7, be16(0x0014), be16(0x0004)),
  tlv(8, 5, 1, address('10.0.3.2'), 2, be16(0), be16(1), 0),
  tlv(8, 17, 2, address('2001:db8::2'), 2, be16(0), be16(1), 0),
  tlv(127, [0x00, 0x80, 0xc2, 1], be16(30)),
  tlv(127, [0x00, 0x80, 0xc2, 3], be16(30), 7, 'MEDICAL'),
  tlv(127, [0x00, 0x12, 0x0f, 1], 3, be16(0x6c00), be16(30)),
  tlv(127, [0x00, 0x12, 0x0f, 2], 7, 1, 4),
  tlv(127, [0x00, 0x0e, 0xcf, 5], address('00:1b:1b:34:34:cb')),
)

export const PHONE = lldpMessage(
  med(1, be16(0x3f), 3),
  med(2, 1, [0x40 | (60 >> 7), (60 << 1) & 0xff, 0x6e]),
  med(3, 2, 16, 2, 'US', [25, 4], 'West', [28, 5], 'ICU-7'),
  med(5, 'rev A'),
  med(6, 'boot 1.2'),
  med(7, '8.2.1'),
  med(8, 'FCH1234'),
  med(9, 'Cisco Systems, Inc.'),
  med(10, 'CP-8841'),
  med(11, 'HTM-00042'),
  tlv(127, [0x00, 0x00, 0x5e, 1], 'https://mud.example/cp8841'),
)

export const SAMPLES: readonly Sample[] = [SWITCH, PHONE].map((bytes) => ({
  protocol: 'lldp',
  over: 'ethernet',
  from: 'client',
  bytes,
}))
