import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export const COOKIE = be32(0x2112a442)
const TRANSACTION = Array.from({ length: 12 }, (_, at) => at)

export function attribute(type: number, value: Part): Uint8Array {
  const bytes = bytesOf(value)
  return bytesOf(be16(type), be16(bytes.length), bytes, new Uint8Array(-bytes.length & 3))
}

/** A message (RFC 8489 §5), with another start of its transaction where that has no cookie. */
export function stunMessage(type: number, attributes: Part, cookie: Part = COOKIE): Uint8Array {
  const body = bytesOf(attributes)
  return bytesOf(be16(type), be16(body.length), cookie, TRANSACTION, body)
}

const covered = address('203.0.113.9').map((byte, at) => byte ^ COOKIE[at]!)
export const REQUEST = stunMessage(0x0001, attribute(0x8022, 'Coturn-4.5'))
export const ANSWER = stunMessage(0x0101, attribute(0x0020, [0, 1, ...be16(0x1234), ...covered]))
export const OLD_ANSWER = stunMessage(
  0x0101,
  attribute(0x0001, [0, 1, ...be16(4000), ...address('203.0.113.9')]),
  be32(7),
)

const sample = (from: Sample['from'], bytes: Uint8Array, over: Sample['over'] = 'udp'): Sample => ({
  protocol: 'stun',
  over,
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', REQUEST),
  sample('server', ANSWER),
  sample('server', OLD_ANSWER),
  sample('client', REQUEST, 'tcp'),
  sample('server', bytesOf([0x40, 0, 0, 4], be32(1)), 'tcp'),
]
