import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const sample = (from: Sample['from'], text: string): Sample => ({
  protocol: 'ftp',
  over: 'tcp',
  from,
  bytes: bytesOf(text),
})

export const SAMPLES: readonly Sample[] = [
  sample('server', '220 (vsFTPd 2.0.5)\r\n'),
  sample('server', '220-ProFTPD 1.3.1 Server\r\n'),
  sample('client', 'USER service\r\n'),
  sample('server', '331 Please specify the password.\r\n'),
  sample('client', 'PASS planted\r\n'),
  sample('server', '215 UNIX Type: L8\r\n'),
  sample('client', 'AUTH TLS\r\n'),
  sample('server', '234 Proceed with negotiation.\r\n'),
]
