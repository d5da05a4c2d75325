import { be16, be32, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const NOW = be32(1_750_000_000)
export const V5 = bytesOf(be16(5), be16(2), be32(1), NOW, new Uint8Array(12), new Uint8Array(96))
const set = bytesOf(be16(256), be16(12), new Uint8Array(8))
export const V9 = bytesOf(be16(9), be16(1), be32(1), NOW, be32(7), be32(42), set)
export const IPFIX = bytesOf(be16(10), be16(28), NOW, be32(7), be32(43), set)

export const SAMPLES: readonly Sample[] = [V5, V9, IPFIX].map((bytes) => ({
  protocol: 'netflow',
  over: 'udp',
  from: 'client',
  bytes,
}))
