import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

export const REGISTER = bytesOf(
  'REGISTER sip:pbx.ward.example SIP/2.0\r\n',
  'From: "Maria Muster" <sip:4711@pbx.ward.example>;tag=1\r\n',
  'Contact: <sip:4711@10.0.0.7:5060>\r\n',
  'User-Agent: Nursecall 3.1\r\nContent-Length: 0\r\n\r\n',
)
export const CHALLENGE = bytesOf(
  'SIP/2.0 401 Unauthorized\r\nTo: "Maria Muster" <sip:4711@pbx.ward.example>\r\n',
  'WWW-Authenticate: Digest realm="ward", nonce="x"\r\nServer: Asterisk PBX 18\r\n\r\n',
)
export const INVITE = bytesOf(
  'INVITE sip:maria.muster@pbx.ward.example SIP/2.0\r\nContent-Length: 5\r\n\r\nv=0\r\n',
)

const sample = (from: Sample['from'], bytes: Uint8Array, over: Sample['over'] = 'udp'): Sample => ({
  protocol: 'sip',
  over,
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', REGISTER),
  sample('server', CHALLENGE),
  sample('client', REGISTER, 'tcp'),
  sample('client', INVITE, 'tcp'),
]
