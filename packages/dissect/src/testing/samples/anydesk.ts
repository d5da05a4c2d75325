import { be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

const text = (value: string): Part => bytesOf(be32(value.length), value)

/** An announcement as published by others: number, host, user, interface, task, port. */
export function announcement(id: number, host: string): Uint8Array {
  return bytesOf(
    [0x3e, 0xd1, 1],
    be32(id),
    be32(0),
    [2, 1],
    text(host),
    text('PLANTED'),
    be32(0),
    text('eth0'),
    0,
    text('main'),
    [2, 0xc3, 0x51],
  )
}

export const ANNOUNCEMENT = announcement(123_456_789, 'ward3-pc7')

export const SAMPLES: readonly Sample[] = [
  { protocol: 'anydesk', over: 'udp', from: 'client', bytes: ANNOUNCEMENT },
]
