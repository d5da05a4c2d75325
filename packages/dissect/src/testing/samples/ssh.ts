import { be32, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

/** The ten name lists of a key exchange (RFC 4253 §7.1), in its order. */
export type NameLists = readonly string[]

/** A whole SSH_MSG_KEXINIT packet, unencrypted. */
export function kexInit(lists: NameLists): Uint8Array {
  const names = Array.from({ length: 10 }, (_, at) => lists[at] ?? '')
  const payload = bytesOf(
    20,
    new Uint8Array(16).fill(7),
    ...names.flatMap((list) => [be32(list.length), list]),
    0,
    be32(0),
  )
  const padding = 8 - ((payload.length + 5) % 8) + 4
  return bytesOf(be32(payload.length + padding + 1), padding, payload, new Uint8Array(padding))
}

export const LISTS: NameLists = [
  'curve25519-sha256,diffie-hellman-group1-sha1',
  'ssh-ed25519,ssh-dss',
  'aes128-ctr',
  'aes256-ctr,3des-cbc',
  'hmac-sha2-256',
  'hmac-md5',
  'none',
  'zlib',
]

const sample = (from: Sample['from'], bytes: Uint8Array | string): Sample => ({
  protocol: 'ssh',
  over: 'tcp',
  from,
  bytes: bytesOf(bytes),
})

export const SAMPLES: readonly Sample[] = [
  sample('client', 'SSH-2.0-PuTTY_Release_0.76\r\n'),
  sample('client', kexInit(LISTS)),
  sample('server', 'SSH-2.0-dropbear_2012.55 on pump\r\n'),
  sample('server', kexInit(LISTS)),
  sample('server', 'SSH-1.5-Cisco-1.25\n'),
]
