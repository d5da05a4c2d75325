import { bytesOf, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

export function message(operation: number, ...parts: readonly Part[]): Uint8Array {
  const body = bytesOf(...parts)
  return bytesOf(le32(body.length + 16), le32(1), le32(0), le32(operation), body)
}
const text = (name: string, value: string) => bytesOf(2, name, 0, le32(value.length + 1), value, 0)
const document = (...parts: readonly Part[]) => {
  const body = bytesOf(...parts)
  return bytesOf(le32(body.length + 5), body, 0)
}
export const HELLO = message(
  2004,
  le32(0),
  'admin.$cmd\0',
  le32(0),
  le32(1),
  document(
    bytesOf(0x10, 'isMaster\0', le32(1)),
    bytesOf(
      3,
      'client\0',
      document(3, 'driver\0', document(text('name', 'PyMongo'), text('version', '3.8'))),
    ),
  ),
)
export const ANSWER = message(
  2013,
  le32(0),
  0,
  document(0x10, 'maxWireVersion\0', le32(9), text('setName', 'pacs'), text('version', '4.4.1')),
)
export const FIND = message(
  2013,
  le32(0),
  0,
  document(text('find', 'patients'), text('name', 'Maria')),
)

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'mongodb',
  over: 'tcp',
  from,
  bytes,
})
export const SAMPLES: readonly Sample[] = [
  sample('client', HELLO),
  sample('server', ANSWER),
  sample('client', FIND),
]
