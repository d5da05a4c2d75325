import { address, be16, be32, bytesOf, type Part } from '../frames.ts'
import type { Sample } from './sample.ts'

/** Priority with its extension, and the MAC of a bridge. */
export const bridgeId = (settable: number, mac: string): Uint8Array =>
  bytesOf(be16(settable), address(mac))

const ROOT = bridgeId(24_606, '00:19:06:00:00:80')
const BRIDGE = bridgeId(32_798, '00:1f:6d:00:00:40')
/** Message age, maximum age, hello, forward delay: seconds in 256ths. */
const TIMES = [be16(256), be16(20 * 256), be16(2 * 256), be16(15 * 256)].flat()

/** A BPDU of this version and type: root, cost, bridge, port, times, then what the version adds. */
export const bpdu = (
  version: number,
  type: number,
  { root = ROOT, bridge = BRIDGE, port = 0x8018 } = {},
  ...more: readonly Part[]
): Uint8Array =>
  bytesOf([0, 0, version, type, 0x3c], root, be32(20_004), bridge, be16(port), TIMES, ...more)

/** What stands behind an MST BPDU: lengths, name of the region, revision, digest, cost, the sender, hops. */
export const region = (name: string, sender: Uint8Array, length = 64): Uint8Array =>
  bytesOf(
    0,
    be16(length),
    0,
    name.padEnd(32, '\0'),
    be16(7),
    new Uint8Array(16).fill(0xac),
    be32(20_000),
    sender,
    20,
  )

export const CONFIGURATION = bpdu(0, 0x00)
export const RAPID = bpdu(2, 0x02, {}, 0)
export const TOPOLOGY_CHANGE = bytesOf(0, 0, 0, 0x80)
export const MULTIPLE = bpdu(
  3,
  0x02,
  { bridge: bridgeId(4096, '00:19:06:00:00:c0') },
  region('HOSPITAL', bridgeId(32_768, '00:1f:6d:00:00:40')),
)
/** One octet, then the VLAN that it was sent in. */
export const PER_VLAN = bpdu(2, 0x02, {}, 0, be16(0), be16(2), be16(30))

export const SAMPLES: readonly Sample[] = [
  CONFIGURATION,
  RAPID,
  TOPOLOGY_CHANGE,
  MULTIPLE,
  PER_VLAN,
].map((bytes) => ({ protocol: 'stp', over: 'ethernet', from: 'client', bytes }))
