import type { Dissector, Side } from '../../dissector.ts'
import { bytesOf, le16, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const ROUTE = [0, 0xff, 0xff, 3, 0]
export const slmp = (first: number, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf([first, 0], ROUTE, le16(body.length), body)
}
export const ASK = slmp(0x50, le16(16), le16(0x0101), le16(0))
export const MODEL = slmp(0xd0, le16(0), 'Q03UDECPU'.padEnd(16), le16(0x0268))
export const STOP = bytesOf(
  [0x54, 0, 7, 0, 0, 0],
  ROUTE,
  le16(8),
  le16(16),
  le16(0x1002),
  le16(0),
  le16(1),
)
const melsoft = (first: number, last: number, body: Uint8Array): Uint8Array =>
  bytesOf([first, 0, 0, 0, 0, 0x11, 0x11, last], new Uint8Array(11), le16(body.length), body)
export const MELSOFT_ASK = melsoft(0x57, 7, bytesOf(new Uint8Array(20), [1, 0x21, 1, 0]))
export const MELSOFT_MODEL = melsoft(
  0xd7,
  0x7f,
  bytesOf(new Uint8Array(20), [1, 0x21, 1, 0, 0, 0], 'FX5U-32MT/ES', new Uint8Array(8)),
)
export const CYCLIC = slmp(0x50, le16(0), le16(0x0e70), le16(0), new Uint8Array(40))
export const CYCLIC_ANSWER = slmp(0xd0, le16(0), new Uint8Array(40))

const sample = (
  protocol: string,
  over: Dissector['over'],
  from: Side,
  bytes: Uint8Array,
): Sample => ({ protocol, over, from, bytes })

export const SAMPLES: readonly Sample[] = [
  sample('melsec', 'tcp', 'client', ASK),
  sample('melsec', 'tcp', 'server', MODEL),
  sample('melsec', 'tcp', 'client', STOP),
  sample('melsec', 'udp', 'server', MELSOFT_MODEL),
  sample('cclink', 'udp', 'client', CYCLIC),
]
