import type { Side } from '../../dissector.ts'
import { bytesOf, le16, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const apdu = (control: readonly number[], ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(control, ...parts)
  return bytesOf(0x68, body.length, body)
}
/** A data unit with one object: type, cause, station. */
export const unit = (type: number, cause: number, station: number, ...value: readonly Part[]) =>
  apdu([2, 0, 4, 0], [type, 1, cause, 0], le16(station), [1, 0, 0], ...value)

export const START = apdu([7, 0, 0, 0])
export const ACKNOWLEDGE = apdu([1, 0, 4, 0])
export const INTERROGATION = unit(100, 6, 0xffff, 20)
export const COMMAND = unit(45, 6, 17, 1)
export const COMMAND_DONE = unit(45, 7, 17, 1)
export const POINT = unit(30, 3, 17, new Uint8Array(8))

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'iec104',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', START),
  sample('client', INTERROGATION),
  sample('client', COMMAND),
  sample('server', COMMAND_DONE),
  sample('server', POINT),
]
