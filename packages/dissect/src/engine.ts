import { AddressText } from './address-text.ts'
import type { FrameSink } from './capture/format.ts'
import { EngineCounters } from './counters.ts'
import { decode, decodeInside } from './decode/decode.ts'
import { FRAGMENT, KIND, Packet, TCP, TCP_FIN, TCP_SYN, UDP } from './decode/packet.ts'
import { Direction, isMulticast } from './direction.ts'
import type { Dissector, Fact, Observation } from './dissector.ts'
import {
  addVlan,
  describeFlow,
  type FlowRecord,
  ipOf,
  macOf,
  portOf,
  setMac,
} from './flow-report.ts'
import { FlowTable, isOpening, REAL, STATE, STRIDE, WORD } from './flow-table.ts'
import { Fragments } from './fragments.ts'
import { type InspectorLimits, Inspector, type InspectorListener } from './inspector.ts'
import { LinkMessages } from './link-messages.ts'
import { isRouted, Neighbors } from './neighbors.ts'
import { idleTimeout, isClosed } from './timeouts.ts'

/** Bounds on what the engine keeps. */
export interface EngineLimits extends InspectorLimits {
  /** Flows alive at the same time; beyond it the one idle longest is reported early. */
  readonly flows: number
}

const LIMITS: EngineLimits = {
  flows: 1 << 20,
  inspections: 1 << 17,
  streamBytes: 64 << 10,
  messageBytes: 1 << 20,
  totalBytes: 64 << 20,
}

export interface EngineOptions {
  readonly dissectors: readonly Dissector[]
  readonly limits?: Partial<EngineLimits>
  onObservation(observation: Observation): void
  onFlow(flow: FlowRecord): void
  /** Microseconds after which a flow that goes on is reported in slices of the same id. */
  readonly activeTimeout?: number
}

/** No more payload of this flow is wanted. */
const DONE = -1
/** Frames between two turns of the hand that looks for flows that are over, and records looked at in a turn. */
const SWEEP_EVERY = 16
const SWEEP_RECORDS = 32
const EVICTION_SAMPLE = 64

/**
 * Frames in, observations and flows out. All time is capture time and all work is counted in frames, so the same
 * frames give the same output however they arrive.
 */
export class Engine implements FrameSink, InspectorListener {
  readonly #counters = new EngineCounters()
  readonly #broken = new Map<string, number>()
  readonly #options: EngineOptions
  readonly #limits: EngineLimits
  readonly #packet = new Packet()
  readonly #table = new FlowTable()
  readonly #fragments = new Fragments()
  readonly #direction: Direction
  readonly #neighbors = new Neighbors()
  readonly #text = new AddressText()
  readonly #inspector: Inspector
  readonly #linkMessages: LinkMessages
  readonly #protocols: string[] = []
  readonly #protocolNumbers = new Map<string, number>()
  readonly #also = new Map<number, string[]>()
  readonly #activeTimeout: number
  #flowId = 0
  #hand = 0
  #now = 0
  #time = 0

  constructor(options: EngineOptions) {
    const { dissectors } = options
    this.#options = options
    this.#limits = { ...LIMITS, ...options.limits }
    this.#activeTimeout = options.activeTimeout ?? Infinity
    this.#direction = new Direction(dissectors.flatMap(({ ports }) => ports ?? []))
    this.#inspector = new Inspector(dissectors, this.#limits, this.#counters, this)
    this.#linkMessages = new LinkMessages(dissectors, this.#text, this.#counters)
  }

