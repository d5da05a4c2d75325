import type { Dissector, Side } from '../../dissector.ts'
import { address, be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export function knxMessage(service: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf([6, 0x10], be16(service), be16(body.length + 6), body)
}

const ENDPOINT = bytesOf([8, 1], address('10.0.0.1'), be16(3671))
const block = (type: number, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf(body.length + 2, type, body)
}
const name = (text: string): Uint8Array => bytesOf(text, new Uint8Array(30 - text.length))

export const DEVICE = block(
  1,
  [2, 1],
  be16(0x110a),
  be16(0),
  [0, 0xc5, 1, 2, 3, 4],
  address('224.0.23.12'),
  address('02:00:00:00:c5:01'),
  name('KNX IP BAOS 777'),
)
export const SEARCH = knxMessage(0x0201, ENDPOINT)
export const SEARCH_RESPONSE = knxMessage(
  0x0202,
  ENDPOINT,
  DEVICE,
  block(2, [2, 1, 3, 1, 4, 1, 9, 1]),
)
export const EXTENDED_RESPONSE = knxMessage(
  0x020c,
  ENDPOINT,
  DEVICE,
  block(4, address('10.0.0.7'), new Uint8Array(14)),
  block(8, [0, 0, 0, 54], be16(0x091a)),
)
export const DESCRIPTION_RESPONSE = knxMessage(0x0204, DEVICE)
/** L_Data of 1.1.5 to a group: an application service of six bits of data. */
const telegram = (service: number): Uint8Array =>
  bytesOf([0x29, 0, 0xbc, 0xe0], be16(0x1105), be16(0x0a03), 1, be16(service << 6))
export const GROUP_WRITE = knxMessage(0x0530, telegram(2))
export const RESTART = knxMessage(0x0420, [4, 1, 0, 0], telegram(14))
export const FEATURE = knxMessage(0x0423, [4, 1, 2, 0, 6, 0, 0x10, 0x87])

const sample = (over: Dissector['over'], from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'knxip',
  over,
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('udp', 'client', SEARCH),
  sample('udp', 'server', SEARCH_RESPONSE),
  sample('udp', 'server', EXTENDED_RESPONSE),
  sample('udp', 'client', GROUP_WRITE),
  sample('udp', 'client', RESTART),
  sample('tcp', 'server', DESCRIPTION_RESPONSE),
  sample('tcp', 'server', FEATURE),
]
