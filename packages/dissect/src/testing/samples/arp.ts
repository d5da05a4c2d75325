import { address, be16, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

interface ArpShape {
  readonly operation?: number
  readonly mac?: string
  readonly ip?: string
  readonly targetMac?: string
  readonly target?: string
}

/** An ARP message for IPv4 over Ethernet, padded as Ethernet pads it. */
export function arpMessage(shape: ArpShape): Uint8Array {
  return bytesOf(
    be16(1),
    be16(0x0800),
    [6, 4],
    be16(shape.operation ?? 1),
    address(shape.mac ?? '00:1a:22:03:cb:be'),
    address(shape.ip ?? '10.0.0.7'),
    address(shape.targetMac ?? '00:00:00:00:00:00'),
    address(shape.target ?? '10.0.0.1'),
    new Uint8Array(18),
  )
}

const sample = (shape: ArpShape): Sample => ({
  protocol: 'arp',
  over: 'ethernet',
  from: 'client',
  bytes: arpMessage(shape),
})

export const SAMPLES: readonly Sample[] = [
  sample({}),
  sample({ operation: 2, target: '10.0.0.9', targetMac: '02:00:00:00:00:01' }),
  sample({ target: '10.0.0.7' }),
  sample({ ip: '0.0.0.0', target: '10.0.0.7' }),
  sample({ operation: 3, ip: '0.0.0.0', target: '0.0.0.0', targetMac: '00:1a:22:03:cb:be' }),
  sample({ operation: 4, target: '10.0.0.9', targetMac: '00:1a:22:00:00:09' }),
]
