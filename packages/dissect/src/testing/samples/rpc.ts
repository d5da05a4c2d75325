import { be32, bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

/** A call with credentials of a Unix system (RFC 5531 §9, appendix A). */
export function call(program: number, version: number, flavour = 1): Uint8Array {
  const credentials = bytesOf(be32(7), be32(6), 'pacs-2', [0, 0], be32(0), be32(0), be32(0))
  return bytesOf(
    be32(0x1234),
    be32(0),
    be32(2),
    be32(program),
    be32(version),
    be32(0),
    be32(flavour),
    be32(credentials.length),
    credentials,
    be32(0),
    be32(0),
  )
}
export const MOUNT = call(100_005, 3)
export const NFS = call(100_003, 3)
export const onStream = (message: Uint8Array) => bytesOf(be32(0x80000000 + message.length), message)

export const SAMPLES: readonly Sample[] = [
  { protocol: 'rpc', over: 'udp', from: 'client', bytes: MOUNT },
  { protocol: 'rpc', over: 'udp', from: 'client', bytes: NFS },
  { protocol: 'rpc', over: 'tcp', from: 'client', bytes: onStream(NFS) },
]
