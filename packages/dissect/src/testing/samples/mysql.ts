import { bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export function packet(number: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(le16(body.length), body.length >> 16, number, body)
}

export const GREETING = packet(
  0,
  10,
  '5.7.33-log\0',
  le32(7),
  'abcdefgh\0',
  le16(0xffff),
  33,
  le16(2),
  le16(0xc1ff),
  21,
  new Uint8Array(10),
  'abcdefghijkl\0',
  'mysql_native_password\0',
)
export const DENIED = packet(0, 0xff, le16(1130), "Host '10.0.0.7' is not allowed to connect")
export const TLS_REQUEST = packet(1, le32(0x0aee85), le32(1 << 24), 33, new Uint8Array(23))
export const SIGN_IN = packet(1, le32(0x0aa685), le32(1 << 24), 33, new Uint8Array(23), 'maria\0')

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'mysql',
  over: 'tcp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('server', GREETING),
  sample('server', DENIED),
  sample('client', TLS_REQUEST),
]
