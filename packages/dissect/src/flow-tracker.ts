import { AddressText } from './address-text.ts'
import type { ConversationLimits } from './conversations.ts'
import type { EngineCounters } from './counters.ts'
import { ESP, FRAGMENT, type Packet, TCP, UDP } from './decode/packet.ts'
import { Direction, isMulticast } from './direction.ts'
import type { Dissector } from './dissector.ts'
import { FlowContent } from './flow-content.ts'
import { addVlan, describeFlow, type FlowRecord, setMac } from './flow-report.ts'
import { FlowTable, isOpening, REAL, STATE, STRIDE, WORD } from './flow-table.ts'
import { Fragments } from './fragments.ts'
import { isRouted, Neighbors } from './neighbors.ts'
import type { Observer } from './observer.ts'
import { idleTimeout, isClosed, SHORTEST_TIMEOUT } from './timeouts.ts'

/** Bounds on what is kept of flows. */
export interface FlowLimits extends ConversationLimits {
  /** Flows alive at the same time; beyond it the one idle longest is reported early. */
  readonly flows: number
}

/** Records among which the one idle longest is looked for when room has to be made. */
const EVICTION_SAMPLE = 64

/** Keeps the flows: who talks to whom, how much, since when, and when it is over. */
export class FlowTracker {
  readonly table = new FlowTable()
  readonly content: FlowContent
  readonly neighbors = new Neighbors()
  readonly #counters: EngineCounters
  readonly #observer: Observer
  readonly #maxFlows: number
  readonly #activeTimeout: number
  readonly #report: (flow: FlowRecord) => void
  readonly #text: AddressText
  readonly #fragments = new Fragments()
  readonly #direction: Direction
  #lastId = 0
  #hand = 0

  constructor(
    dissectors: readonly Dissector[],
    limits: FlowLimits,
    activeTimeout: number,
    text: AddressText,
    counters: EngineCounters,
    observer: Observer,
    report: (flow: FlowRecord) => void,
  ) {
    this.#counters = counters
    this.#observer = observer
    this.#maxFlows = limits.flows
    this.#activeTimeout = activeTimeout
    this.#report = report
    this.#text = text
    this.#direction = new Direction(dissectors)
    this.content = new FlowContent(dissectors, limits, this.table, text, counters, observer)
  }

  /** Takes a decoded packet, but not the payload of a fragment; the record of its flow. */
  take(p: Packet, time: number): number {
    if (p.fragment !== FRAGMENT.none) this.#placeFragment(p, time)
    const { table } = this
    let record = table.find(p)
    if (record >= 0 && this.#isOver(record * STRIDE, p, time)) {
      this.#finish(record)
      record = -1
    }
    if (record < 0) record = this.#start(p, time)
    const { isFromA } = table
    this.#count(record, p, isFromA, time)
    if (p.fragment === FRAGMENT.none) this.#takePayload(record, p, isFromA)
    return record
  }

  /** Takes the payload of a packet whose fragments were counted, the last of them just now; the record of its flow, or -1. */
  takePayload(p: Packet): number {
    const record = this.table.find(p)
    if (record >= 0) this.#takePayload(record, p, this.table.isFromA)
    return record
  }

