import { be16, be32, bytesOf, hex } from '../frames.ts'
import type { Sample } from './sample.ts'

const SESSION = hex('a1b2c3d4e5f60718')
export const CLIENT_RESET = bytesOf(7 << 3, SESSION, 0, be32(0))
export const SERVER_RESET = bytesOf(8 << 3, SESSION, 1, be32(0), SESSION, be32(0))
export const WITH_HMAC = bytesOf(
  7 << 3,
  SESSION,
  new Uint8Array(20).fill(0xaa),
  be32(1),
  be32(0x66000000),
  0,
  be32(0),
)
export const onStream = (message: Uint8Array) => bytesOf(be16(message.length), message)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'openvpn', over: 'udp', from: 'client', bytes: CLIENT_RESET },
  { protocol: 'openvpn', over: 'udp', from: 'server', bytes: SERVER_RESET },
  { protocol: 'openvpn', over: 'udp', from: 'client', bytes: WITH_HMAC },
  { protocol: 'openvpn', over: 'tcp', from: 'client', bytes: onStream(CLIENT_RESET) },
]
