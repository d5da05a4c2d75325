import { AddressText } from './address-text.ts'
import type { FrameSink } from './capture/format.ts'
import { EngineCounters } from './counters.ts'
import { decode, decodeInside } from './decode/decode.ts'
import { FRAGMENT, KIND, OTHER, Packet, TCP, UDP } from './decode/packet.ts'
import type { Dissector, Observation } from './dissector.ts'
import type { FlowRecord } from './flow-report.ts'
import { type FlowLimits, FlowTracker } from './flow-tracker.ts'
import { IpReassembly } from './ip-reassembly.ts'
import { LoneMessages } from './lone-messages.ts'
import { Observer } from './observer.ts'

/** Bounds on what the engine keeps; each has a default. */
export type EngineLimits = FlowLimits

const LIMITS: EngineLimits = {
  flows: 1 << 20,
  inspections: 1 << 17,
  streamBytes: 64 << 10,
  messageBytes: 1 << 20,
  totalBytes: 64 << 20,
  conversationBytes: 64 << 20,
}

export interface EngineOptions {
  readonly dissectors: readonly Dissector[]
  readonly limits?: Partial<EngineLimits>
  onObservation(observation: Observation): void
  onFlow(flow: FlowRecord): void
  /** Microseconds after which a flow that goes on is reported in slices of the same id. */
  readonly activeTimeout?: number
}

/** Frames between two turns of the hand that looks for flows that are over, and records looked at in a turn. */
const SWEEP_EVERY = 16
const SWEEP_RECORDS = 16
/** Tunnels within tunnels that are followed. */
const MAX_TUNNELS = 4

/**
 * Frames in, observations and flows out. All time is capture time and all work is counted in frames, so the same
 * frames give the same output however they arrive.
 */
export class Engine implements FrameSink {
  readonly #counters = new EngineCounters()
  readonly #packet = new Packet()
  readonly #observer: Observer
  readonly #flows: FlowTracker
  readonly #loneMessages: LoneMessages
  readonly #reassembly = new IpReassembly(this.#counters)
  #now = 0

  constructor({ dissectors, limits, onObservation, onFlow, activeTimeout }: EngineOptions) {
    const text = new AddressText()
    this.#observer = new Observer(this.#counters, onObservation)
    this.#flows = new FlowTracker(
      dissectors,
      { ...LIMITS, ...limits },
      activeTimeout ?? Infinity,
      text,
      this.#counters,
      this.#observer,
      onFlow,
    )
    this.#loneMessages = new LoneMessages(dissectors, text, this.#counters)
  }

  /** What was counted so far; `broken.<protocol>` only where there were any. */
  get counters(): Readonly<Record<string, number>> {
    const { content, neighbors, table } = this.#flows
    const broken = [...content.brokenByProtocol].map(([name, count]) => [`broken.${name}`, count])
    return {
      ...this.#counters,
      liveFlows: table.live,
      reassemblyBytes: content.heldBytes + this.#reassembly.held,
      macs: neighbors.size,
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
    counters.frames++
    counters.bytes += original
    if (captured < original) counters.truncatedFrames++
    this.#observer.time = time
    if (time >= this.#now) this.#now = time
    else counters.clockSteps++
    decode(this.#packet, bytes, offset, captured, original, linkType)
    this.#take(time)
    if (counters.frames % SWEEP_EVERY === 0) this.#flows.sweep(SWEEP_RECORDS, this.#now)
  }

  /** Lets time pass without a frame, so that a silent wire still ends its flows. Microseconds since 1970. */
  advance(time: number): void {
    if (time > this.#now) this.#now = time
    this.#flows.sweep(Infinity, this.#now)
  }

  /** Reports every flow that is still alive: there will be no more frames. */
  flush(): void {
    this.#reassembly.end()
    this.#flows.flush()
  }

  #take(time: number): void {
    const p = this.#packet
    if (p.kind !== KIND.flow) {
      this.#takeRest(p)
      return
    }
    this.#counters.decodedFrames++
    const record = this.#flows.take(p, time)
    if (p.fragment !== FRAGMENT.none) this.#takeFragment(p, time, 0)
    else if (p.transport === UDP) this.#takeInside(p, record, time, 0)
    else if (p.transport !== TCP) this.#readIpMessage(p, record)
  }

  /** Reads the packet that is whole with this fragment; `depth` tunnels lie around it. */
  #takeFragment(p: Packet, time: number, depth: number): void {
    const whole = this.#reassembly.take(p, time)
    if (whole === undefined) return
    const record = this.#flows.takePayload(whole)
    if (record >= 0 && whole.transport === UDP) this.#takeInside(whole, record, time, depth)
  }

  /** Goes on inside a tunnel; `outer` is the record of the flow that may be one, `above` how many lie around it. */
  #takeInside(p: Packet, outer: number, time: number, above: number): void {
    let record = outer
    for (let depth = above; depth < MAX_TUNNELS && decodeInside(p); depth++) {
      this.#counters.tunnelledPackets++
      this.#flows.content.carriesPackets(record, p.tunnel)
      if (p.kind === KIND.link) this.#readLinkMessage(p)
      if (p.kind !== KIND.flow) return
      record = this.#flows.take(p, time)
      if (p.fragment !== FRAGMENT.none) {
        this.#takeFragment(p, time, depth + 1)
        return
      }
    }
  }

  #takeRest(p: Packet): void {
    const counters = this.#counters
    if (p.kind === KIND.link) {
      counters.decodedFrames++
      this.#readLinkMessage(p)
    } else if (p.kind === KIND.none) counters.malformedFrames++
    else counters.unknownLinkFrames++
  }

  #readLinkMessage(p: Packet): void {
    this.#readMessage(p, 0)
  }

  /** A message between neighbours. */
  #readIpMessage(p: Packet, record: number): void {
    this.#readMessage(p, this.#flows.idOf(record))
    const { protocol } = this.#loneMessages
    // The transport of the others says already what they are.
    if (p.transport === OTHER && protocol !== undefined) {
      this.#flows.content.recognised(record, protocol)
    }
  }

  #readMessage(p: Packet, flow: number): void {
    for (const { subject, field, value } of this.#loneMessages.read(p, this.#flows.content)) {
      this.#observer.observe(subject.mac, subject.ip, field, value, flow, false)
    }
  }
}