  /** What was counted so far; `broken.<protocol>` only where there were any. */
  get counters(): Readonly<Record<string, number>> {
    const broken = [...this.#broken].map(([protocol, count]) => [`broken.${protocol}`, count])
    return {
      ...this.#counters,
      liveFlows: this.#table.live,
      reassemblyBytes: this.#inspector.heldBytes,
      macs: this.#neighbors.size,
      ...Object.fromEntries(broken),
    }
  }

  frame(
    bytes: Uint8Array,
    offset: number,
    captured: number,
    original: number,
    linkType: number,
    time: number,
  ): void {
    const counters = this.#counters
    const p = this.#packet
    counters.frames++
    counters.bytes += original
    if (captured < original) counters.truncatedFrames++
    this.#time = time
    if (time >= this.#now) this.#now = time
    else counters.clockSteps++
    decode(p, bytes, offset, captured, original, linkType)
    if (p.kind === KIND.flow) {
      counters.decodedFrames++
      this.#takePacket(p, time)
      if (p.transport === UDP) this.#takeInside(p, time)
    } else this.#takeRest(p)
    if (counters.frames % SWEEP_EVERY === 0) this.#sweep(SWEEP_RECORDS)
  }

  /** Reports every flow that is still alive: there will be no more frames. */
  flush(): void {
    const { reals } = this.#table
    const live: number[] = []
    for (let record = 0; record < this.#table.used; record++) {
      if (this.#table.isLive(record)) live.push(record)
    }
    const idOf = (record: number) => reals[(record * STRIDE) / 2 + REAL.id]!
    live.sort((one, other) => idOf(one) - idOf(other))
    for (const record of live) this.#finish(record)
  }

  /** Lets time pass without a frame, so that a silent wire still ends its flows. Microseconds since 1970. */
  advance(time: number): void {
    if (time > this.#now) this.#now = time
    this.#sweep(this.#table.used)
  }

  #takeInside(p: Packet, time: number): void {
    for (let depth = 0; depth < 4 && decodeInside(p); depth++) {
      this.#counters.tunnelledPackets++
      if (p.kind !== KIND.flow) {
        if (p.kind === KIND.link) this.#takeRest(p)
        return
      }
      this.#takePacket(p, time)
    }
  }

  #takeRest(p: Packet): void {
    const counters = this.#counters
    if (p.kind === KIND.none) counters.malformedFrames++
    else if (p.kind === KIND.unknown) counters.unknownLinkFrames++
    else {
      counters.decodedFrames++
      for (const { subject, field, value } of this.#linkMessages.read(p, this)) {
        const { mac, ip } = subject
        this.#observe(mac, ip, field, value, 0, false)
      }
    }
  }

  #takePacket(p: Packet, time: number): void {
    if (p.fragment === FRAGMENT.first) this.#fragments.remember(p, time)
    else if (p.fragment === FRAGMENT.later && !this.#fragments.complete(p, time)) {
      this.#counters.orphanFragments++
    }
    const table = this.#table
    let record = table.find(p)
    if (record >= 0 && this.#isOver(record * STRIDE, p, time)) {
      this.#finish(record)
      record = -1
    }
    if (record < 0) record = this.#startFlow(p, time)
    this.#count(record, p, time)
  }

  #isOver(at: number, p: Packet, time: number): boolean {
    const { words, reals } = this.#table
    const state = words[at + WORD.state]!
    const transport = words[at + WORD.transport]!
    const idle = time - reals[at / 2 + REAL.last]!
    if (idle > 5e6 && idle > idleTimeout(transport, state)) return true
    return transport === TCP && isOpening(p) && isClosed(state)
  }

  #startFlow(p: Packet, time: number): number {
    if (this.#table.live >= this.#limits.flows) this.#evict()
    const table = this.#table
    const record = table.insert(p)
    const { words, reals, isFromA } = table
    const at = record * STRIDE
    const real = at / 2
    this.#counters.flows++
    reals[real + REAL.id] = ++this.#flowId
    reals[real + REAL.start] = time
    reals[real + REAL.last] = time
    const clientIsB = isFromA === this.#direction.isFromServer(p)
    words[at + WORD.state] =
      (clientIsB ? STATE.clientIsB : 0) | (isMulticast(p) ? STATE.multicast : 0)
    if (p.hasMac && (p.targetMacHigh | p.targetMacLow) !== 0) {
      setMac(words, at, isFromA, p.targetMacHigh, p.targetMacLow)
    }
    return record
  }

