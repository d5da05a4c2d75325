import { address, be16, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

/** Type, length, priority and MAC of the system, key, priority and number of the port, state. */
export const aggregated = (type: number, mac: string, port: number, state: number): Uint8Array =>
  bytesOf(
    [type, 20],
    be16(mac === NOBODY ? 0 : 32_768),
    address(mac),
    be16(13),
    be16(255),
    be16(port),
    state,
    [0, 0, 0],
  )

export const NOBODY = '00:00:00:00:00:00'

/** Actor, partner, collector with its delay, terminator. */
export const lacpMessage = (actor: Uint8Array, partner: Uint8Array): Uint8Array =>
  bytesOf([1, 1], actor, partner, [3, 16], be16(0x8000), new Uint8Array(12), new Uint8Array(52))

export const BUNDLE = lacpMessage(
  aggregated(1, '00:13:c4:00:00:80', 24, 0x3d),
  aggregated(2, '00:0e:83:00:00:40', 4, 0x3f),
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'lacp', over: 'ethernet', from: 'client', bytes: BUNDLE },
]
