import { be16, be32, bytesOf, hex, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** An ISAKMP message (RFC 2408 §3.1): cookies, first payload, version, exchange, flags. */
export function isakmp(first: number, version: number, exchange: number, body: Part): Uint8Array {
  const bytes = bytesOf(body)
  const head = bytesOf(hex('0102030405060708'), new Uint8Array(8), first, version << 4, exchange, 0)
  return bytesOf(head, be32(0), be32(28 + bytes.length), bytes)
}

const payload = (next: number, value: Uint8Array) => bytesOf(next, 0, be16(value.length + 4), value)
export const MAIN = isakmp(
  1,
  1,
  2,
  bytesOf(
    payload(13, new Uint8Array(20)),
    payload(13, hex('12f5f28c457168a9702d9fe274cc0100')),
    payload(0, hex('00112233445566778899aabbccddeeff')),
  ),
)
export const INIT = isakmp(43, 2, 34, payload(0, hex('882fe56d6fd20dbc2251613b2ebe5beb')))
export const ESP = bytesOf(be32(0xc0ffee01), be32(7), new Uint8Array(48))

const sample = (bytes: Uint8Array): Sample => ({
  protocol: 'ipsec',
  over: 'udp',
  from: 'client',
  bytes,
})
export const SAMPLES: readonly Sample[] = [MAIN, INIT, bytesOf(be32(0), INIT), ESP].map(sample)
