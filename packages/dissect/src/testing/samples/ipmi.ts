import { be16, be32, bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const sum = (...bytes: readonly number[]) =>
  (0x100 - (bytes.reduce((a, b) => a + b, 0) & 0xff)) & 0xff

/** An RMCP message (ASF 2.0 §3.2.2) of class 6, ASF, or 7, IPMI. */
export function rmcp(kind: number, ...parts: readonly Part[]): Uint8Array {
  return bytesOf([6, 0, 0xff], kind, ...parts)
}

/** A request or an answer with its two sums (IPMI 2.0 §13.8). */
export function command(
  networkFunction: number,
  code: number,
  ...data: readonly Part[]
): Uint8Array {
  const head = [0x20, networkFunction << 2]
  const rest = bytesOf([0x81, 0], code, ...data)
  return bytesOf(head, sum(...head), rest, sum(...rest))
}

/** Outside of a session (type 0), or inside one with its authentication code (IPMI 2.0 table 13-8). */
export function session(content: Uint8Array, type = 0): Uint8Array {
  const code = type === 0 ? [] : new Uint8Array(16).fill(0xac)
  return rmcp(7, type, le32(0), le32(type), code, content.length, content)
}

/** RMCP+ with one payload. */
export function plus(type: number, payload: Uint8Array): Uint8Array {
  return rmcp(7, [6, type], le32(0), le32(0), le16(payload.length), payload)
}

const algorithm = (kind: number, value: number) => [kind, 0, 0, 8, value, 0, 0, 0]
const suite = (authentication: number, encryption: number) => [
  ...algorithm(0, authentication),
  ...algorithm(1, 1),
  ...algorithm(2, encryption),
]

export const PING = rmcp(6, be32(4542), [0x80, 1, 0, 0])
export const PONG = rmcp(
  6,
  be32(4542),
  [0x40, 1, 0, 16],
  be32(4542),
  be32(0),
  0x81,
  new Uint8Array(7),
)
export const CAPABILITIES_REQUEST = session(command(6, 0x38, [0x8e, 4]))
export const CAPABILITIES = session(command(7, 0x38, 0, [1, 0x96, 0x06, 0x03], new Uint8Array(4)))
export const DEVICE_REQUEST = session(command(6, 1), 2)
export const DEVICE = session(
  command(7, 1, 0, [0x20, 0x81, 0x02, 0x60, 0x02, 0xbf], le16(10876), 0, le16(2404), be32(0)),
  2,
)
export const OPEN_REQUEST = plus(0x10, bytesOf([0, 0, 0, 0], be32(0xa4a3a2a0), suite(1, 1)))
export const OPEN_ANSWER = plus(
  0x11,
  bytesOf([0, 0, 4, 0], be32(0xa4a3a2a0), be32(0x08000002), suite(1, 1)),
)
export const OPEN_WITHOUT_KEY = plus(
  0x11,
  bytesOf([0, 0, 4, 0], be32(0xa4a3a2a0), be32(0x08000002), suite(0, 0)),
)
export const REFUSED = plus(0x11, bytesOf([0, 0x11, 0, 0], be32(0xa4a3a2a0), be32(0), suite(1, 1)))
/** The first message of the key exchange names a user. */
export const USER = plus(
  0x12,
  bytesOf([0, 0, 0, 0], be32(0x08000002), new Uint8Array(16).fill(7), [0x14, 0, 0, 7], 'PLANTED'),
)
export const ENCRYPTED = rmcp(7, [6, 0xc0], le32(5), le32(1), be16(0x2000), new Uint8Array(48))

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'ipmi',
  over: 'udp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', PING),
  sample('server', PONG),
  sample('client', CAPABILITIES_REQUEST),
  sample('server', CAPABILITIES),
  sample('client', DEVICE_REQUEST),
  sample('server', DEVICE),
  sample('client', OPEN_REQUEST),
  sample('server', OPEN_ANSWER),
  sample('client', USER),
  sample('client', ENCRYPTED),
]
