import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

export const HANDSHAKE = bytesOf(
  19,
  'BitTorrent protocol',
  new Uint8Array(28),
  '-UT2210-abcdefghijkl',
)
export const PING = bytesOf('d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:v4:UT121:y1:qe')

export const SAMPLES: readonly Sample[] = [
  { protocol: 'bittorrent', over: 'tcp', from: 'client', bytes: HANDSHAKE },
  { protocol: 'bittorrent', over: 'udp', from: 'client', bytes: PING },
]
