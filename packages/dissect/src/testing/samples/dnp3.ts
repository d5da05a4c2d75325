import type { Dissector, Side } from '../../dissector.ts'
import { bytesOf, le16, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

function check(bytes: Uint8Array): number[] {
  let value = 0
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = ((value ^ (byte >> bit)) & 1) === 1
      value = isOdd ? (value >> 1) ^ 0xa6bc : value >> 1
    }
  }
  return le16(~value & 0xffff)
}

/** A frame of unconfirmed user data: the master is 1, the outstation 10. */
export function dnp3Frame(isMaster: boolean, ...parts: readonly Part[]): Uint8Array {
  const data = bytesOf(...parts)
  const [target, source] = isMaster ? [10, 1] : [1, 10]
  const head = bytesOf(
    [5, 0x64, data.length + 5, isMaster ? 0xc4 : 0x44],
    le16(target),
    le16(source),
  )
  const blocks: Uint8Array[] = []
  for (let at = 0; at < data.length; at += 16) {
    const block = data.slice(at, at + 16)
    blocks.push(bytesOf(block, check(block)))
  }
  return bytesOf(head, check(head), ...blocks)
}

const attribute = (variation: number, text: string): Uint8Array =>
  bytesOf([0, variation, 0, 0, 0, 1, text.length], text)
const ANSWER = bytesOf(
  [0xc1, 129, 0x80, 0],
  attribute(252, 'Schweitzer Engineering Laboratories'),
  attribute(250, 'SEL-3505'),
  attribute(248, '1171630123'),
  attribute(242, 'R141-V0'),
)
export const READ = dnp3Frame(true, [0xc1, 0xc1, 1, 0, 254, 0, 0, 0])
export const RESTART = dnp3Frame(true, [0xc2, 0xc2, 13])
export const ATTRIBUTES = dnp3Frame(false, 0xc3, ANSWER)
/** The same in two segments. */
export const SEGMENTS = [
  dnp3Frame(false, 0x43, ANSWER.slice(0, 50)),
  dnp3Frame(false, 0x84, ANSWER.slice(50)),
] as const
export const UNSOLICITED = dnp3Frame(false, [0xc5, 0xf0, 130, 0, 0])

const sample = (over: Dissector['over'], from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'dnp3',
  over,
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('tcp', 'client', READ),
  sample('tcp', 'client', RESTART),
  sample('tcp', 'server', ATTRIBUTES),
  sample('tcp', 'server', SEGMENTS[0]),
  sample('udp', 'server', bytesOf(UNSOLICITED, ATTRIBUTES)),
]
