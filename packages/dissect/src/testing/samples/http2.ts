import { be16, be32, bytesOf, hex, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export const PREFACE = bytesOf('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
/** A frame (RFC 9113 §4.1). */
export function frame(
  type: number,
  flags: number,
  stream: number,
  ...parts: readonly Part[]
): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(0, be16(body.length), type, flags, be32(stream), body)
}
/** A field that is added to the table, by the place of its name. */
export const added = (place: number, value: string) => bytesOf(0x40 | place, value.length, value)
/** A field that is not, by its name. */
export const named = (name: string, value: string) =>
  bytesOf(0, name.length, name, value.length, value)
export const SETTINGS = frame(4, 0, 0, be16(3), be32(100))
/** GET over http. */
export const GET = bytesOf([0x82, 0x86])
export const REQUEST = frame(
  1,
  0x24,
  1,
  be32(0),
  15,
  GET,
  added(4, '/patients/PLANTED?name=PLANTED'),
  added(1, 'pacs.ward.example'),
  named('user-agent', 'viewer/2'),
  added(23, 'Bearer PLANTED'),
  added(32, 'session=PLANTED'),
)
/** A call whose header block comes in two frames, and what answers it. */
export const CALL_START = frame(
  1,
  0,
  3,
  0x83,
  0x86,
  added(4, '/PLANTED'),
  hex('418cf1e3c2e5f23a6ba0'),
)
export const CALL_END = frame(9, 4, 3, hex('ab90f4ff'), named('content-type', 'application/grpc'))
export const ANSWER = frame(
  1,
  4,
  1,
  0x88,
  added(54, 'Kestrel'),
  named('x-powered-by', 'Viewer'),
  named('www-authenticate', 'Basic realm="Ward"'),
  named('set-cookie', 'PLANTED=PLANTED'),
)
export const BODY = frame(0, 1, 1, 'PLANTED')

const said = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'http2',
  over: 'tcp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  said('client', PREFACE),
  said('server', SETTINGS),
  said('client', REQUEST),
  said('client', CALL_START),
  said('client', CALL_END),
  said('client', BODY),
  said('server', ANSWER),
  said('server', BODY),
]
