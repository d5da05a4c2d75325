import { be16, be32, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A packet (RFC 3550 §5.1) of 20 ms of sound. */
export function rtpPacket(sequence: number, source = 0xcafe, type = 8): Uint8Array {
  return bytesOf(
    0x80,
    type,
    be16(sequence),
    be32(160 * sequence),
    be32(source),
    new Uint8Array(160),
  )
}

export const SAMPLES: readonly Sample[] = [1, 2, 3].map((sequence) => ({
  protocol: 'rtp',
  over: 'udp',
  from: 'client',
  bytes: rtpPacket(sequence),
}))
