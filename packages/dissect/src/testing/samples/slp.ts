import { be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const text = (value: string) => bytesOf(be16(value.length), value)

/** A message of version 2 (RFC 2608 §8). */
export function slpMessage(kind: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(be16(7), text('en'), ...parts)
  return bytesOf([2, kind, 0], be16(body.length + 10), be16(0), [0, 0, 0], body)
}

/** A message of version 1 (RFC 2165 §5). */
export function oldSlpMessage(kind: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf([1, kind], be16(body.length + 12), [0, 0], 'en', be16(3), be16(9), body)
}

const entry = (url: string) => bytesOf(0, be16(300), text(url), 0)
export const REQUEST = slpMessage(
  1,
  text(''),
  text('service:printer'),
  text('default'),
  text(''),
  text(''),
)
export const REPLY = slpMessage(2, be16(0), be16(1), entry('service:printer:lpr://10.0.0.9/q'))
export const REGISTRATION = slpMessage(
  3,
  entry('service:x-hpnp-discover:'),
  text('service:x-hpnp'),
  text('default'),
  text('(x-hp-hn=NPI3C4D5E),(x-hp-mac=001A2203CBBE),(x-hp-p1=MFG:HP;MDL:Laser 7;)'),
  0,
)
export const OLD_REQUEST = oldSlpMessage(1, text(''), text('directory-agent//'))

const sample = (from: Sample['from'], bytes: Uint8Array, over: Sample['over'] = 'udp'): Sample => ({
  protocol: 'slp',
  over,
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', REQUEST),
  sample('server', REPLY),
  sample('client', REGISTRATION),
  sample('client', OLD_REQUEST),
  sample('client', REQUEST, 'tcp'),
]
