import {
  isPrivateIp,
  type NetworkCoverage,
  type SensorCoverage,
  type VlanCoverage,
} from '@wardkeeper/core'
import type { FlowEnd, FlowRecord } from '@wardkeeper/dissect'

/** Rooms for what the wire names: what comes after them is not told apart. */
const MOST_MACS = 20_000
const MOST_NETWORKS = 2000
const MOST_HOSTS = 300
/** A MAC with addresses of so many networks belongs to a router, not to a device with several interfaces. */
const ROUTER_NETWORKS = 3
/** Conversations with fewer packets may be refused or lost; with more, the other side must have answered. */
const TALKING_PACKETS = 4
/** Bytes of a segment at the IP layer beyond which it carries payload. */
const BARE_SEGMENT = 60

type Changing<T> = { -readonly [K in keyof T]: T[K] }

/** Learns from flows what a sensor hears and what it cannot. Bounded, whatever the wire says. */
export class CoverageTracker {
  readonly #vlans = new Map<number, Changing<VlanCoverage>>()
  /** Networks by MAC, no more than it takes to know a router. */
  readonly #networksOf = new Map<string, string[]>()
  /** MACs of the hosts of each network. */
  readonly #networks = new Map<string, { hosts: Map<string, string>; last: number }>()

  add(flow: FlowRecord): void {
    const last = flow.end / 1000
    for (const vlan of flow.vlan.length === 0 ? [0] : flow.vlan) this.#addVlan(vlan, flow)
    this.#addHost(flow.client, last)
    this.#addHost(flow.server, last)
  }

  /** What was heard so far. */
  describe(): SensorCoverage {
    const networks = [...this.#networks].map(([network, { hosts, last }]): NetworkCoverage => {
      const behindRouter = [...hosts.values()].filter((mac) => this.#isRouter(mac)).length
      return { network, hosts: hosts.size, behindRouter, last }
    })
    return {
      vlans: [...this.#vlans.values()].map((vlan) => ({ ...vlan })),
      networks: networks.toSorted((one, other) => other.hosts - one.hosts),
    }
  }

  #addVlan(id: number, flow: FlowRecord): void {
    const last = flow.end / 1000
    let vlan = this.#vlans.get(id)
    if (vlan === undefined) {
      vlan = { vlan: id, packets: 0, conversations: 0, oneSided: 0, first: flow.start / 1000, last }
      this.#vlans.set(id, vlan)
    }
    vlan.packets += flow.packets[0] + flow.packets[1]
    vlan.first = Math.min(vlan.first, flow.start / 1000)
    vlan.last = Math.max(vlan.last, last)
    if (!isConversation(flow)) return
    vlan.conversations++
    if (flow.packets[0] === 0 || flow.packets[1] === 0) vlan.oneSided++
  }

  #addHost({ ip, mac }: FlowEnd, last: number): void {
    if (mac === undefined || !isPrivateIp(ip)) return
    const network = networkOf(ip)
    this.#noteNetwork(mac, network)
    let known = this.#networks.get(network)
    if (known === undefined) {
      if (this.#networks.size >= MOST_NETWORKS) return
      known = { hosts: new Map(), last }
      this.#networks.set(network, known)
    }
    known.last = Math.max(known.last, last)
    const before = known.hosts.get(ip)
    // Heard itself once, a host is no longer known through the router alone.
    if (before === undefined ? known.hosts.size < MOST_HOSTS : this.#isRouter(before)) {
      known.hosts.set(ip, mac)
    }
  }

  #noteNetwork(mac: string, network: string): void {
    const networks = this.#networksOf.get(mac)
    if (networks === undefined) {
      if (this.#networksOf.size < MOST_MACS) this.#networksOf.set(mac, [network])
    } else if (networks.length < ROUTER_NETWORKS && !networks.includes(network)) {
      networks.push(network)
    }
  }

  #isRouter(mac: string): boolean {
    return (this.#networksOf.get(mac)?.length ?? 0) >= ROUTER_NETWORKS
  }
}

function isConversation({ transport, packets, bytes }: FlowRecord): boolean {
  const count = packets[0] + packets[1]
  return (
    transport === 'tcp' && count >= TALKING_PACKETS && bytes[0] + bytes[1] > count * BARE_SEGMENT
  )
}

/** `10.1.2.0/24`; of IPv6 the /64. */
function networkOf(ip: string): string {
  if (!ip.includes(':')) return `${ip.slice(0, ip.lastIndexOf('.'))}.0/24`
  const [head = '', tail = ''] = ip.split('::')
  const groups = head.split(':').filter(Boolean)
  if (!ip.includes('::')) return `${groups.slice(0, 4).join(':')}::/64`
  const missing = 8 - groups.length - tail.split(':').filter(Boolean).length
  const all = [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0')]
  return `${all
    .slice(0, 4)
    .join(':')
    .replace(/(:0)+$/, '')}::/64`
}
