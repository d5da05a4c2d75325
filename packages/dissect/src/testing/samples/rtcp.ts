import { be16, be32, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const NAME = 'maria@ward.example'
const TOOL = 'CallServer 2.1'
const items = bytesOf(be32(7), 1, NAME.length, NAME, 6, TOOL.length, TOOL, 0)
const padded = bytesOf(items, new Uint8Array(-items.length & 3))

/** A receiver report without blocks. */
export const REPORT = bytesOf(0x80, 201, be16(1), be32(7))
/** The same with a description of the source (RFC 3550 §6.5). */
export const COMPOUND = bytesOf(REPORT, 0x81, 202, be16(padded.length / 4), padded)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'rtcp', over: 'udp', from: 'client', bytes: COMPOUND },
  { protocol: 'rtcp', over: 'udp', from: 'server', bytes: REPORT },
]
