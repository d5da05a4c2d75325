import type { Side } from '../../dissector.ts'
import { address, be16, be32, bytesOf, hex, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** Option, suboption and value after two octets of information, padded to an even length. */
export const dcpBlock = (option: number, suboption: number, ...value: readonly Part[]) => {
  const body = bytesOf(be16(0), ...value)
  return bytesOf(option, suboption, be16(body.length), body, body.length % 2 === 1 ? 0 : [])
}

export const dcp = (frame: number, service: number, type: number, ...parts: readonly Part[]) => {
  const body = bytesOf(...parts)
  const pad = new Uint8Array(Math.max(0, 34 - body.length))
  return bytesOf(be16(frame), service, type, be32(7), be16(0), be16(body.length), body, pad)
}

export const IDENTITY = dcp(
  0xfeff,
  5,
  1,
  dcpBlock(2, 5, [1, 1, 1, 2]),
  dcpBlock(2, 1, 'S7-1200'),
  dcpBlock(2, 2, 'plc-ahu-3'),
  dcpBlock(2, 3, be16(0x2a), be16(0x010d)),
  dcpBlock(2, 4, [2, 0]),
  dcpBlock(1, 2, address('10.30.0.4'), address('255.255.255.0'), address('10.30.0.1')),
)
export const SET = dcp(
  0xfefd,
  4,
  0,
  dcpBlock(2, 2, 'pump-1'),
  dcpBlock(1, 2, address('10.30.0.9'), address('255.255.255.0'), address('0.0.0.0')),
  dcpBlock(5, 6, [0, 2]),
)
export const CYCLIC = bytesOf(be16(0x8001), new Uint8Array(40))
export const CLOCK = bytesOf(be16(0xff40), new Uint8Array(40))

const identifier = (first: string, isLittle: boolean, rest: string): Uint8Array => {
  const head = hex(`${first}6c9711d1`)
  const swapped = [3, 2, 1, 0, 5, 4, 7, 6].map((at) => head[at]!)
  return bytesOf(isLittle ? swapped : head, hex(rest))
}
/** A call or answer about instance 1 of device 3 of vendor 0x015a. */
export const ioCall = (type: number, isLittle: boolean, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(new Uint8Array(20), ...parts)
  return bytesOf(
    [4, type, 0, 0, isLittle ? 0x10 : 0, 0, 0, 0],
    identifier('dea00000', isLittle, '827100010003015a'),
    identifier('dea00001', isLittle, '827100a02442df7d'),
    new Uint8Array(40),
    body,
  )
}
export const CONNECT = ioCall(
  0,
  false,
  be16(0x0101),
  be16(64),
  new Uint8Array(52),
  be16(8),
  'plc-main',
)
export const IDENTIFICATION = ioCall(
  2,
  true,
  be16(0x8009),
  new Uint8Array(62),
  [0, 0x20, 0, 0x38, 1, 0],
  be16(0x015a),
  '6ES7 215-1AG40-0XB0 ',
  'S C-X4U421302009',
  be16(4),
  'V',
  [4, 2, 1],
  new Uint8Array(8),
)

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'profinet',
  over: 'ethernet',
  from,
  bytes,
})
const call = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'profinet',
  over: 'udp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', IDENTITY),
  sample('client', SET),
  sample('client', CYCLIC),
  call('client', CONNECT),
  call('server', IDENTIFICATION),
]
