import { be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const block = (...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf(be16(body.length), body)
}
const octets = (text: string) => block(text)
const attribute = (id: number, ...parts: readonly Part[]) => bytesOf(be16(id), block(...parts))

const information = (type: readonly number[], configuration: number) =>
  bytesOf(
    [0x80, 0, 0, 0, 0x80, 0, 0x80, 0, 0, 0, 0, 0, 0, 0],
    type,
    block([0x00, 0x09, 0xfb, 0xff, 0xfe, 0x05, 0x93, 0x22]),
    be16(configuration),
    [0, 1, 1, 1, 0, 0, 0, 0],
  )

export const ASSOCIATE = bytesOf(
  [0xe2, 0],
  block([0x80, 0, 0, 0], be16(1), block(be16(0x5079), block(information([0, 0x80, 0, 0], 0x0190)))),
)
export const ACCEPT = bytesOf(
  [0xe3, 0],
  block(be16(0), be16(0x5079), block(information([0x80, 0, 0, 0], 0))),
)

const ATTRIBUTES = [
  attribute(0x0928, octets('Examplemed'), octets('Oxi 3')),
  attribute(
    0x092d,
    be16(3),
    block(
      be16(1),
      be16(0),
      octets('SN77'),
      be16(4),
      be16(0),
      octets('1.8'),
      be16(7),
      be16(0),
      octets('x'),
    ),
  ),
  // A name that stands where a patient's could.
  attribute(0x095c, octets('PLANTED')),
]
const DATA = block(be16(0), be16(ATTRIBUTES.length), block(...ATTRIBUTES))
export const DEVICE_ATTRIBUTES = bytesOf(
  [0xe7, 0],
  block(block(be16(0), be16(0x0203), block(DATA.subarray(2)))),
)
export const RELEASE = bytesOf([0xe4, 0, 0, 2, 0, 0])

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'phd',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', ASSOCIATE),
  sample('server', ACCEPT),
  sample('client', DEVICE_ATTRIBUTES),
  sample('client', RELEASE),
]
