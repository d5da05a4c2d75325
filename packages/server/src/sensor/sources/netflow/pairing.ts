import type { FlowRecord } from '@wardkeeper/dissect'
import { flowOf, guessProtocol, transportOfNumber } from '../flow.ts'
import { BoundedMap } from '../memory.ts'
import type { SourceFlow } from '../source.ts'
import { isGroup } from '../text.ts'
import type { ExportedFlow } from './record.ts'

/** How long one direction waits for the other, in milliseconds. */
const PATIENCE = 15_000
const MOST_WAITING = 65_536
const FIRST_DYNAMIC_PORT = 32_768
/** Types of ICMP that answer: echo, timestamp, information, mask; echo of ICMPv6. */
const ANSWERS: readonly number[] = [0, 14, 16, 18, 129]

interface Waiting {
  readonly flow: ExportedFlow
  /** When it came. */
  readonly since: number
}

/**
 * Exporters tell each direction on its own: this puts the two together, and says who is the client. A flow that is told
 * in slices keeps its client. Bounded: under pressure what waited longest goes out as it is.
 */
export class Pairing {
  readonly #take: (flow: SourceFlow) => void
  /** By conversation, in the order in which they came. */
  readonly #waiting = new Map<string, Waiting>()
  readonly #clients = new BoundedMap<string>()

  constructor(take: (flow: SourceFlow) => void) {
    this.#take = take
  }

  get size(): number {
    return this.#waiting.size
  }

  /** `now` in milliseconds of any clock that `sweep` uses too. */
  add(flow: ExportedFlow, now: number): void {
    if (flow.isBiflow) return this.#tell(flow, undefined)
    const key = keyOf(flow)
    const other = this.#waiting.get(key)
    if (other === undefined) {
      this.#waiting.set(key, { flow, since: now })
      if (this.#waiting.size > MOST_WAITING) this.#makeRoom()
      return
    }
    this.#waiting.delete(key)
    if (isReverse(flow, other.flow)) {
      const isAnswered = ANSWERS.includes(other.flow.sourcePort) && isIcmp(flow)
      return isAnswered ? this.#tell(flow, other.flow) : this.#tell(other.flow, flow)
    }
    // The same direction again is the next slice: the one before found no partner.
    this.#tell(other.flow, undefined)
    this.#waiting.set(key, { flow, since: now })
  }

  /** Hands out what has waited long enough. */
  sweep(now: number): void {
    for (const [key, { since }] of this.#waiting) {
      if (now - since < PATIENCE) return
      this.#release(key)
    }
  }

  /** Hands out everything. */
  flush(): void {
    for (const key of this.#waiting.keys()) this.#release(key)
  }

  /** Many at once: the front of a map that only loses its first entry is slow to find. */
  #makeRoom(): void {
    let left = MOST_WAITING / 8
    for (const key of this.#waiting.keys()) {
      if (left-- === 0) return
      this.#release(key)
    }
  }

  #release(key: string): void {
    const waiting = this.#waiting.get(key)
    this.#waiting.delete(key)
    if (waiting !== undefined) this.#tell(waiting.flow, undefined)
  }

  #tell(one: ExportedFlow, other: ExportedFlow | undefined): void {
    const key = keyOf(one)
    const known = this.#clients.get(key)
    const client = known ?? clientOf(one, other)
    if (known === undefined) this.#clients.set(key, client)
    this.#take(client === endOf(one) ? record(one, other, false) : record(one, other, true))
  }
}

function endOf({ source, sourcePort }: ExportedFlow): string {
  return `${source} ${sourcePort}`
}

/** The same for both directions. */
function keyOf(flow: ExportedFlow): string {
  const { source, destination, sourcePort, destinationPort, protocol } = flow
  // A type and code of ICMP are no ports: question and answer differ in them.
  if (isIcmp(flow)) return `${protocol} ${[source, destination].sort().join(' ')}`
  const ends = [`${source} ${sourcePort}`, `${destination} ${destinationPort}`].sort()
  return `${protocol} ${ends.join(' ')}`
}

function isIcmp({ protocol }: ExportedFlow): boolean {
  return protocol === 1 || protocol === 58
}

function isReverse(one: ExportedFlow, other: ExportedFlow): boolean {
  return one.source === other.destination && one.destination === other.source
}

/** Who spoke first; where the clock does not tell, who did not use the port of a service. */
function clientOf(one: ExportedFlow, other: ExportedFlow | undefined): string {
  if (one.isBiflow && one.packets[0] === 0) return `${one.destination} ${one.destinationPort}`
  if (one.isBiflow || isGroup(one.destination) || isIcmp(one)) return endOf(one)
  if (other !== undefined && !one.isSampled && one.start !== other.start) {
    return endOf(one.start < other.start ? one : other)
  }
  const { sourcePort, destinationPort } = one
  const sourceRank = serviceRank(sourcePort)
  const rank = serviceRank(destinationPort)
  const isFromServer = sourceRank > rank || (sourceRank === rank && sourcePort < destinationPort)
  return isFromServer ? `${one.destination} ${destinationPort}` : endOf(one)
}

/** How much a port looks like that of a service; those of UDP are also tried over TCP. */
function serviceRank(port: number): number {
  const isKnown = ['tcp', 'udp'].some((transport) => guessProtocol(transport, port) !== undefined)
  if (isKnown) return 3
  if (port > 0 && port < 1024) return 2
  return port < FIRST_DYNAMIC_PORT ? 1 : 0
}

function record(
  one: ExportedFlow,
  other: ExportedFlow | undefined,
  isFromServer: boolean,
): SourceFlow {
  const source = {
    ip: one.source,
    port: one.sourcePort,
    mac: one.sourceMac ?? other?.destinationMac,
  }
  const destination = {
    ip: one.destination,
    port: one.destinationPort,
    mac: one.destinationMac ?? other?.sourceMac,
  }
  const pair = (name: 'packets' | 'bytes'): [number, number] => {
    const forth = one[name][0]
    const back = other === undefined ? one[name][1] : other[name][0]
    return isFromServer ? [back, forth] : [forth, back]
  }
  return flowOf(
    {
      start: Math.min(one.start, other?.start ?? Infinity),
      end: Math.max(one.end, other?.end ?? 0),
      vlan: [...new Set([...one.vlans, ...(other?.vlans ?? [])])],
      transport: transportOfNumber(one.protocol) satisfies FlowRecord['transport'],
      client: isFromServer ? destination : source,
      server: isFromServer ? source : destination,
      packets: pair('packets'),
      bytes: pair('bytes'),
    },
    [],
  )
}
