import { Cursor } from './cursor.ts'
import type { Dissector, Fact } from './dissector.ts'
import { GatheredFacts } from './gathered-facts.ts'
import { Context, Inspection } from './inspection.ts'
import { Inspections } from './inspections.ts'
import { type InspectorCounters, type InspectorListener, isWrapper } from './inspector-listener.ts'
import {
  Reassembler,
  type ReassemblyLimits,
  type Stream,
  type StreamConsumer,
} from './reassembly.ts'
import { Recogniser } from './recognise.ts'

const DEFAULT_APPETITE = 4
/** Payloads of each side that are tried before a flow counts as unrecognised. */
const ATTEMPTS = 3
/** Bytes at the start of a stream that candidates may want before they say whether it is theirs. */
const RECOGNITION_BYTES = 4096
/** Broken messages of a recognised flow before it is left alone. */
const PATIENCE = 8

export interface InspectorLimits extends ReassemblyLimits {
  /** Flows inspected at the same time; beyond it, the one whose turn it is loses its inspection. */
  readonly inspections: number
}

/** Runs dissectors over the payload of flows for as long as they want it. */
export class Inspector implements StreamConsumer {
  readonly context = new Context()
  readonly #dissectors: readonly Dissector[]
  readonly #byName: ReadonlyMap<string, number>
  readonly #limits: InspectorLimits
  readonly #listener: InspectorListener
  readonly #counters: InspectorCounters
  readonly #reassembler: Reassembler
  readonly #tcp: Recogniser
  readonly #udp: Recogniser
  readonly #inspections = new Inspections()
  readonly #facts = new GatheredFacts()
  #current: Inspection = new Inspection()
  #slot = -1
  #side = 0
  #isTruncated = false

  constructor(
    dissectors: readonly Dissector[],
    limits: InspectorLimits,
    counters: InspectorCounters,
    listener: InspectorListener,
  ) {
    this.#dissectors = dissectors
    this.#byName = new Map(dissectors.map(({ over, protocol }, at) => [`${over} ${protocol}`, at]))
    this.#limits = limits
    this.#counters = counters
    this.#listener = listener
    this.#reassembler = new Reassembler(this, limits, counters)
    this.#tcp = new Recogniser(dissectors, 'tcp')
    this.#udp = new Recogniser(dissectors, 'udp')
  }

  /** Bytes that reassembly keeps at present. */
  get heldBytes(): number {
    return this.#reassembler.held
  }

