import type { Side } from '../../dissector.ts'
import { be16, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A frame to or from unit 1, or another. */
export function modbusFrame(parts: readonly Part[], unit = 1): Uint8Array {
  const body = bytesOf(unit, ...parts)
  return bytesOf(be16(7), be16(0), be16(body.length), body)
}

export const READ = modbusFrame([3, be16(0), be16(10)])
export const READ_ANSWER = modbusFrame([3, 4, be16(21), be16(22)])
export const WRITE = modbusFrame([16, be16(100), be16(1), 2, be16(5)])
export const REFUSAL = modbusFrame([0x90, 2])
export const IDENTIFY = modbusFrame([43, 14, 1, 0])
const object = (id: number, text: string): Uint8Array => bytesOf(id, text.length, text)
export const IDENTITY = modbusFrame([
  [43, 14, 1, 1, 0, 0, 3],
  object(0, 'Schneider Electric'),
  object(1, 'BMX P34 2020'),
  object(2, 'v2.6'),
])
export const SERVER_ID = modbusFrame([17, 8, 1, 'AHU-200'])
export const UMAS_IDENTIFY = modbusFrame([[90, 0, 2]], 0)
export const UMAS_IDENTITY = modbusFrame(
  [[90, 0, 0xfe], new Uint8Array(22), 14, '140 CPU 311 10', [1, 1, 1]],
  0,
)

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'modbus',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', READ),
  sample('server', READ_ANSWER),
  sample('client', WRITE),
  sample('server', REFUSAL),
  sample('client', IDENTIFY),
  sample('server', IDENTITY),
  sample('server', SERVER_ID),
  sample('client', UMAS_IDENTIFY),
  sample('server', UMAS_IDENTITY),
]
