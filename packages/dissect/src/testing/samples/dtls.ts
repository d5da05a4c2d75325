import { be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'
import {
  alpnOf,
  certificate,
  certificateMessage,
  extension,
  serverHello,
  serverNameOf,
} from './tls.ts'

const u24 = (value: number) => [(value >> 16) & 0xff, ...be16(value)]

/** A record of DTLS 1.2 (RFC 6347 §4.1). */
export function dtlsRecord(type: number, epoch: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(type, [0xfe, 0xfd], be16(epoch), be16(0), be32(1), be16(body.length), body)
}

/** A handshake message, or the piece of it from `start` up to `end`. */
export function dtlsHandshake(
  type: number,
  sequence: number,
  body: Uint8Array,
  start = 0,
  end = body.length,
): Uint8Array {
  const piece = body.subarray(start, end)
  return bytesOf(type, u24(body.length), be16(sequence), u24(start), u24(piece.length), piece)
}

const extensions = bytesOf(
  serverNameOf('gateway.ward.example'),
  alpnOf('coap'),
  extension(13, be16(2), be16(0x0403)),
)

const HELLO_BODY = bytesOf(
  [0xfe, 0xfd],
  new Uint8Array(32),
  0,
  [4, 0xc0, 0x0c, 0x1e, 0x00],
  be16(4),
  be16(0xc02b),
  be16(0xc0a8),
  [1, 0],
  be16(extensions.length),
  extensions,
)

export const CLIENT_HELLO = dtlsRecord(22, 0, dtlsHandshake(1, 0, HELLO_BODY))
export const SERVER_HELLO = dtlsRecord(
  22,
  0,
  dtlsHandshake(2, 1, serverHello(0xc02b, [], 0xfefd).subarray(4)),
)
const CHAIN = certificateMessage(certificate()).subarray(4)
/** A certificate in two fragments, each in a datagram of its own. */
export const CERTIFICATE_PIECES: readonly Uint8Array[] = [
  dtlsRecord(22, 0, dtlsHandshake(11, 2, CHAIN, 0, 300)),
  dtlsRecord(22, 0, dtlsHandshake(11, 2, CHAIN, 300)),
]

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'dtls',
  over: 'udp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', CLIENT_HELLO),
  sample('server', SERVER_HELLO),
  ...CERTIFICATE_PIECES.map((bytes) => sample('server', bytes)),
  sample('client', dtlsRecord(23, 1, new Uint8Array(40))),
]
