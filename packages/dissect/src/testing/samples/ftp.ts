import { type Sample, textSamples } from './sample.ts'

const sample = textSamples('ftp', 'tcp')

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
