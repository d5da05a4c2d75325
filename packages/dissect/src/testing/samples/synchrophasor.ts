import type { Dissector, Side } from '../../dissector.ts'
import { be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A frame of the stream with code 7, with its check. */
export function phasorFrame(kind: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  const frame = bytesOf(
    0xaa,
    (kind << 4) | 1,
    be16(body.length + 16),
    be16(7),
    be32(0),
    be32(0),
    body,
  )
  let check = 0xffff
  for (const byte of frame) {
    for (let bit = 7; bit >= 0; bit--) {
      const isOdd = ((check >> 15) ^ (byte >> bit)) & 1
      check = ((check << 1) & 0xffff) ^ (isOdd === 1 ? 0x1021 : 0)
    }
  }
  return bytesOf(frame, be16(check))
}

const unit = (name: string, code: number): Uint8Array =>
  bytesOf(
    name.padEnd(16),
    be16(code),
    be16(0),
    be16(1),
    be16(0),
    be16(1),
    new Uint8Array(16 + 256),
    new Uint8Array(12),
  )
export const CONFIGURATION = phasorFrame(
  3,
  be32(1_000_000),
  be16(2),
  unit('Station A', 7734),
  unit('Station B', 7735),
  be16(30),
)
export const START = phasorFrame(4, be16(2))
export const HEADER = phasorFrame(1, 'Main incomer')

const sample = (over: Dissector['over'], from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'synchrophasor',
  over,
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('tcp', 'client', START),
  sample('tcp', 'server', CONFIGURATION),
  sample('udp', 'server', HEADER),
]
