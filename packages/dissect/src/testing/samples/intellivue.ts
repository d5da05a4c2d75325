import { be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const block = (...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf(be16(body.length), body)
}
const wide = (text: string) => [...text, '\0'].flatMap((letter) => be16(letter.charCodeAt(0)))
const attribute = (id: number, ...parts: readonly Part[]) => bytesOf(be16(id), block(...parts))
const list = (...items: readonly Uint8Array[]) => bytesOf(be16(items.length), block(...items))
const specification = (type: number, text: string) => bytesOf(be16(type), be16(8), block(text))

const MODEL = attribute(0x0928, block('Examplemed\0'), block('Vitalis 7\0'))
const SPECIFICATIONS = attribute(
  0x092d,
  list(
    specification(1, 'DE2271\0'),
    specification(3, 'B.00.05 '),
    specification(4, 'G.01.78 '),
    specification(5, '--------'),
  ),
)
const PATIENT = [
  attribute(0x095c, block(wide('PLANTED'))),
  attribute(0x095d, block(wide('JANE'))),
  attribute(0x095a, block('PLANTED')),
]
const invoke = (command: number, managed: number, event: number, body: Uint8Array) =>
  bytesOf(
    be16(1),
    block(
      be16(0),
      be16(command),
      block(be16(managed), be32(0), be32(0x00d6d400), be16(event), block(body)),
    ),
  )

export const CONNECT_INDICATION = bytesOf(
  [0, 0, 1, 0],
  invoke(
    0,
    0x23,
    0x0d17,
    list(
      attribute(0x0986, be32(0x0001_114d)),
      attribute(0xf100, [0x00, 0x09, 0xfb, 0x09, 0x77, 0xbd, 10, 13, 37, 2, 255, 255, 255, 0]),
      attribute(0xf135, wide('ICU MON 15')),
      attribute(0xf101, list(bytesOf(be16(5), be16(1), be16(24_105), be16(0)))),
      SPECIFICATIONS,
      MODEL,
      ...PATIENT,
    ),
  ),
)
const SESSION = [0x05, 0x08, 0x13, 0x01, 0x00, 0x16, 0x01, 0x02, 0x80, 0x00, 0x14, 0x02, 0x00, 0x02]
export const ASSOCIATE = bytesOf(0x0d, 0x20, SESSION, 0xc1, 0x10, new Uint8Array(16))
export const ACCEPT = bytesOf(0x0e, 0xff, 0x00, 0x20, SESSION, 0xc1, 0x10, new Uint8Array(16))
const PRESENTATION = [0x61, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0xa0, 0x80]
export const RELEASE_REQUEST = bytesOf(
  [0x09, 0x18, 0xc1, 0x16],
  [...PRESENTATION, 0x62, 0x80, 0x80, 0x01, 0x00],
  new Uint8Array(8),
)
/** One without the mark of user data. */
export const RELEASE = bytesOf(
  [0x0a, 0x16],
  [...PRESENTATION, 0x63, 0x80, 0x80, 0x01, 0x00],
  new Uint8Array(8),
)
export const ABORT = bytesOf(
  [0x19, 0x1a, 0x11, 0x01, 0x03, 0xc1, 0x15],
  [...PRESENTATION, 0x64, 0x80, 0x80, 0x01, 0x01],
  new Uint8Array(7),
)
export const MDS_CREATE = bytesOf(
  [0xe1, 0, 0, 2],
  invoke(
    1,
    0x21,
    0x0d06,
    bytesOf(
      be16(0x21),
      be32(0),
      list(
        MODEL,
        SPECIFICATIONS,
        attribute(0x0946, be16(0x4000)),
        attribute(0x091e, block(wide('Bed 3'))),
        ...PATIENT,
      ),
    ),
  ),
)
/** A linked result of a poll with the patient's names in it. */
export const POLL_RESULT = bytesOf([0xe1, 0, 0, 2], be16(5), block(be16(1), be16(7), ...PATIENT))

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'intellivue',
  over: 'udp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', CONNECT_INDICATION),
  sample('client', ASSOCIATE),
  sample('server', ACCEPT),
  sample('server', MDS_CREATE),
  sample('server', POLL_RESULT),
  sample('client', RELEASE_REQUEST),
  sample('server', RELEASE),
  sample('server', ABORT),
]
