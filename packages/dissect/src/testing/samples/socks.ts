import { address, be16, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

export const GREETING = bytesOf(5, 2, 0, 2)
export const METHOD = bytesOf(5, 0)
export const REQUEST = bytesOf(5, 1, 0, 3, 12, 'ward.example', be16(443))
export const OLD_REQUEST = bytesOf(4, 1, be16(80), address('203.0.113.5'), 'maria\0')
export const NAMED_REQUEST = bytesOf(4, 1, be16(80), [0, 0, 0, 1], 'maria\0', 'ward.example\0')
export const OLD_ANSWER = bytesOf(0, 0x5a, new Uint8Array(6))

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'socks',
  over: 'tcp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', GREETING),
  sample('client', OLD_REQUEST),
  sample('client', NAMED_REQUEST),
  sample('server', OLD_ANSWER),
]
