import { be16, be32, bytesOf, type Part } from '../frames.ts'
import { httpMessage } from './http.ts'
import type { Sample } from './sample.ts'

const MASK = [0x11, 0xa2, 0x33, 0xc4]

/** A frame (RFC 6455 §5.2). */
export function frame(opcode: number, ...payload: readonly Part[]): Uint8Array {
  const bytes = bytesOf(...payload)
  return bytesOf(0x80 | opcode, sizeOf(bytes.length, 0), bytes)
}
/** The same as a client sends it. */
export function masked(opcode: number, ...payload: readonly Part[]): Uint8Array {
  const bytes = bytesOf(...payload).map((byte, at) => byte ^ MASK[at & 3]!)
  return bytesOf(0x80 | opcode, sizeOf(bytes.length, 0x80), MASK, bytes)
}
const sizeOf = (length: number, mask: number): Part =>
  length < 126
    ? [mask | length]
    : length < 65_536
      ? [mask | 126, ...be16(length)]
      : [mask | 127, 0, 0, 0, 0, ...be32(length)]

export const upgraded = (...fields: readonly string[]) =>
  httpMessage('HTTP/1.1 101 Switching Protocols', [
    'Upgrade: websocket',
    'Connection: Upgrade',
    ...fields,
  ])
export const UPGRADE = httpMessage('GET /ws HTTP/1.1', [
  'Host: pump.example',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Protocol: mqtt, PLANTED-TOKEN',
])
export const TEXT = masked(1, '{"name":"PLANTED","born":1960}')
export const BINARY = frame(2, 'PLANTED')
export const LONG = frame(2, 'PLANTED '.repeat(40))
export const PING = frame(9)

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'websocket',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', TEXT),
  sample('server', BINARY),
  sample('server', LONG),
  sample('server', PING),
]
