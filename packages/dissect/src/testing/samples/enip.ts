import type { Dissector, Side } from '../../dissector.ts'
import { address, be16, bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export const enipMessage = (command: number, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf(
    le16(command),
    le16(body.length),
    le32(7),
    le32(0),
    new Uint8Array(8),
    le32(0),
    body,
  )
}
const item = (type: number, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf(le16(type), le16(body.length), body)
}
/** A CIP message without, or within, a connection. */
export const request = (...cip: readonly Part[]): Uint8Array =>
  enipMessage(0x6f, le32(0), le16(10), le16(2), item(0), item(0xb2, ...cip))
export const unit = (...cip: readonly Part[]): Uint8Array =>
  enipMessage(0x70, le32(0), le16(0), le16(2), item(0xa1, le32(9)), item(0xb1, le16(1), ...cip))

export const IDENTITY_OBJECT = bytesOf(
  le16(1),
  le16(14),
  le16(54),
  [20, 11],
  le16(0x3060),
  le32(0x00c0ffee),
  19,
  '1756-L61/B LOGIX556',
)
export const LIST_IDENTITY = enipMessage(0x63)
export const LISTED = enipMessage(
  0x63,
  le16(1),
  item(
    0x0c,
    le16(1),
    [0, 2],
    be16(44818),
    address('10.40.0.3'),
    new Uint8Array(8),
    IDENTITY_OBJECT,
    3,
  ),
)
export const REGISTER = enipMessage(0x65, le16(1), le16(0))
/** Service and the class of an instance 1. */
export const ask = (service: number, object: number): Uint8Array =>
  bytesOf(service, 2, 0x20, object, 0x24, 1)
export const answer = (service: number, ...parts: readonly Part[]): Uint8Array =>
  bytesOf(service | 0x80, [0, 0, 0], ...parts)
/** For the module in slot 0 of the rack. */
export const routed = (inner: Uint8Array): Uint8Array =>
  bytesOf(ask(0x52, 6), [5, 100], le16(inner.length), inner, [1, 0, 1, 0])
export const MULTIPLE = bytesOf(
  ask(0x0a, 2),
  le16(2),
  le16(6),
  le16(12),
  ask(0x4c, 0x6b),
  [0x4d, 3, 0x91, 3, 0x61, 0x62, 0x63, 0],
)
export const CYCLIC = bytesOf(
  le16(2),
  item(0x8002, le32(1), le32(2)),
  item(0xb1, new Uint8Array(6)),
)

const sample = (over: Dissector['over'], from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'enip',
  over,
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('udp', 'client', LIST_IDENTITY),
  sample('udp', 'server', LISTED),
  sample('udp', 'client', CYCLIC),
  sample('tcp', 'client', REGISTER),
  sample('tcp', 'client', request(ask(1, 1))),
  sample('tcp', 'server', request(answer(1, IDENTITY_OBJECT))),
  sample('tcp', 'client', request(routed(ask(1, 1)))),
  sample('tcp', 'client', unit(MULTIPLE)),
]
