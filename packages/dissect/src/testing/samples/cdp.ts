import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export function tlv(type: number, ...value: readonly Part[]): Uint8Array {
  const body = bytesOf(...value)
  return bytesOf(be16(type), be16(body.length + 4), body)
}

export const cdpMessage = (...tlvs: readonly Uint8Array[]): Uint8Array =>
  bytesOf(2, 180, be16(0xb40b), ...tlvs)

const IPV4 = [1, 1, 0xcc]
const IPV6 = [2, 8, 0xaa, 0xaa, 0x03, 0, 0, 0, 0x86, 0xdd]

export const SWITCH = cdpMessage(
  tlv(1, 'sw-icu-3.hospital.example'),
  tlv(2, be32(2), IPV4, be16(4), address('10.0.3.2'), IPV6, be16(16), address('2001:db8::2')),
  tlv(3, 'GigabitEthernet0/13'),
  tlv(4, be32(0x28)),
  tlv(5, 'Cisco IOS Software, C3560\nVersion 12.2(44)SE'),
  tlv(6, 'cisco WS-C3560-24TS'),
  tlv(9, 'HOSPITAL'),
  tlv(0x0a, be16(30)),
  tlv(0x0e, 1, be16(60)),
  tlv(0x10, be16(6300)),
  tlv(0x14, 'sw-icu-3'),
  tlv(0x16, be32(1), IPV4, be16(4), address('10.0.3.3')),
  tlv(0x17, 0, 'Closet 3W'),
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'cdp', over: 'ethernet', from: 'client', bytes: SWITCH },
]
