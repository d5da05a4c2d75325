import { bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const sample = (from: Sample['from'], ...parts: readonly Part[]): Sample => ({
  protocol: 'telnet',
  over: 'tcp',
  from,
  bytes: bytesOf(...parts),
})

/** DO terminal type, DO window size, WILL echo, WILL suppress go-ahead (RFC 854, RFC 1091). */
export const OPTIONS = [255, 253, 24, 255, 253, 31, 255, 251, 1, 255, 251, 3] as const
export const TERMINAL = [255, 250, 24, 0, ...bytesOf('VT100'), 255, 240] as const

export const SAMPLES: readonly Sample[] = [
  sample('server', OPTIONS),
  sample('client', [255, 251, 24], TERMINAL),
  sample('server', '\r\nExamplemed Pump 7 fw 2.1\r\npump7 login: '),
  sample('client', 'planted-user\r\n'),
  sample('server', 'Password: '),
]
