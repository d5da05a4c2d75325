import { address, be16, bytesOf, le16, le32, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A NetBIOS name in its label (RFC 1001 §14.1). */
export function encodedName(name: string, suffix: number): Uint8Array {
  const padded = [...bytesOf(name.padEnd(15)), suffix]
  return bytesOf(
    32,
    padded.flatMap((byte) => [0x41 + (byte >> 4), 0x41 + (byte & 15)]),
    0,
  )
}

const SLOT = '\\MAILSLOT\\BROWSE\0'

/** A datagram to a workgroup that carries these data to a mail slot. */
export function datagram(data: Part, slot = SLOT): Uint8Array {
  const inside = bytesOf(data)
  const names = bytesOf(encodedName('PACS-2', 0), encodedName('WARD3', 0x1d))
  const words = bytesOf(
    le16(0),
    le16(inside.length),
    new Uint8Array(18),
    le16(inside.length),
    le16(69 + slot.length),
    [3, 0],
    le16(1),
    le16(1),
    le16(2),
  )
  const smb = bytesOf('\u00ffSMB', 0x25, new Uint8Array(27), 17, words, be16(0), slot, inside)
  const body = bytesOf(names, smb)
  return bytesOf(
    [0x11, 2],
    be16(5),
    address('10.0.0.7'),
    be16(138),
    be16(body.length),
    be16(0),
    body,
  )
}

export const ANNOUNCEMENT = datagram(
  bytesOf(
    1,
    0,
    new Uint8Array(4),
    'PACS-2'.padEnd(16, '\0'),
    [6, 1],
    le32(0x1003),
    le32(0),
    'CT room\0',
  ),
)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'nbdgm', over: 'udp', from: 'client', bytes: ANNOUNCEMENT },
]
