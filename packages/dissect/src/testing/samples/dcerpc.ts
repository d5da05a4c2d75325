import { bytesOf, hex, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A packet in little-endian form (C706 §12.6.3). */
export function packet(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf([5, 0, type, 3, 0x10, 0, 0, 0], le16(body.length + 16), le16(0), le32(1), body)
}

/** A UUID as little-endian systems send it. */
function uuid(text: string): Uint8Array {
  const [a = '', b = '', c = '', ...rest] = text.split('-').map(hex)
  const turned = [a, b, c].map((part) => bytesOf(part).toReversed())
  return bytesOf(...turned, ...rest)
}

const NDR = uuid('8a885d04-1ceb-11c9-9fe8-08002b104860')
export const MAPPER = 'e1af8308-5d1f-11c9-91a4-08002b14a0fa'
export const SAMR = '12345778-1234-abcd-ef00-0123456789ac'

export const bind = (one: string) =>
  packet(
    11,
    le16(4280),
    le16(4280),
    le32(0),
    [1, 0, 0, 0],
    le16(0),
    [1, 0],
    uuid(one),
    le32(3),
    NDR,
    le32(2),
  )
export const BIND_ACK = packet(
  12,
  le16(4280),
  le16(4280),
  le32(7),
  le16(4),
  '135\0',
  new Uint8Array(30),
)

const floor = (left: Part, right: Part) => {
  const [one, other] = [bytesOf(left), bytesOf(right)]
  return bytesOf(le16(one.length), one, le16(other.length), other)
}
const tower = bytesOf(
  le16(4),
  floor(bytesOf(0x0d, uuid(SAMR), le16(1)), le16(0)),
  floor(bytesOf(0x0d, NDR, le16(2)), le16(0)),
  floor([0x0b], le16(0)),
  floor([0x07], [0xc0, 0x01]),
  floor([0x09], [10, 0, 0, 9]),
)
export const MAP_ANSWER = packet(
  2,
  new Uint8Array(8),
  new Uint8Array(20),
  le32(1),
  le32(tower.length),
  tower,
)

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'dcerpc',
  over: 'tcp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', bind(MAPPER)),
  sample('server', BIND_ACK),
  sample('server', MAP_ANSWER),
]
