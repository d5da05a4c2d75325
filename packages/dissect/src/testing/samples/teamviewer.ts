import { bytesOf, hex } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A message of this command over TCP; all behind the command is left zero. */
export const message = (command: number, mark = '1724') =>
  bytesOf(hex(mark), command, new Uint8Array(9))
export const DATAGRAM = bytesOf(new Uint8Array(11), hex('1724'), 0x10, new Uint8Array(12))

const sample = (over: Sample['over'], bytes: Uint8Array): Sample => ({
  protocol: 'teamviewer',
  over,
  from: 'client',
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('tcp', message(0x0a)),
  sample('tcp', message(0x2a, '1130')),
  sample('udp', DATAGRAM),
]
