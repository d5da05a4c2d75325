import { be16, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

export const READ = bytesOf(be16(1), 'SEP001122334455.cnf.xml\0octet\0blksize\x001024\0')
export const data = (block: number) => bytesOf(be16(3), be16(block), new Uint8Array(512))
export const acknowledge = (block: number) => bytesOf(be16(4), be16(block))

export const SAMPLES: readonly Sample[] = [READ, data(1), acknowledge(1)].map((bytes) => ({
  protocol: 'tftp',
  over: 'udp',
  from: 'client',
  bytes,
}))
