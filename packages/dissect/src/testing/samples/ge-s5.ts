import { address, be32, bytesOf, le16, le32 } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A record in its frame: header of 40 bytes, content, sum; flags and escapes stand out of the way. */
export function s5Frame(level: number, kind: number, content: string): Uint8Array {
  const record = bytesOf(
    le16(40 + content.length),
    [1, level],
    le16(0x7e12),
    le32(1_700_000_000),
    [0, 0, 0, 0],
    le16(kind),
    le16(0),
    [0],
    Array.from({ length: 7 }, () => [0, 0, 0xff]).flat(),
    content,
  )
  const sum = record.reduce((total, byte) => (total + byte) & 0xff, 0)
  const escaped = [...record, sum].flatMap((byte) =>
    byte === 0x7e || byte === 0x7d ? [0x7d, byte & 0xdf] : [byte],
  )
  return bytesOf(0x7e, escaped, 0x7e)
}

export const PHYSIOLOGICAL = s5Frame(8, 0, 'values}~'.repeat(20))
/** A network record, where a patient is described. */
export const NETWORK = s5Frame(8, 5, 'PLANTED JANE'.padEnd(100, '\0'))

/** How a monitor describes itself when it signs in to the network. */
export const DESCRIPTION = s5Frame(
  8,
  5,
  String.fromCharCode(0x00, 0x80, 0x19, 0x0a, 0x0b, 0x0c, 10, 0, 8, 0) + '\0'.repeat(20),
)
/** Just as long, but a name. */
export const NAME_AS_LONG = s5Frame(8, 5, 'PLANTED JANE'.padEnd(30, '\0'))

export const TIME_MESSAGE = bytesOf(
  [0, 1, 0, 0, 0, 0],
  address('10.1.2.3'),
  new Uint8Array(14),
  'ICU|BED3'.padEnd(13, '\0'),
  new Uint8Array(23),
  be32(3_900_000_000),
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'ge-s5', over: 'tcp', from: 'server', bytes: PHYSIOLOGICAL },
  { protocol: 'ge-s5', over: 'tcp', from: 'server', bytes: NETWORK },
  { protocol: 'ge-s5', over: 'tcp', from: 'server', bytes: DESCRIPTION },
  { protocol: 'ge-s5', over: 'tcp', from: 'server', bytes: NAME_AS_LONG },
  { protocol: 'carescape', over: 'udp', from: 'client', bytes: TIME_MESSAGE },
]
