import { be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A frame (AMQP 0-9-1 §2.3.5). */
export function frame(type: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(type, be16(0), be32(body.length), body, 0xce)
}
const property = (name: string, value: string) =>
  bytesOf(name.length, name, 'S', be32(value.length), value)
const table = bytesOf(property('product', 'RabbitMQ'), property('version', '3.8.9'))
export const HEADER = bytesOf('AMQP', [0, 0, 9, 1])
export const START = frame(
  1,
  be16(10),
  be16(10),
  [0, 9],
  be32(table.length),
  table,
  be32(5),
  'PLAIN',
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'amqp', over: 'tcp', from: 'client', bytes: HEADER },
  { protocol: 'amqp', over: 'tcp', from: 'server', bytes: START },
]
