import { be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export const PREFACE = bytesOf('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
/** A frame (RFC 9113 §4.1). */
export function frame(
  type: number,
  flags: number,
  stream: number,
  ...parts: readonly Part[]
): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(0, be16(body.length), type, flags, be32(stream), body)
}
const literal = (index: number, value: string) => bytesOf(0x40 | index, value.length, value)
const named = (name: string, value: string) => bytesOf(0, name.length, name, value.length, value)
export const SETTINGS = frame(4, 0, 0, be16(3), be32(100))
export const REQUEST = frame(
  1,
  0x24,
  1,
  be32(0),
  15,
  [0x82, 0x86],
  literal(1, 'pacs.ward.example'),
  [0x41, 0x82, 0x9d, 0x29],
  named('user-agent', 'viewer/2'),
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'http2', over: 'tcp', from: 'client', bytes: PREFACE },
  { protocol: 'http2', over: 'tcp', from: 'server', bytes: SETTINGS },
  { protocol: 'http2', over: 'tcp', from: 'client', bytes: REQUEST },
]
