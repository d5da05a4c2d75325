import { be16, be32, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

export const BANNER = bytesOf('RFB 003.008\n')
export const OLD_BANNER = bytesOf('RFB 003.003\n')
export const TYPES = bytesOf([2, 1, 2])
export const screen = (name: string) =>
  bytesOf(be16(1280), be16(1024), [32, 24, 0, 1], new Uint8Array(12), be32(name.length), name)

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'vnc',
  over: 'tcp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('server', BANNER),
  sample('server', TYPES),
  sample('server', screen('CT-console')),
]
