import type { Dissector, Side } from '../../dissector.ts'
import { be16, be32, bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A datagram of EtherCAT; `counter` says how many stations took part. */
const datagram = (command: number, counter: number, isLast: boolean): Uint8Array =>
  bytesOf(command, 0, le32(0), le16(2 | (isLast ? 0 : 0x8000)), le16(0), [0, 0], le16(counter))
export const cat = (...datagrams: readonly Uint8Array[]): Uint8Array => {
  const body = bytesOf(...datagrams)
  return bytesOf(le16(0x1000 | body.length), body, new Uint8Array(10))
}
export const CYCLE = cat(datagram(12, 0, false), datagram(7, 0, true))
export const RETURN = cat(datagram(12, 3, false), datagram(7, 3, true))

export const srtp = (type: number, kind: number, service: number, ...text: readonly Part[]) => {
  const body = bytesOf(...text)
  const head = bytesOf(type, 0, 1, 0, le16(body.length), new Uint8Array(50))
  head[31] = kind
  head[kind === 0x80 ? 50 : 42] = service
  return bytesOf(head, body)
}
export const SRTP_TYPE = srtp(2, 0xc0, 0x43)
export const SRTP_WRITE = srtp(2, 0x80, 0x07, [1, 2])
export const SRTP_ANSWER = srtp(3, 0xd4, 0)

export const lon = (type: number, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  const rest = bytesOf([0, 0], be16(0x1234), be32(1), be32(2), be32(3))
  return bytesOf(be16(body.length + 20), 1, type, rest, body)
}
export const LON_DATA = lon(1, [0x11, 0x22, 0x33])
export const BSAP_REQUEST = bytesOf([0x0e, 0, 1, 0, 5, 0], new Uint8Array(12))
export const BSAP_RESPONSE = bytesOf([0x0e, 0, 1, 0, 6, 0], new Uint8Array(12))

const sample = (
  protocol: string,
  over: Dissector['over'],
  from: Side,
  bytes: Uint8Array,
): Sample => ({ protocol, over, from, bytes })

export const SAMPLES: readonly Sample[] = [
  sample('ethercat', 'ethernet', 'client', CYCLE),
  sample('ge-srtp', 'tcp', 'client', SRTP_TYPE),
  sample('ge-srtp', 'tcp', 'client', SRTP_WRITE),
  sample('lontalk', 'udp', 'client', LON_DATA),
  sample('bsap', 'udp', 'client', BSAP_REQUEST),
]
