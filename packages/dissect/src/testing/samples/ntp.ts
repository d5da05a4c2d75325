import type { Side } from '../../dissector.ts'
import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

interface NtpShape {
  readonly version?: number
  readonly mode: number
  readonly stratum?: number
  readonly reference?: Part
  /** Seconds since 1900 of receiving and of sending. */
  readonly received?: number
  readonly sent?: number
  readonly rest?: Part
}

export function ntpMessage(shape: NtpShape): Uint8Array {
  const stamp = (seconds: number | undefined) => [...be32(seconds ?? 0), ...be32(0)]
  return bytesOf(
    ((shape.version ?? 4) << 3) | shape.mode,
    shape.stratum ?? 0,
    [6, 0xe9],
    be32(0x100),
    be32(0x200),
    shape.reference ?? be32(0),
    stamp(shape.sent),
    stamp(0),
    stamp(shape.received),
    stamp(shape.sent),
    shape.rest ?? [],
  )
}

const NOW = 0xe90f8000

export const CLIENT = ntpMessage({ mode: 3, sent: NOW })
export const SERVER = ntpMessage({
  mode: 4,
  stratum: 2,
  reference: address('10.0.0.123'),
  received: NOW,
  sent: NOW,
})

const VARIABLES =
  'version="ntpd 4.2.6p5@1.2349-o", processor="armv5tejl",\r\nsystem="Linux/2.6.39", leap=0'
export const CONTROL = bytesOf([0x16, 0x82], new Uint8Array(8), be16(VARIABLES.length), VARIABLES)
export const MONITOR_LIST = bytesOf([0x97, 0, 3, 42], be16(1), be16(72), new Uint8Array(72))

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'ntp',
  over: 'udp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', CLIENT),
  sample('server', SERVER),
  sample('server', CONTROL),
  sample('server', MONITOR_LIST),
]
