import { bytesOf, hex } from '../frames.ts'
import type { Sample } from './sample.ts'

const INDEX = hex('deadbeef')
export const INITIATION = bytesOf([1, 0, 0, 0], INDEX, new Uint8Array(140).fill(7))
export const RESPONSE = bytesOf([2, 0, 0, 0], hex('01020304'), INDEX, new Uint8Array(80).fill(9))
export const DATA = bytesOf([4, 0, 0, 0], INDEX, new Uint8Array(8), new Uint8Array(48).fill(5))

export const SAMPLES: readonly Sample[] = [
  { protocol: 'wireguard', over: 'udp', from: 'client', bytes: INITIATION },
  { protocol: 'wireguard', over: 'udp', from: 'server', bytes: RESPONSE },
  { protocol: 'wireguard', over: 'udp', from: 'client', bytes: DATA },
]
