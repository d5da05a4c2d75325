import type { Dissector, Side } from '../../dissector.ts'
import { bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const PLC = [5, 13, 117, 86, 1, 1]
const PANEL = [192, 168, 1, 99, 1, 1]
/** A command (flags 4) to the controller or its answer (flags 5). */
export const adsMessage = (command: number, flags: number, ...parts: readonly Part[]) => {
  const body = bytesOf(...parts)
  const isAnswer = flags === 5
  return bytesOf(
    le16(0),
    le32(body.length + 32),
    isAnswer ? PANEL : PLC,
    le16(801),
    isAnswer ? PLC : PANEL,
    le16(32_772),
    le16(command),
    le16(flags),
    le32(body.length),
    le32(0),
    le32(1),
    body,
  )
}
export const ASK = adsMessage(1, 4)
export const INFO = adsMessage(
  1,
  5,
  le32(0),
  [2, 11],
  le16(1550),
  'TwinCAT System'.padEnd(16, '\0'),
)
export const WRITE = adsMessage(3, 4, le32(0x4020), le32(0), le32(1), 1)

const tag = (number: number, ...parts: readonly Part[]): Uint8Array => {
  const body = bytesOf(...parts)
  return bytesOf(le16(number), le16(body.length), body)
}
const discovery = (service: number, ...parts: readonly Part[]): Uint8Array =>
  bytesOf([3, 0x66, 0x14, 0x71], le32(0), le32(service), ...parts)
export const IDENTIFY = discovery(1, PANEL, le16(10_000), le32(0))
export const IDENTIFIED = discovery(
  0x80000001,
  PLC,
  le16(10_000),
  le32(3),
  tag(5, 'CX-0D7556\0'),
  tag(4, le32(276), le32(6), le32(0), le32(0), le32(3)),
  tag(3, [2, 11], le16(2018)),
)
export const ADD_ROUTE = discovery(6, PANEL, le16(10_000), le32(1), tag(13, 'PLANTED\0'))

const sample = (over: Dissector['over'], from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'ads',
  over,
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('tcp', 'client', ASK),
  sample('tcp', 'server', INFO),
  sample('tcp', 'client', WRITE),
  sample('udp', 'client', IDENTIFY),
  sample('udp', 'server', IDENTIFIED),
  sample('udp', 'client', ADD_ROUTE),
]
