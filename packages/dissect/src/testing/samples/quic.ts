import { BlockCipher, bytesOfHex, expandLabel, hmac } from '../../block-cipher.ts'
import { be16, be32, bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'
import { CLIENT_HELLO } from './tls.ts'

const CONNECTION = bytesOfHex('8394c8f03e515708')
const SALTS: Readonly<Record<number, string>> = {
  1: '38762cf7f55934b34d179ae6a4c80cadccbb7f0a',
  0x6b3343cf: '0dede3def700a6db819381be6e269dcbf9bd2ed9',
}

/** A frame of the handshake (RFC 9000 §19.6): bytes of the hello from `start` up to `end`. */
export function cryptoFrame(hello: Uint8Array, start = 0, end = hello.length): Uint8Array {
  const piece = hello.subarray(start, end)
  return bytesOf(6, be16(0x4000 | start), be16(0x4000 | piece.length), piece)
}

/** An Initial packet of a client, encrypted as RFC 9001 says, with zeros for the tag. */
export function initial(number: number, frames: Part, version = 1): Uint8Array {
  const label = version === 1 ? 'quic' : 'quicv2'
  const secret = expandLabel(hmac(bytesOfHex(SALTS[version]!), CONNECTION), 'client in', 32)
  const nonce = expandLabel(secret, `${label} iv`, 12)
  nonce[11]! ^= number
  const packet = new BlockCipher(expandLabel(secret, `${label} key`, 16))
  // Counter mode: what decrypts also encrypts.
  const closed = bytesOf(
    packet.decryptCounter(nonce, bytesOf(frames, new Uint8Array(30))),
    new Uint8Array(16),
  )
  const first = version === 1 ? 0xc0 : 0xd0
  const head = bytesOf(
    first,
    be32(version),
    8,
    CONNECTION,
    0,
    0,
    be16(0x4000 | (closed.length + 1)),
  )
  const message = bytesOf(head, number, closed)
  const header = new BlockCipher(expandLabel(secret, `${label} hp`, 16))
  const mask = header.encrypt(message.subarray(head.length + 4, head.length + 20))
  message[0]! ^= mask[0]! & 0x0f
  message[head.length]! ^= mask[1]!
  return message
}

const tag = (name: string, end: number) => bytesOf(name, le32(end))
const NAME = 'updates.examplemed.example'
const AGENT = 'Pump/2.1'
/** A hello of Google's Q043: flags, connection, version, number, hash, frame, tags. */
export const GOOGLE_HELLO = bytesOf(
  [0x0d, 1, 2, 3, 4, 5, 6, 7, 8],
  'Q043',
  1,
  new Uint8Array(12),
  [0xa0, 1, 4, 0],
  'CHLO',
  le16(2),
  le16(0),
  tag('SNI\0', NAME.length),
  tag('UAID', NAME.length + AGENT.length),
  NAME,
  AGENT,
)

export const NEGOTIATION = bytesOf(0x80, be32(0), 0, 8, CONNECTION, be32(0x0a1a2a3a), be32(1))

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'quic',
  over: 'udp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', initial(0, cryptoFrame(CLIENT_HELLO))),
  sample('client', initial(0, cryptoFrame(CLIENT_HELLO), 0x6b3343cf)),
  sample('client', GOOGLE_HELLO),
  sample('server', NEGOTIATION),
]
