import { be16, bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'
import { wide } from './smb.ts'

const tpkt = (...parts: readonly Part[]) => {
  const body = bytesOf(...parts)
  return bytesOf(3, 0, be16(body.length + 4), body)
}

/** An X.224 connection request or confirm with what stands after its fixed part. */
export function connection(type: number, ...parts: readonly Part[]): Uint8Array {
  const rest = bytesOf(...parts)
  return tpkt(rest.length + 6, type, [0, 0, 0, 0, 0], rest)
}

export const negotiation = (type: number, value: number) => bytesOf(type, 0, le16(8), le32(value))

const data = (...parts: readonly Part[]) => tpkt([2, 0xf0, 0x80], ...parts)
const block = (type: number, ...parts: readonly Part[]) => {
  const body = bytesOf(...parts)
  return bytesOf(le16(type), le16(body.length + 4), body)
}

const name = (text: string) => bytesOf(wide(text), new Uint8Array(32 - text.length * 2))

/** Settings of a client inside the connect message of T.125, with as much around them as is looked at. */
export const CLIENT_SETTINGS = data(
  [0x7f, 0x65, 0x82, 1, 0],
  new Uint8Array(20),
  'Duca',
  [0x80, 0x60],
  block(0xc001, le32(0x00080004), new Uint8Array(8), le32(0x0407), le32(2600), name('CTCONSOLE')),
)
export const SERVER_SETTINGS = data(
  [0x7f, 0x66, 0x82, 1, 0],
  new Uint8Array(20),
  'McDn',
  [0x20],
  block(0x0c01, le32(0x00080004)),
  block(0x0c02, le32(2), le32(1)),
)

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'rdp',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', connection(0xe0, 'Cookie: mstshash=PLANTED\r\n', negotiation(1, 3))),
  sample('server', connection(0xd0, negotiation(2, 2))),
  sample('server', connection(0xd0, negotiation(3, 5))),
  sample('client', connection(0xe0)),
  sample('client', CLIENT_SETTINGS),
  sample('server', SERVER_SETTINGS),
]
