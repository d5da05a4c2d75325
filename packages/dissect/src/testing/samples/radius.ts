import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export function attribute(type: number, value: Part): Uint8Array {
  const bytes = bytesOf(value)
  return bytesOf(type, bytes.length + 2, bytes)
}

/** A message (RFC 2865 §3). */
export function radiusMessage(code: number, ...attributes: readonly Part[]): Uint8Array {
  const body = bytesOf(...attributes)
  return bytesOf(code, 7, be16(20 + body.length), new Uint8Array(16), body)
}

export const ACCOUNTING = radiusMessage(
  4,
  attribute(1, 'maria.muster@ward.example'),
  attribute(4, address('10.1.1.2')),
  attribute(32, 'wlc-1'),
  attribute(61, be32(19)),
  attribute(30, '00-10-18-AA-BB-CC:MEDICAL'),
  attribute(31, '00-1A-22-03-CB-BE'),
  attribute(8, address('10.1.9.7')),
  attribute(40, be32(1)),
)
export const ACCEPT = radiusMessage(2, attribute(27, be32(3600)))

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'radius',
  over: 'udp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [sample('client', ACCOUNTING), sample('server', ACCEPT)]
