import type { Side } from '../../dissector.ts'
import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A tag of the application (`class` 0) or of the context (`class` 8) with its contents. */
const tag = (number: number, tagClass: 0 | 8, ...value: readonly Part[]): Uint8Array => {
  const body = bytesOf(...value)
  const size =
    body.length < 5 ? [] : body.length < 254 ? [body.length] : [254, ...be16(body.length)]
  return bytesOf((number << 4) | tagClass | Math.min(5, body.length), size, body)
}
export const application = (number: number, ...value: readonly Part[]) => tag(number, 0, ...value)
export const context = (number: number, ...value: readonly Part[]) => tag(number, 8, ...value)
export const opening = (number: number): number => (number << 4) | 0x0e
export const closing = (number: number): number => (number << 4) | 0x0f
export const between = (number: number, ...parts: readonly Part[]): Uint8Array =>
  bytesOf(opening(number), ...parts, closing(number))

export const objectId = (kind: number, instance: number): number[] =>
  be32(kind * 2 ** 22 + instance)
export const text = (value: string, set = 0): Uint8Array => application(7, set, value)
export const DEVICE = 8

/** A message of the link layer; `network` is what follows its header. */
export function bacnetMessage(code: number, ...network: readonly Part[]): Uint8Array {
  const body = bytesOf(...network)
  return bytesOf([0x81, code], be16(body.length + 4), body)
}

const LOCAL = [1, 0]
/** From station 05 of network 2001. */
export const FROM_STATION = [1, 0x08, 0x07, 0xd1, 1, 5]

export const iAm = (instance: number): Uint8Array =>
  bytesOf(
    [0x10, 0],
    application(12, objectId(DEVICE, instance)),
    application(2, be16(1476)),
    application(9, 0),
    application(2, 5),
  )

export const I_AM = bacnetMessage(0x0b, LOCAL, iAm(3001))
export const FORWARDED_I_AM = bacnetMessage(4, address('10.8.0.9'), be16(47808), LOCAL, iAm(3001))
export const ROUTED_I_AM = bacnetMessage(0x0b, FROM_STATION, iAm(3001))

export const I_HAVE = bacnetMessage(
  0x0b,
  LOCAL,
  [0x10, 1],
  application(12, objectId(DEVICE, 3001)),
  application(12, objectId(DEVICE, 3001)),
  text('AHU-ICU'),
)

export const READ_PROPERTY_ACK = bacnetMessage(
  0x0a,
  LOCAL,
  [0x30, 1, 12],
  context(0, objectId(DEVICE, 3001)),
  context(1, 70),
  between(3, text('MS-NAE4510-2')),
)

const property = (id: number, ...value: readonly Part[]): Uint8Array =>
  bytesOf(context(2, id), between(4, ...value))

export const READ_MULTIPLE_ACK = bacnetMessage(
  0x0a,
  LOCAL,
  [0x30, 2, 14],
  context(0, objectId(0, 7)),
  between(1, property(77, text('Pressure Isolation Room 4'))),
  context(0, objectId(DEVICE, 3001)),
  between(
    1,
    property(121, text('JCI')),
    property(120, application(2, 5)),
    // A list within the value, and an error, stand before what is wanted.
    property(96, between(0, application(12, objectId(DEVICE, 1)), between(1, application(2, 1)))),
    bytesOf(context(2, 28), between(5, application(9, 2), application(9, 32))),
    property(44, text('5.1.0.4400')),
    bytesOf(context(2, be16(372)), between(4, text('\0N\0A\0E\x03\xa9', 4))),
  ),
)

export const WRITE = bacnetMessage(
  0x0a,
  [1, 4],
  [0, 5, 9, 15],
  context(0, objectId(1, 3)),
  context(1, 85),
  between(3, application(4, be32(0x42000000))),
)

export const ROUTER = bacnetMessage(0x0b, [1, 0x80, 1], be16(2001), be16(2002))
export const FOREIGN = bacnetMessage(5, be16(300))

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'bacnet',
  over: 'udp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', I_AM),
  sample('client', FORWARDED_I_AM),
  sample('client', ROUTED_I_AM),
  sample('client', I_HAVE),
  sample('server', READ_PROPERTY_ACK),
  sample('server', READ_MULTIPLE_ACK),
  sample('client', WRITE),
  sample('client', ROUTER),
  sample('client', FOREIGN),
]