  #takePayload(record: number, p: Packet, isFromA: boolean): void {
    if (p.transport === TCP) this.content.takeSegment(record, p, isFromA)
    else if (p.transport === UDP) this.content.takeDatagram(record, p, isFromA)
    else if (p.transport === ESP) this.content.takeEsp(record, p)
  }

  /** Number of the flow in this record, as its report tells it. */
  idOf(record: number): number {
    return this.table.reals[(record * STRIDE) / 2 + REAL.id]!
  }

  /** Looks at the next `records` records for flows that are over at this time. */
  sweep(records: number, now: number): void {
    const { table } = this
    for (let count = Math.min(records, table.used); count > 0; count--) {
      if (++this.#hand >= table.used) this.#hand = 0
      if (!table.isLive(this.#hand)) continue
      const { words, reals } = table
      const at = this.#hand * STRIDE
      const idle = now - reals[at / 2 + REAL.last]!
      if (idle <= SHORTEST_TIMEOUT) continue
      if (idle > idleTimeout(words[at + WORD.transport]!, words[at + WORD.state]!)) {
        this.#finish(this.#hand)
      }
    }
  }

  /** Reports every flow that is still alive, oldest first. */
  flush(): void {
    const { table } = this
    const live: number[] = []
    for (let record = 0; record < table.used; record++) {
      if (table.isLive(record)) live.push(record)
    }
    live.sort((one, other) => this.idOf(one) - this.idOf(other))
    for (const record of live) this.#finish(record)
  }

  #placeFragment(p: Packet, time: number): void {
    if (p.fragment === FRAGMENT.first) this.#fragments.remember(p, time)
    else if (!this.#fragments.complete(p, time)) this.#counters.orphanFragments++
  }

  #isOver(at: number, p: Packet, time: number): boolean {
    const { words, reals } = this.table
    const transport = words[at + WORD.transport]!
    const idle = time - reals[at / 2 + REAL.last]!
    if (idle > SHORTEST_TIMEOUT && idle > idleTimeout(transport, words[at + WORD.state]!)) {
      return true
    }
    return isOpening(p) && isClosed(words[at + WORD.state]!)
  }

  #start(p: Packet, time: number): number {
    const { table } = this
    if (table.live >= this.#maxFlows) this.#evict()
    const record = table.insert(p)
    const { words, reals, isFromA } = table
    const at = record * STRIDE
    const real = at / 2
    this.#counters.flows++
    reals[real + REAL.id] = ++this.#lastId
    reals[real + REAL.start] = time
    reals[real + REAL.last] = time
    const clientIsB = isFromA === this.#direction.isFromServer(p)
    const multicast = isMulticast(p) ? STATE.multicast : 0
    words[at + WORD.state] = (clientIsB ? STATE.clientIsB : 0) | multicast
    if (p.hasMac && (p.targetMacHigh | p.targetMacLow) !== 0) {
      setMac(words, at, isFromA, p.targetMacHigh, p.targetMacLow)
    }
    this.content.welcome(record)
    return record
  }

  #count(record: number, p: Packet, isFromA: boolean, time: number): void {
    const { words, reals } = this.table
    const at = record * STRIDE
    const real = at / 2
    if (time - reals[real + REAL.start]! >= this.#activeTimeout) this.#slice(record, time)
    if (time > reals[real + REAL.last]!) reals[real + REAL.last] = time
    if (isFromA) {
      words[at + WORD.packetsA]!++
      reals[real + REAL.bytesA]! += p.ipBytes
    } else {
      words[at + WORD.packetsB]!++
      reals[real + REAL.bytesB]! += p.ipBytes
    }
    if (p.vlanCount > 0) noteVlans(words, at, p)
    const met = isFromA ? STATE.sourceA : STATE.sourceB
    if ((words[at + WORD.state]! & met) === 0) {
      words[at + WORD.state]! |= met
      this.#meet(at, p, isFromA)
    }
  }

  /** First packet from this end of the flow. */
  #meet(at: number, p: Packet, isFromA: boolean): void {
    const { words, reals } = this.table
    if (isRouted(p)) words[at + WORD.state]! |= isFromA ? STATE.routedA : STATE.routedB
    if (!p.hasMac) return
    setMac(words, at, !isFromA, p.sourceMacHigh, p.sourceMacLow)
    const { isConfirmed, sources, vlan } = this.neighbors.see(p)
    if (!isConfirmed && sources === 0 && vlan === undefined) return
    const observer = this.#observer
    const mac = this.#text.mac(p.sourceMacHigh, p.sourceMacLow)
    const flow = reals[at / 2 + REAL.id]!
    if (sources > 0) observer.observe(mac, undefined, 'mac.sources', String(sources), flow, false)
    if (vlan !== undefined) observer.observe(mac, undefined, 'mac.vlan', vlan, flow, false)
    if (!isConfirmed) return
    const ip = this.#text.ip(p.source0, p.source1, p.source2, p.source3)
    observer.observe(mac, ip, 'ip.address', ip, flow, false)
  }

  /** Reports what a flow did since it began or since its last slice. */
  #slice(record: number, time: number): void {
    const { words, reals } = this.table
    const at = record * STRIDE
    const real = at / 2
    this.#tell(record)
    reals[real + REAL.start] = time
    words[at + WORD.packetsA] = 0
    words[at + WORD.packetsB] = 0
    reals[real + REAL.bytesA] = 0
    reals[real + REAL.bytesB] = 0
  }

  #finish(record: number): void {
    this.content.end(record)
    this.#tell(record)
    this.content.forget(record)
    this.table.remove(record)
  }

  #tell(record: number): void {
    const { content, table } = this
    const told = content.protocolOf(record)
    const protocol = told ?? content.guess(record)
    const confidence = protocol === undefined ? undefined : told === undefined ? 'port' : 'content'
    if (protocol === undefined && content.wasInspected(record)) this.#counters.unrecognisedFlows++
    const also = content.alsoOf(record)
    this.#report(describeFlow(table, record, this.#text, protocol, confidence, also))
  }

  /** Makes room: of the next records the one idle longest is reported early. */
  #evict(): void {
    const { table } = this
    let oldest = -1
    let last = Infinity
    for (let count = 0; count < EVICTION_SAMPLE; count++) {
      if (++this.#hand >= table.used) this.#hand = 0
      const seen = table.reals[(this.#hand * STRIDE) / 2 + REAL.last]!
      if (!table.isLive(this.#hand) || seen >= last) continue
      last = seen
      oldest = this.#hand
    }
    if (oldest < 0) return
    this.#counters.evictedFlows++
    this.#finish(oldest)
  }
}

function noteVlans(words: Int32Array, at: number, p: Packet): void {
  addVlan(words, at, p.vlan0)
  if (p.vlanCount > 1) addVlan(words, at, p.vlan1)
  if (p.vlanCount > 2) addVlan(words, at, p.vlan2)
  if (p.vlanCount > 3) addVlan(words, at, p.vlan3)
}
