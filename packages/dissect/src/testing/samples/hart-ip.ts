import type { Dissector, Side } from '../../dissector.ts'
import { be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export const hartMessage = (type: number, id: number, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf([1, type, id, 0], be16(1), be16(body.length + 8), body)
}
const token = (type: number, delimiter: number, command: number, data: readonly number[]) =>
  hartMessage(type, 3, delimiter, [0x26, 0x4e, 0, 0, 0xd2], command, data.length, data, 0)

export const SESSION = hartMessage(0, 0, 1, be32(30_000))
export const ASK = token(0, 0x82, 0, [])
export const WRITE = token(0, 0x82, 22, [...bytesOf('X'.padEnd(32))])
export const IDENTITY = token(
  1,
  0x86,
  0,
  [
    0, 0xd0, 254, 0x26, 0x4e, 5, 7, 4, 1, 0x0e, 0x0c, 0, 0, 0xd2, 5, 2, 0, 0x0d, 0, 0, 0x26, 0,
    0x26, 0x84,
  ],
)
export const LONG_TAG = token(1, 0x86, 20, [0, 0, ...bytesOf('BOILER-FEED-PT-12'.padEnd(32, '\0'))])
/** `PT-12` and three blanks, in packed ASCII. */
export const TAG = token(1, 0x86, 13, [
  0,
  0,
  0x41,
  0x4b,
  0x71,
  0xca,
  0x08,
  0x20,
  ...new Uint8Array(15),
])

const sample = (over: Dissector['over'], from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'hart-ip',
  over,
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('udp', 'client', SESSION),
  sample('udp', 'client', ASK),
  sample('udp', 'server', IDENTITY),
  sample('tcp', 'server', LONG_TAG),
  sample('tcp', 'server', TAG),
]
