import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

export const COMMAND = bytesOf('*1\r\n$4\r\nINFO\r\n')
export const SIGN_IN = bytesOf('*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n')
const BODY = '# Server\r\nredis_version:6.0.9\r\nredis_mode:standalone\r\nos:Linux 5.4 x86_64\r\n'
export const INFO = bytesOf(`$${BODY.length}\r\n${BODY}\r\n`)
export const DENIED = bytesOf('-NOAUTH Authentication required.\r\n')

export const SAMPLES: readonly Sample[] = [
  { protocol: 'redis', over: 'tcp', from: 'client', bytes: COMMAND },
  { protocol: 'redis', over: 'tcp', from: 'server', bytes: INFO },
]
