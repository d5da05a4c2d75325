import { be16, bytesOf, hex, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const IDENTITY = hex('001a22fffe03cbbe')

/** A message with its header (IEEE 1588-2019 §13.3). */
export function ptpMessage(type: number, body: Part, version = 2): Uint8Array {
  const rest = bytesOf(body)
  return bytesOf(
    [type, version],
    be16(34 + rest.length),
    [7, 0, 0, 0],
    new Uint8Array(12),
    IDENTITY,
    be16(1),
    be16(5),
    [0, 1],
    rest,
  )
}

export const SYNC = ptpMessage(0, new Uint8Array(10))
export const ANNOUNCE = ptpMessage(
  0x0b,
  bytesOf(
    new Uint8Array(10),
    be16(37),
    0,
    128,
    [6, 0x21, 0x4e, 0x5d],
    128,
    IDENTITY,
    be16(0),
    0x20,
  ),
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'ptp', over: 'udp', from: 'client', bytes: SYNC },
  { protocol: 'ptp', over: 'udp', from: 'client', bytes: ANNOUNCE },
  { protocol: 'ptp', over: 'ethernet', from: 'client', bytes: ANNOUNCE },
]
