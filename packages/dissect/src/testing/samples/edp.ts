import { address, be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export function edpTlv(type: number, ...value: readonly Part[]): Uint8Array {
  const body = bytesOf(...value)
  return bytesOf(0x99, type, be16(body.length + 4), body)
}

/** Version, length, checksum, sequence number, the machine's MAC, then its TLVs. */
export function edpMessage(...tlvs: readonly Uint8Array[]): Uint8Array {
  const body = bytesOf(...tlvs)
  const machine = [...be16(0), ...address('00:04:96:00:00:10')]
  return bytesOf(1, 0, be16(16 + body.length), be16(0xfd1c), be16(7), machine, body)
}

export const edpVlan = (id: number, ip: string, name: string): Uint8Array =>
  edpTlv(5, 0x80, 0, be16(id), [0, 0, 0, 0], address(ip), name, 0)

export const SWITCH = edpMessage(
  edpTlv(1, 'sw-icu-3\0'),
  edpTlv(2, be16(0), be16(12), be16(0), new Uint8Array(6), [15, 6, 2, 12], new Uint8Array(16)),
  edpVlan(30, '10.0.3.2', 'MEDICAL'),
  edpVlan(0, '0.0.0.0', 'Default'),
  edpTlv(0),
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'edp', over: 'ethernet', from: 'client', bytes: SWITCH },
]
