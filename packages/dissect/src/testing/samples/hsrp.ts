import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const DEFAULT = 'cisco\0\0\0'
const VIRTUAL = address('192.168.10.1')

/** A message of version 1 (RFC 2281 §5). */
export function hsrpMessage(operation: number, state: number, text = DEFAULT): Uint8Array {
  return bytesOf(0, operation, state, [3, 10], 100, 1, 0, text, VIRTUAL)
}

/** A block of version 2: type, length, content. */
export function hsrpBlock(type: number, ...parts: readonly Part[]): Uint8Array {
  const content = bytesOf(...parts)
  return bytesOf(type, content.length, content)
}

/** The state of a group, whose address takes 16 bytes in either family. */
export function hsrpGroup(state: number, family: 4 | 6, virtual: string): Uint8Array {
  const bytes = address(virtual)
  const rest = new Uint8Array(16 - bytes.length)
  const burnt = address('70:0f:6a:00:00:01')
  const times = [be32(3000), be32(10_000)].flat()
  const head = [2, 0, state, family]
  return hsrpBlock(1, head, be16(920), burnt, be32(110), times, bytes, rest)
}

/** MD5 (1) of one key chain; the digest itself is sixteen bytes. */
export const MD5 = hsrpBlock(4, [1, 0, 0, 0], VIRTUAL, be32(1), new Uint8Array(16).fill(0xd5))

export const HELLO = hsrpMessage(0, 16)
export const SIGNED_HELLO = bytesOf(hsrpMessage(0, 8, '\0'.repeat(8)), MD5)
export const ADVERTISEMENT = bytesOf([0, 3], be16(1), be16(14), 2, 0, be16(0), be16(1), be32(0))
export const HELLO_2 = bytesOf(hsrpGroup(6, 4, '10.52.253.126'), hsrpBlock(3, 'PLANTED\0'))
export const HELLO_V6 = bytesOf(hsrpGroup(5, 6, 'fe80::5:73ff:fea0:398'), MD5)
export const INTERFACE = hsrpBlock(2, be16(1), be16(0))

const sample = (bytes: Uint8Array): Sample => ({
  protocol: 'hsrp',
  over: 'udp',
  from: 'client',
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample(HELLO),
  sample(SIGNED_HELLO),
  sample(ADVERTISEMENT),
  sample(HELLO_2),
  sample(HELLO_V6),
  sample(INTERFACE),
]
