import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const LINES: readonly (readonly [Sample['from'], string])[] = [
  ['server', '* OK [CAPABILITY IMAP4rev1] Dovecot ready.'],
  ['client', 'a1 LOGIN PLANTED PLANTED'],
  ['client', 'a1 CAPABILITY'],
  ['server', '* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED'],
  ['client', 'a2 STARTTLS'],
  ['server', 'a2 OK Begin TLS'],
]

export const SAMPLES: readonly Sample[] = LINES.map(([from, line]) => ({
  protocol: 'imap',
  over: 'tcp',
  from,
  bytes: bytesOf(line, '\r\n'),
}))
