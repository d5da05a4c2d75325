import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

export const OLD = bytesOf('<38>Jan  1 00:01:47 pump-7 sshd[431]: login of maria muster')
export const NEW = bytesOf('<165>1 2026-01-01T00:00:00Z pacs.ward.example storescp 8 ID47 - maria')
export const BARE = bytesOf('<13>something happened')

const sample = (bytes: Uint8Array, over: Sample['over'] = 'udp'): Sample => ({
  protocol: 'syslog',
  over,
  from: 'client',
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample(OLD),
  sample(NEW),
  sample(BARE),
  sample(bytesOf(NEW, '\n'), 'tcp'),
]
