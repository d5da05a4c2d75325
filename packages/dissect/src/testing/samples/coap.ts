import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

export const GET = bytesOf([0x42, 1, 0x12, 0x34], [0xaa, 0xbb], 0xbb, '.well-known', 0x04, 'core')
export const LINKS = bytesOf(
  [0x42, 0x45, 0x12, 0x34],
  [0xaa, 0xbb],
  0xc1,
  40,
  0xff,
  '</t>;rt="oic.r.temperature"',
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'coap', over: 'udp', from: 'client', bytes: GET },
  { protocol: 'coap', over: 'udp', from: 'server', bytes: LINKS },
]
