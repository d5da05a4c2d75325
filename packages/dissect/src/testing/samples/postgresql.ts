import { be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const bare = (...parts: readonly Part[]) => {
  const body = bytesOf(...parts)
  return bytesOf(be32(body.length + 4), body)
}
export const message = (kind: string, ...parts: readonly Part[]) => bytesOf(kind, bare(...parts))

export const TLS_REQUEST = bare(be32(80_877_103))
export const START = bare(
  be32(0x30000),
  'user\0maria\0database\0ward\0application_name\0pacs-writer 2\0\0',
)
export const ANSWERS = bytesOf(
  message('R', be32(5), be32(0x1234)),
  message('S', 'client_encoding\0UTF8\0'),
  message('S', 'server_version\x0013.4 (Debian)\0'),
)

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'postgresql',
  over: 'tcp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', START),
  sample('client', TLS_REQUEST),
  sample('server', ANSWERS),
]