  #count(record: number, p: Packet, time: number): void {
    const { words, reals, isFromA } = this.#table
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
    const state = words[at + WORD.state]!
    if ((state & (isFromA ? STATE.sourceA : STATE.sourceB)) === 0) this.#meet(record, p, isFromA)
    if (p.transport === TCP) this.#takeSegment(record, p, isFromA)
    else if (p.transport === UDP && words[at + WORD.inspection] !== DONE) {
      this.#takeDatagram(record, p, isFromA)
    }
  }

  /** First packet from this end of the flow. */
  #meet(record: number, p: Packet, isFromA: boolean): void {
    const { words } = this.#table
    const at = record * STRIDE
    words[at + WORD.state]! |= isFromA ? STATE.sourceA : STATE.sourceB
    if (isRouted(p)) words[at + WORD.state]! |= isFromA ? STATE.routedA : STATE.routedB
    if (!p.hasMac) return
    setMac(words, at, !isFromA, p.sourceMacHigh, p.sourceMacLow)
    const { isConfirmed, sources } = this.#neighbors.see(p)
    if (!isConfirmed && sources === 0) return
    const mac = this.#text.mac(p.sourceMacHigh, p.sourceMacLow)
    const flow = this.#table.reals[at / 2 + REAL.id]!
    if (sources > 0) this.#observe(mac, undefined, 'mac.sources', String(sources), flow, false)
    if (!isConfirmed) return
    const ip = this.#text.ip(p.source0, p.source1, p.source2, p.source3)
    this.#observe(mac, ip, 'ip.address', ip, flow, false)
  }

  #takeSegment(record: number, p: Packet, isFromA: boolean): void {
    const { words } = this.#table
    const at = record * STRIDE
    words[at + WORD.state]! |= isFromA ? p.tcpFlags : p.tcpFlags << 8
    const isSyn = (p.tcpFlags & TCP_SYN) !== 0
    const seq = isSyn ? (p.seq + 1) | 0 : p.seq
    const seqAt = at + (isFromA ? WORD.seqA : WORD.seqB)
    const isKnown = (words[at + WORD.state]! & (isFromA ? STATE.seqKnownA : STATE.seqKnownB)) !== 0
    const next = isKnown && !isSyn ? words[seqAt]! : seq
    const end = (seq + p.payloadBytes + (p.tcpFlags & TCP_FIN)) | 0
    if (((seq - next) | 0) > 0) this.#counters.tcpGaps++
    if (!isKnown || isSyn || ((end - next) | 0) > 0) words[seqAt] = end
    words[at + WORD.state]! |= isFromA ? STATE.seqKnownA : STATE.seqKnownB
    if (p.payloadBytes === 0 || words[at + WORD.inspection] === DONE) return
    const side = this.#prepare(at, isFromA)
    const slot = this.#slotOf(record, at)
    const { payload, payloadEnd, payloadBytes, bytes } = p
    this.#inspector.offerSegment(slot, side, next, seq, bytes, payload, payloadEnd, payloadBytes)
  }

  #takeDatagram(record: number, p: Packet, isFromA: boolean): void {
    const { payload, payloadEnd, payloadBytes, bytes } = p
    if (payload >= payloadEnd) return
    const at = record * STRIDE
    const side = this.#prepare(at, isFromA)
    const slot = this.#slotOf(record, at)
    const isTruncated = payloadEnd - payload < payloadBytes || p.fragment !== FRAGMENT.none
    this.#inspector.offerDatagram(slot, side, bytes, payload, payloadEnd, isTruncated)
  }

  /** Tells the inspector whose payload comes; the side that sends it. */
  #prepare(at: number, isFromA: boolean): number {
    const { words } = this.#table
    const state = words[at + WORD.state]!
    const clientIsB = (state & STATE.clientIsB) !== 0
    const { context } = this.#inspector
    const isFromClient = isFromA !== clientIsB
    context.from = isFromClient ? 'client' : 'server'
    context.clientPort = portOf(words, at, clientIsB)
    context.serverPort = portOf(words, at, !clientIsB)
    context.isMulticast = (state & STATE.multicast) !== 0
    return isFromClient ? 0 : 1
  }

  #slotOf(record: number, at: number): number {
    const { words } = this.#table
    const known = words[at + WORD.inspection]!
    if (known > 0) return known - 1
    const slot = this.#inspector.begin(record)
    words[at + WORD.inspection] = slot + 1
    return slot
  }

  /** Reports what a flow did since it began or since its last slice. */
  #slice(record: number, time: number): void {
    const { words, reals } = this.#table
    const at = record * STRIDE
    const real = at / 2
    this.#report(record)
    reals[real + REAL.start] = time
    words[at + WORD.packetsA] = 0
    words[at + WORD.packetsB] = 0
    reals[real + REAL.bytesA] = 0
    reals[real + REAL.bytesB] = 0
  }

  #finish(record: number): void {
    const at = record * STRIDE
    const slot = this.#table.words[at + WORD.inspection]!
    if (slot > 0) {
      this.#prepare(at, true)
      this.#inspector.end(slot - 1, true)
    }
    this.#report(record)
    this.#also.delete(record)
    this.#table.remove(record)
  }

  #report(record: number): void {
    const { words } = this.#table
    const at = record * STRIDE
    if (words[at + WORD.packetsA] === 0 && words[at + WORD.packetsB] === 0) return
    const number = words[at + WORD.protocol]!
    const named = number > 0 ? this.#protocols[number - 1] : this.#guess(at)
    const confidence = named === undefined ? undefined : number > 0 ? 'content' : 'port'
    const also = this.#also.get(record)
    if (named === undefined && words[at + WORD.inspection] !== 0) this.#counters.unrecognisedFlows++
    this.#options.onFlow(describeFlow(this.#table, record, this.#text, named, confidence, also))
  }

  /** What the server's port suggests, unless the content has spoken against it. */
  #guess(at: number): string | undefined {
    const { words } = this.#table
    const state = words[at + WORD.state]!
    const transport = words[at + WORD.transport]!
    if ((state & STATE.contradicted) !== 0 || (transport !== TCP && transport !== UDP)) {
      return undefined
    }
    const port = portOf(words, at, (state & STATE.clientIsB) === 0)
    return this.#inspector.protocolOfPort(transport === TCP, port)
  }

  #sweep(records: number): void {
    const table = this.#table
    if (table.used === 0) return
    for (let count = 0; count < records; count++) {
      if (++this.#hand >= table.used) this.#hand = 0
      const at = this.#hand * STRIDE
      const { words } = table
      if (!table.isLive(this.#hand)) continue
      const idle = this.#now - table.reals[at / 2 + REAL.last]!
      if (idle > idleTimeout(words[at + WORD.transport]!, words[at + WORD.state]!)) {
        this.#finish(this.#hand)
      }
    }
  }

  /** Makes room: of the next records the one idle longest is reported early. */
  #evict(): void {
    const table = this.#table
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

  recognised(record: number, protocol: string): void {
    this.#table.words[record * STRIDE + WORD.protocol] = this.#numberOf(protocol)
  }

  withdrawn(record: number): void {
    this.#counters.withdrawnProtocols++
    this.#table.words[record * STRIDE + WORD.protocol] = 0
  }

  contradicted(record: number): void {
    this.#table.words[record * STRIDE + WORD.state]! |= STATE.contradicted
  }

  also(record: number, protocol: string): void {
    const known = this.#also.get(record)
    if (known === undefined) this.#also.set(record, [protocol])
    else if (known.length < 8 && !known.includes(protocol)) known.push(protocol)
  }

  broken(protocol: string): void {
    this.#counters.brokenMessages++
    this.#broken.set(protocol, (this.#broken.get(protocol) ?? 0) + 1)
  }

  finished(record: number): void {
    this.#table.words[record * STRIDE + WORD.inspection] = DONE
  }

  fact(record: number, { subject, field, value }: Fact): void {
    const { words, reals } = this.#table
    const at = record * STRIDE
    const flow = reals[at / 2 + REAL.id]!
    if (typeof subject !== 'string') {
      this.#observe(subject.mac, subject.ip, field, value, flow, false)
      return
    }
    const state = words[at + WORD.state]!
    const isB = (subject === 'client') === ((state & STATE.clientIsB) !== 0)
    const mac = macOf(words, at, isB, this.#text)
    const ip = ipOf(words, at, isB, this.#text)
    const isPassedOn = (state & (isB ? STATE.routedB : STATE.routedA)) !== 0
    this.#observe(mac, ip, field, value, flow, isPassedOn)
  }

  #observe(
    mac: string | undefined,
    ip: string | undefined,
    field: string,
    value: string,
    flow: number,
    isPassedOn: boolean,
  ): void {
    if (value === '') return
    this.#counters.observations++
    const frame = this.#counters.frames
    const time = this.#time
    this.#options.onObservation(
      isPassedOn
        ? { time, mac, ip, isRouted: true, field, value, flow, frame }
        : { time, mac, ip, field, value, flow, frame },
    )
  }

  #numberOf(protocol: string): number {
    const known = this.#protocolNumbers.get(protocol)
    if (known !== undefined) return known
    this.#protocols.push(protocol)
    this.#protocolNumbers.set(protocol, this.#protocols.length)
    return this.#protocols.length
  }
}

function noteVlans(words: Int32Array, at: number, p: Packet): void {
  addVlan(words, at, p.vlan0)
  if (p.vlanCount > 1) addVlan(words, at, p.vlan1)
  if (p.vlanCount > 2) addVlan(words, at, p.vlan2)
  if (p.vlanCount > 3) addVlan(words, at, p.vlan3)
}
