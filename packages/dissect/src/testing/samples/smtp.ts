import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const LINES: readonly (readonly [Sample['from'], string])[] = [
  ['server', '220 mail.example ESMTP Postfix; Mon, 5 Jan 2026 10:00:00 +0000'],
  ['client', 'EHLO pump7.ward.example'],
  ['server', '250-STARTTLS'],
  ['server', '250 OK'],
  ['client', 'AUTH LOGIN'],
  ['client', 'UExBTlRFRA=='],
  ['client', 'MAIL FROM:<PLANTED@example>'],
  ['client', 'STARTTLS'],
  ['server', '220 Go ahead'],
  ['client', 'DATA'],
]

export const SAMPLES: readonly Sample[] = LINES.map(([from, line]) => ({
  protocol: 'smtp',
  over: 'tcp',
  from,
  bytes: bytesOf(line, '\r\n'),
}))
