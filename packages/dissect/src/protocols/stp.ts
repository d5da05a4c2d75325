import { stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'

const TYPE = { configuration: 0x00, rapid: 0x02, topologyChange: 0x80 } as const
/** Least octets of each type of BPDU, its protocol identifier included (IEEE 802.1D-2004 §9.3.4). */
const LEAST: Readonly<Record<number, number>> = {
  [TYPE.configuration]: 35,
  [TYPE.rapid]: 36,
  [TYPE.topologyChange]: 4,
}
/** 0 is STP, 2 RSTP, 3 MSTP, 4 SPT, which has all of MSTP; there was no 1. */
const VERSIONS: readonly number[] = [0, 2, 3, 4]
const MST_VERSION = 3
/** Octets of what a region says of itself, without its instances (IEEE 802.1Q-2018 §14.4). */
const MST_LENGTH = 64

/** Spanning tree of IEEE 802.1D and 802.1Q: which bridge is behind a port, and which one all bridges follow. */
export const stp: Dissector = {
  protocol: 'stp',
  over: 'ethernet',
  // The access point of bridges, which stands in place of an EtherType, and what Cisco sends for each VLAN of a trunk.
  etherTypes: [0x42, 0x00000c010b],
  appetite: Infinity,
  looksLike: (message) => likeness(message),

  *dissect(message) {
    const version = message.skip(2).u8()
    const type = message.u8()
    if (type === TYPE.topologyChange) return yield* factOf('client', 'stp.version', 'stp')
    const tree = readTree(message)
    if (!message.ok) return
    if (type === TYPE.rapid && version >= MST_VERSION) yield* regionFacts(tree, message)
    else yield* vlanFacts(tree, type === TYPE.rapid, message)
  },
}

interface Bridge {
  readonly priority: number
  /** System id extension: the VLAN, or the instance, that this is the bridge of; zero where there is none. */
  readonly extension: number
  readonly mac: string | undefined
}

interface Tree {
  readonly root: Bridge
  /** The sender; of an MST BPDU the bridge by which its region reaches the root. */
  readonly bridge: Bridge
  readonly port: number
}

function likeness(message: Cursor): Likeness {
  const available = message.remaining
  const protocol = message.u16()
  const version = message.u8()
  const least = LEAST[message.u8()]
  const isKnown = protocol === 0 && VERSIONS.includes(version)
  return isKnown && least !== undefined && available >= least ? 'strong' : 'no'
}

/** What configuration, RST and MST BPDUs have in common (IEEE 802.1D-2004 §9.3.1). Timers are not of interest. */
function readTree(message: Cursor): Tree {
  const root = readBridge(message.skip(1))
  const bridge = readBridge(message.skip(4))
  const port = message.u16()
  message.skip(8)
  return { root, bridge, port }
}

/** Four bits of priority, twelve of extension, and a MAC (IEEE 802.1D-2004 §9.2.5). */
function readBridge(message: Cursor): Bridge {
  const settable = message.u16()
  const mac = stationMac(message.view(6))
  return { priority: settable & 0xf000, extension: settable & 0x0fff, mac }
}

function* treeFacts({ root, bridge, port }: Tree): Generator<Fact> {
  yield* factOf('client', 'stp.bridge', bridgeText(bridge))
  yield* factOf('client', 'stp.root', bridgeText(root))
  // Priority in steps of 16, then the number: as switches write it (IEEE 802.1D-2004 §9.2.7).
  yield* factOf('client', 'stp.port', `${(port >> 12) * 16}.${port & 0x0fff}`)
}

/**
 * The region's name and the sender itself stand behind the common part (IEEE 802.1Q-2018 §14.4). Without them, or in
 * the order that some had before the standard, nothing tells who the sender is.
 */
function* regionFacts(tree: Tree, message: Cursor): Generator<Fact> {
  yield* factOf('client', 'stp.version', 'mstp')
  const length = message.skip(1).u16()
  if (length < MST_LENGTH) return
  // Format selector.
  const region = message.skip(1).utf8(32)
  // Revision, digest, internal path cost.
  const bridge = readBridge(message.skip(22))
  if (!message.ok) return
  yield* treeFacts({ ...tree, bridge })
  yield* factOf('client', 'stp.region', region)
}

/** The tree of one VLAN: of the one that a PVST+ BPDU was sent in, else of the sender's extension, if it has any. */
function* vlanFacts(tree: Tree, isRapid: boolean, message: Cursor): Generator<Fact> {
  const origin = originOf(message)
  const vlan = origin ?? tree.bridge.extension
  const standard = isRapid ? 'rstp' : 'stp'
  const cisco = isRapid ? 'rapid-pvst' : 'pvst'
  yield* factOf('client', 'stp.version', origin === undefined ? standard : cisco)
  yield* treeFacts(tree)
  if (vlan > 0 && vlan < 4095) yield* factOf('client', 'stp.vlan', String(vlan))
}

/** What only PVST+ has behind its BPDU: an octet, then the VLAN in a TLV of type 0 (no public specification). */
function originOf(message: Cursor): number | undefined {
  if (message.remaining < 7) return undefined
  const type = message.skip(1).u16()
  const length = message.u16()
  return type === 0 && length === 2 ? message.u16() : undefined
}

function bridgeText({ priority, mac }: Bridge): string | undefined {
  return mac === undefined ? undefined : `${priority} ${mac}`
}
