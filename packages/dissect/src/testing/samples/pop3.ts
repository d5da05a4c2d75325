import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

const LINES: readonly (readonly [Sample['from'], string])[] = [
  ['server', '+OK POP3 Dovecot ready <1.2@mail.example>'],
  ['client', 'USER PLANTED'],
  ['client', 'PASS PLANTED'],
  ['client', 'CAPA'],
  ['server', '+OK'],
  ['server', 'STLS'],
  ['server', '.'],
  ['client', 'STLS'],
  ['server', '+OK Begin TLS'],
]

export const SAMPLES: readonly Sample[] = LINES.map(([from, line]) => ({
  protocol: 'pop3',
  over: 'tcp',
  from,
  bytes: bytesOf(line, '\r\n'),
}))
