import { type Packet, TCP, TCP_ACK, TCP_SYN, UDP } from './decode/packet.ts'
import type { Dissector } from './dissector.ts'

/** Ports on which servers answer, beside those that the dissectors name. */
const SERVER_PORTS = [
  20, 21, 22, 23, 25, 42, 43, 49, 53, 67, 69, 79, 80, 88, 102, 104, 110, 111, 113, 119, 123, 135,
  137, 138, 139, 143, 161, 162, 179, 264, 389, 427, 443, 445, 465, 500, 502, 514, 515, 520, 523,
  524, 543, 544, 547, 548, 554, 587, 593, 623, 631, 636, 646, 751, 830, 853, 860, 873, 902, 990,
  993, 995, 1080, 1194, 1433, 1434, 1521, 1645, 1646, 1701, 1723, 1812, 1813, 1883, 1900, 1911,
  2000, 2049, 2055, 2123, 2152, 2222, 2404, 2575, 2762, 3205, 3260, 3268, 3306, 3389, 3478, 3544,
  3671, 3702, 4070, 4500, 4739, 4786, 4789, 4840, 4911, 5000, 5004, 5060, 5061, 5222, 5353, 5355,
  5432, 5500, 5671, 5672, 5683, 5684, 5900, 5985, 5986, 6081, 6343, 6379, 6514, 6667, 6881, 8000,
  8008, 8009, 8080, 8081, 8086, 8443, 8472, 8883, 8888, 9000, 9092, 9100, 9200, 9600, 9995, 10_000,
  11_112, 11_211, 20_000, 24_005, 24_105, 27_017, 34_962, 34_963, 34_964, 44_818, 47_808, 48_898,
  51_820, 64_738,
]

const OVER = { tcp: 1, udp: 2, ethernet: 0, ip: 0 } as const

/** Says which end of a flow is the client when the first packet alone does not. */
export class Direction {
  /** One bit for each transport over which the port is a server's. */
  readonly #servers = new Uint8Array(65_536)

  constructor(dissectors: readonly Dissector[]) {
    for (const port of SERVER_PORTS) this.#servers[port] = OVER.tcp | OVER.udp
    for (const { over, ports } of dissectors) {
      for (const port of ports ?? []) this.#servers[port]! |= OVER[over]
    }
    // DHCP clients have a port of their own.
    this.#servers[68] = 0
    this.#servers[546] = 0
  }

  /**
   * True when the sender of a flow's first packet is its server: it answers (SYN-ACK, ICMP reply), or the capture
   * began later and it speaks from a server's port to a port that no server has.
   */
  isFromServer(p: Packet): boolean {
    if (p.transport === TCP) {
      if ((p.tcpFlags & TCP_SYN) !== 0) return (p.tcpFlags & TCP_ACK) !== 0
      return this.#isServerPorts(p.sourcePort, p.targetPort, OVER.tcp)
    }
    if (p.transport === UDP) {
      return !isMulticast(p) && this.#isServerPorts(p.sourcePort, p.targetPort, OVER.udp)
    }
    return p.isAnswer
  }

  #isServerPorts(source: number, target: number, over: number): boolean {
    const servers = this.#servers
    if ((servers[source]! & over) === 0 || (servers[target]! & over) !== 0) return false
    // Callers of NFS and rlogin prove by a port below 1024 that root sent them.
    return target >= 512 || target === 68 || target === 546
  }
}

/** True when the packet goes to a multicast or broadcast address, by IP or by MAC. */
export function isMulticast(p: Packet): boolean {
  if (p.hasMac && (p.targetMacHigh & 0x0100) !== 0) return true
  if (p.version === 6) return p.target0 >>> 24 === 0xff
  return p.target3 >>> 28 === 14 || p.target3 === -1
}
