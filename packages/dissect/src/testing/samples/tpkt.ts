import type { Side } from '../../dissector.ts'
import { der } from '../der.ts'
import { be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const tpkt = (...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf([3, 0], be16(body.length + 4), body)
}
/** A request for (0xe0) or confirmation of (0xd0) a connection, with selectors. */
export const connect = (code: number, calling: Part, called: Part): Uint8Array => {
  const [one, other] = [bytesOf(calling), bytesOf(called)]
  const header = bytesOf(
    code,
    [0, 0, 0, 1, 0],
    [0xc0, 1, 10],
    [0xc1, one.length],
    one,
    [0xc2, other.length],
    other,
  )
  return tpkt(header.length, header)
}
/** User data; all but the last data unit of a message have `isLast` false. */
export const data = (part: Part, isLast = true): Uint8Array =>
  tpkt([2, 0xf0, isLast ? 0x80 : 0], part)

export const s7 = (kind: number, parameters: Part, body: Part = ''): Uint8Array => {
  const [one, other] = [bytesOf(parameters), bytesOf(body)]
  return bytesOf([0x32, kind, 0, 0, 0, 1], be16(one.length), be16(other.length), one, other)
}
export const SETUP = s7(1, [0xf0, 0, 0, 1, 0, 1, 0, 240])
export const START = s7(1, bytesOf([0x28, 0, 0, 0, 0, 0, 0, 0xfd], be16(0), 9, 'P_PROGRAM'))
export const READ_LIST = s7(
  7,
  [0, 1, 0x12, 4, 0x11, 0x44, 1, 0],
  bytesOf([0xff, 9, 0, 4], be16(0x1c), be16(0)),
)
/** An answer to it, with a part of the list. */
export const listAnswer = (isMore: boolean, part: Uint8Array): Uint8Array =>
  s7(
    7,
    [0, 1, 0x12, 8, 0x12, 0x84, 1, 1, 0, isMore ? 1 : 0, 0, 0],
    bytesOf([0xff, 9], be16(part.length), part),
  )
const padded = (text: string, length: number, fill: string): string => text.padEnd(length, fill)
const component = (index: number, text: string): Uint8Array =>
  bytesOf(be16(index), padded(text, 32, '\0'))
export const COMPONENTS = bytesOf(
  be16(0x1c),
  be16(0),
  be16(34),
  be16(3),
  component(1, 'AHU plant'),
  component(5, 'S C-B1U393142011'),
  component(7, 'CPU 315-2 PN/DP'),
)
const module = (index: number, order: string, version: readonly number[]): Uint8Array =>
  bytesOf(be16(index), padded(order, 20, ' '), be16(0xc0), version)
export const MODULES = bytesOf(
  be16(0x11),
  be16(0),
  be16(28),
  be16(3),
  module(1, '6ES7 315-2EH14-0AB0', [0, 3, 0, 1]),
  module(6, '6ES7 315-2EH14-0AB0', [0, 3, 0, 1]),
  module(7, '', [0x56, 3, 2, 7]),
)

export const PLUS_CREATE = bytesOf([0x72, 1, 0, 30, 0x31, 0, 0], be16(0x04ca), new Uint8Array(20))
export const PLUS_CREATED = bytesOf(
  [0x72, 1, 0, 60, 0x32, 0, 0],
  be16(0x04ca),
  new Uint8Array(8),
  '1;6ES7 511-1AK00-0AB0;V1.8',
  [0xa3, 0x82],
)

const presented = (pdu: Uint8Array): Uint8Array =>
  bytesOf([1, 0, 1, 0], der(0x61, der(0x30, der(0x02, 3), der(0xa0, pdu))))
export const IDENTIFY = der(0xa0, der(0x02, 1), der(0x82))
export const IDENTITY = der(
  0xa1,
  der(0x02, 1),
  der(0xa2, der(0x80, 'SIEMENS'), der(0x81, '7SJ64'), der(0x82, 'V4.62')),
)
export const FILE_OPEN = der(0xa0, der(0x02, be32(70_000)), der(0xbf48, der(0x80, 'x')))
export const SESSION_IDENTIFY = presented(IDENTIFY)
export const SESSION_IDENTITY = presented(IDENTITY)
/** A session whose presentation context is of MMS. */
export const SESSION = bytesOf(
  [0x0d, 20, 0xc1, 18],
  new Uint8Array(10),
  [6, 5, 0x28, 0xca, 0x22, 2, 1],
)

const sample = (protocol: string, from: Side, bytes: Uint8Array): Sample => ({
  protocol,
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('cotp', 'client', connect(0xe0, [1, 0], 'SIMATIC-ROOT-HMI')),
  sample('cotp', 'server', connect(0xd0, [1, 0], [1, 2])),
  sample('cotp', 'client', data(SETUP)),
  sample('cotp', 'client', data(PLUS_CREATE)),
  sample('cotp', 'client', data(SESSION)),
  sample('s7comm', 'client', data(START)),
  sample('s7comm', 'client', data(READ_LIST)),
  sample('s7comm', 'server', data(listAnswer(false, COMPONENTS))),
  sample('s7comm', 'server', data(listAnswer(false, MODULES))),
  sample('s7comm-plus', 'client', data(PLUS_CREATE)),
  sample('s7comm-plus', 'server', data(PLUS_CREATED)),
  sample('mms', 'client', data(SESSION)),
  sample('mms', 'client', data(SESSION_IDENTIFY)),
  sample('mms', 'server', data(SESSION_IDENTITY)),
  sample('mms', 'client', data(FILE_OPEN)),
]
