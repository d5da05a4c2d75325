import type { Dissector, Side } from '../../dissector.ts'
import { be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export const finsFrame = (control: number, command: number, ...parts: readonly Part[]) =>
  bytesOf([control, 0, 2, 0, 0, 0, 0, 0, 0, 0x7a], be16(command), ...parts)
export const overTcp = (command: number, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(be32(command), be32(0), ...parts)
  return bytesOf('FINS', be32(body.length), body)
}
export const ASK = finsFrame(0x80, 0x0501)
export const WRITE = finsFrame(0x80, 0x0102, [0x82, 0, 1, 0, 0, 1, 0, 1])
export const ANSWER = finsFrame(
  0xc0,
  0x0501,
  be16(0),
  'CJ2M-CPU33'.padEnd(20),
  '02.01'.padEnd(20),
  new Uint8Array(40),
)
export const NODE = overTcp(0, be32(0))

const sample = (over: Dissector['over'], from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'fins',
  over,
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('udp', 'client', ASK),
  sample('udp', 'server', ANSWER),
  sample('tcp', 'client', NODE),
  sample('tcp', 'server', overTcp(2, ANSWER)),
]