  /** Name of the protocol that this port stands for. */
  protocolOfPort(isTcp: boolean, port: number): string | undefined {
    const at = (isTcp ? this.#tcp : this.#udp).dissectorOfPort(port)
    return this.#dissectors[at]?.protocol
  }

  /** Begins to inspect a flow; the slot by which it is named from now on. */
  begin(record: number): number {
    if (this.#inspections.size >= this.#limits.inspections) this.#dropNext()
    return this.#inspections.open(record, ATTEMPTS)
  }

  /** Begins to inspect a flow whose protocol was announced: its content still may speak against it. -1: nobody reads it. */
  beginAs(record: number, isTcp: boolean, protocol: string): number {
    const dissector = this.#byName.get(`${isTcp ? 'tcp' : 'udp'} ${protocol}`)
    if (dissector === undefined) return -1
    const slot = this.begin(record)
    this.#current = this.#inspections.get(slot)!
    this.#adopt(dissector, 'hinted')
    return slot
  }

  /** The inspection in this slot, while it goes on. */
  inspectionAt(slot: number): Inspection | undefined {
    return this.#inspections.get(slot)
  }

  /** Ends an inspection; what its streams still hold behind gaps is read first. */
  end(slot: number): void {
    const inspection = this.#inspections.get(slot)
    if (inspection === undefined) return
    this.#flushStreams(slot, inspection)
    if (this.#inspections.get(slot) === inspection) this.#release(slot, inspection)
  }

  /** Takes a datagram; the context says whose. */
  offerDatagram(
    slot: number,
    side: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    isTruncated: boolean,
  ): void {
    if (!this.#enter(slot, side)) return
    this.#isTruncated = isTruncated
    // Each turn excludes one more dissector, so it ends.
    for (let turn = 0; turn <= this.#dissectors.length; turn++) {
      if (this.#current.dissector < 0 && !this.#recognise(this.#udp, bytes, start, end)) break
      if (this.#isRepetition(bytes, start, end)) break
      if (this.#read(bytes, start, end) !== 'withdrawn') break
    }
    this.#leave()
  }

  /** Announcements come again and again, byte for byte: those who read without end are spared them. */
  #isRepetition(bytes: Uint8Array, start: number, end: number): boolean {
    const inspection = this.#current
    if (inspection.trust !== 'sure' || inspection.appetiteOf(this.#side) !== Infinity) return false
    return inspection.isRepeat(this.#side, bytes, start, end)
  }

  /** Takes a segment; `next` is where its side's stream stood before it. */
  offerSegment(
    slot: number,
    side: number,
    next: number,
    seq: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireBytes: number,
  ): void {
    if (!this.#enter(slot, side)) return
    this.#isTruncated = false
    const stream = this.#current.streamOf(side)
    if (!stream.isStarted) {
      stream.isStarted = true
      stream.next = next
    }
    this.#reassembler.offer(stream, seq, bytes, start, end, wireBytes)
    this.#leave()
    while (this.#reassembler.held > this.#limits.totalBytes && this.#dropNext());
  }

  /** Reads messages off the front of the current side's stream. */
  consume(stream: Stream, bytes: Uint8Array, start: number, end: number): number {
    stream.wanted = 0
    let at = start
    while (at < end) {
      const inspection = this.#current
      if (inspection.appetiteOf(this.#side) <= 0) return end
      if (inspection.dissector < 0) {
        if (!this.#recognise(this.#tcp, bytes, at, end)) {
          const isWaiting = this.#tcp.choice.isIncomplete && end - at < RECOGNITION_BYTES
          return isWaiting ? at : end
        }
      }
      if (stream.isLost && !this.#isResumed(stream, bytes, at, end)) return end
      const length = this.#lengthOf(bytes, at, end)
      if (length === 0 || at + length > end) return this.#await(stream, at, end, length)
      const outcome = length < 0 ? this.#break() : this.#read(bytes, at, at + length)
      if (outcome === 'broken') return end
      if (outcome === 'consumed') at += length + this.#passOver(stream, end - at - length)
    }
    return end
  }

  /** Bytes of what is there that the last message wants passed over; the stream passes over the rest. */
  #passOver(stream: Stream, available: number): number {
    const { toPass } = this.context
    const here = Math.min(toPass, available)
    stream.skip = toPass - here
    return here
  }

  /** After a loss the next segment is taken up again only if it looks like the start of a message. */
  #isResumed(stream: Stream, bytes: Uint8Array, at: number, end: number): boolean {
    const dissector = this.#dissectors[this.#current.dissector]!
    this.context.state = this.#current.state
    try {
      const likeness = dissector.looksLike(new Cursor(bytes, at, end), this.context)
      stream.isLost = likeness === 'no'
    } catch {
      this.#counters.defects++
    }
    return !stream.isLost
  }

  #await(stream: Stream, at: number, end: number, length: number): number {
    const { messageBytes } = this.#limits
    if (length > messageBytes || end - at >= messageBytes) {
      stream.skip = Math.max(0, length - (end - at))
      return end
    }
    // Zero: not known how long yet, so the next segment asks again.
    stream.wanted = length === 0 ? end - at + 1 : length
    return at
  }

  #lengthOf(bytes: Uint8Array, start: number, end: number): number {
    const dissector = this.#dissectors[this.#current.dissector]!
    if (dissector.length === undefined) return end - start
    try {
      this.context.state = this.#current.state
      const length = dissector.length(new Cursor(bytes, start, end), this.context)
      this.#current.state = this.context.state
      return Number.isFinite(length) ? length : -1
    } catch {
      this.#counters.defects++
      return -1
    }
  }

  /** Chooses a dissector for the current flow; false when none is found, or not yet. */
  #recognise(recogniser: Recogniser, bytes: Uint8Array, start: number, end: number): boolean {
    const inspection = this.#current
    const { choice } = recogniser
    this.context.state = undefined
    recogniser.choose(bytes, start, end, this.context, inspection.excluded)
    if (choice.dissector >= 0) {
      this.#adopt(choice.dissector, choice.trust)
      return true
    }
    const isStream = recogniser === this.#tcp
    if (isStream && choice.isIncomplete && end - start < RECOGNITION_BYTES) return false
    if (choice.isContradicted) this.#listener.contradicted(inspection.record)
    inspection.setAppetite(this.#side, inspection.appetiteOf(this.#side) - 1)
    return false
  }

  #adopt(at: number, trust: Inspection['trust']): void {
    const inspection = this.#current
    const { protocol, appetite = DEFAULT_APPETITE } = this.#dissectors[at]!
    inspection.dissector = at
    inspection.trust = trust
    inspection.state = undefined
    inspection.consumed = 0
    inspection.broken = 0
    inspection.appetite0 = appetite
    inspection.appetite1 = appetite
    inspection.pending = trust === 'tentative' ? [] : undefined
    if (trust !== 'tentative') this.#name(inspection, protocol)
  }

  #read(bytes: Uint8Array, start: number, end: number): 'consumed' | 'broken' | 'withdrawn' {
    const inspection = this.#current
    const dissector = this.#dissectors[inspection.dissector]!
    const { context } = this
    const message = new Cursor(bytes, start, end)
    context.state = inspection.state
    context.forget()
    const facts = this.#facts
    facts.clear()
    try {
      facts.gather(dissector.dissect(message, context))
    } catch {
      this.#counters.defects++
      message.ok = false
    }
    inspection.state = context.state
    if (!message.ok && !this.#isTruncated) {
      const outcome = this.#break()
      if (outcome === 'broken') this.#tell(facts.list)
      return outcome
    }
    this.#agree(inspection, dissector)
    this.#tell(facts.list)
    this.#followRequests(inspection, dissector)
    return 'consumed'
  }

  #agree(inspection: Inspection, { protocol }: Dissector): void {
    if (!this.context.hasDoubt) inspection.consumed++
    inspection.setAppetite(this.#side, inspection.appetiteOf(this.#side) - 1)
    if (inspection.trust === 'sure' || inspection.consumed < 2) return
    if (inspection.trust === 'tentative') this.#name(inspection, protocol)
    inspection.trust = 'sure'
    const pending = inspection.pending ?? []
    inspection.pending = undefined
    this.#tell(pending)
  }

  #tell(facts: readonly Fact[]): void {
    const inspection = this.#current
    for (const fact of facts) {
      if (inspection.pending !== undefined) inspection.pending.push(fact)
      else if (inspection.isNews(fact)) this.#listener.fact(inspection.record, fact)
    }
  }

  /** The message does not fit the protocol: a choice that was not sure is taken back. */
  #break(): 'broken' | 'withdrawn' {
    const inspection = this.#current
    const { protocol } = this.#dissectors[inspection.dissector]!
    this.#listener.broken(protocol)
    if (inspection.trust !== 'sure') {
      if (inspection.trust === 'hinted') this.#unname(inspection)
      inspection.excluded.push(inspection.dissector)
      inspection.dissector = -1
      inspection.pending = undefined
      inspection.appetite0 = ATTEMPTS
      inspection.appetite1 = ATTEMPTS
      return 'withdrawn'
    }
    if (++inspection.broken >= PATIENCE) {
      inspection.appetite0 = 0
      inspection.appetite1 = 0
    }
    return 'broken'
  }

  #followRequests(inspection: Inspection, dissector: Dissector): void {
    const { became, carried, expected, named, hasEnough } = this.context
    if (hasEnough || this.context.toPass === Infinity) inspection.setAppetite(this.#side, 0)
    if (this.context.hasYielded) this.#passOn(inspection, dissector)
    for (const one of expected ?? []) this.#listener.expected(inspection.record, one)
    if (became === undefined && carried === undefined && named === undefined) return
    if (named !== undefined) {
      this.#listener.recognised(inspection.record, named)
      this.#listener.also(inspection.record, dissector.protocol)
    }
    for (const protocol of carried ?? []) this.#listener.also(inspection.record, protocol)
    if (became !== undefined && became !== dissector.protocol) {
      const next = this.#byName.get(`${dissector.over} ${became}`) ?? -1
      // TLS wraps an application, it is none: the flow keeps its name.
      const [name, also] = isWrapper(became)
        ? [dissector.protocol, became]
        : [became, dissector.protocol]
      if (next < 0) {
        inspection.appetite0 = 0
        inspection.appetite1 = 0
      } else this.#adopt(next, 'sure')
      this.#listener.recognised(inspection.record, name)
      this.#listener.also(inspection.record, also)
    }
  }

  /** What follows is looked at as if the flow began there. */
  #passOn(inspection: Inspection, { protocol }: Dissector): void {
    inspection.carrier = protocol
    inspection.excluded.push(inspection.dissector)
    inspection.dissector = -1
    inspection.appetite0 = ATTEMPTS
    inspection.appetite1 = ATTEMPTS
  }

  /** Gives the flow its name; what carried it is kept beside it, or in front where it only wraps. */
  #name({ record, carrier }: Inspection, protocol: string): void {
    const [name, also] = isWrapper(protocol) ? [carrier, protocol] : [protocol, carrier]
    this.#listener.recognised(record, name ?? protocol)
    if (carrier !== undefined && also !== undefined) this.#listener.also(record, also)
  }

  #unname({ record, carrier }: Inspection): void {
    if (carrier === undefined) this.#listener.withdrawn(record)
    else this.#listener.recognised(record, carrier)
  }

  #enter(slot: number, side: number): boolean {
    const inspection = this.#inspections.get(slot)
    if (inspection === undefined || inspection.appetiteOf(side) <= 0) return false
    this.#current = inspection
    this.#slot = slot
    this.#side = side
    return true
  }

  #leave(): void {
    const inspection = this.#current
    if (inspection.appetite0 > 0 || inspection.appetite1 > 0) return
    this.#listener.finished(inspection.record)
    this.#release(this.#slot, inspection)
  }

  #release(slot: number, inspection: Inspection): void {
    if (inspection.stream0 !== undefined) this.#reassembler.release(inspection.stream0)
    if (inspection.stream1 !== undefined) this.#reassembler.release(inspection.stream1)
    this.#inspections.close(slot)
  }

  #flushStreams(slot: number, inspection: Inspection): void {
    for (const side of [0, 1]) {
      const stream = side === 0 ? inspection.stream0 : inspection.stream1
      if (stream?.later === undefined || !this.#enter(slot, side)) continue
      this.context.from = side === 0 ? 'client' : 'server'
      this.#reassembler.flush(stream)
    }
  }

  /** Takes the inspection whose turn it is from its flow; false when there is none. */
  #dropNext(): boolean {
    const slot = this.#inspections.next()
    if (slot < 0) return false
    const inspection = this.#inspections.get(slot)!
    this.#counters.inspectionsDropped++
    this.#listener.finished(inspection.record)
    this.#release(slot, inspection)
    return true
  }
}
