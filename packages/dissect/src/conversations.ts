import type { EngineCounters } from './counters.ts'
import { ConversationMemo, type Opening, payloadHash, type Step } from './conversation-memo.ts'
import { ConversationRecorder } from './conversation-recorder.ts'
import type { Dissector } from './dissector.ts'
import { portOf } from './flow-report.ts'
import { type FlowTable, STATE, STRIDE, WORD } from './flow-table.ts'
import type { Inspection } from './inspection.ts'
import type { InspectorListener } from './inspector-listener.ts'
import { type InspectorLimits, Inspector } from './inspector.ts'

/** Ports below are given to services; clients get theirs from above. */
const FIRST_EPHEMERAL = 32_768
const KIND_TCP = 1
const KIND_MANY = 2
/** Skips beyond do not fit a word of the flow. */
const LONGEST_SKIP = 0x7fffffff

/** Bounds on what is kept of conversations. */
export interface ConversationLimits extends InspectorLimits {
  /** For conversations that are remembered, so that their like need not be read; zero: none is. */
  readonly conversationBytes: number
}

/**
 * Shows the payload of flows to the inspector, unless the flow has so far said just what an earlier one said: then
 * what was found out from that one is told again. The word `inspection` of a flow is the inspection's slot + 1, or
 * -2 - the number of the step at which the flow stands. A flow that leaves the known path is inspected after all: its
 * path is shown to the inspector once more, which hears nothing new from it.
 */
export class Conversations {
  readonly inspector: Inspector
  readonly #table: FlowTable
  readonly #counters: EngineCounters
  readonly #recorder: ConversationRecorder
  readonly #memo: ConversationMemo
  /** Ports that dissectors know by number. */
  readonly #named = new Uint8Array(65_536)
  readonly #opening = { ports: 0, kind: 0 }

  constructor(
    dissectors: readonly Dissector[],
    limits: ConversationLimits,
    table: FlowTable,
    counters: EngineCounters,
    listener: InspectorListener,
  ) {
    this.#table = table
    this.#counters = counters
    this.#memo = new ConversationMemo(limits.conversationBytes)
    this.#recorder = new ConversationRecorder(listener)
    this.inspector = new Inspector(dissectors, limits, counters, this.#recorder)
    for (const { ports } of dissectors) for (const port of ports ?? []) this.#named[port] = 1
  }

  /** Takes a segment of `side`; `next` is where its side's stream stood before it. */
  takeSegment(
    record: number,
    side: number,
    next: number,
    seq: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireBytes: number,
  ): void {
    const { words } = this.#table
    const at = record * STRIDE
    const word = words[at + WORD.inspection]!
    if (word > 0) {
      this.#inspectSegment(record, word - 1, side, next, seq, bytes, start, end, wireBytes)
      return
    }
    const step = word === 0 ? undefined : this.#memo.get(-2 - word)
    if (step !== undefined && !isHungry(step, side)) return
    const from = this.#follow(record, step, side, next, seq, bytes, start, end, wireBytes)
    if (from < 0) return
    const slot = this.#inspect(record, step)
    if (slot < 0) return
    this.#inspectSegment(record, slot, side, next, seq, bytes, start, end, wireBytes)
  }

  /** Takes a datagram of `side`. */
  takeDatagram(
    record: number,
    side: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    isTruncated: boolean,
  ): void {
    const word = this.#table.words[record * STRIDE + WORD.inspection]!
    let slot = word - 1
    const hash = payloadHash(side, bytes, start, end)
    if (word <= 0) {
      const step = word === 0 ? undefined : this.#memo.get(-2 - word)
      if (step !== undefined && !isHungry(step, side)) return
      if (!isTruncated && this.#advance(record, step, side, hash, bytes, start, end)) return
      slot = this.#inspect(record, step)
      if (slot < 0) return
    }
    this.#introduce(record, side)
    const { inspector } = this
    const inspection = inspector.inspectionAt(slot)
    if (inspection === undefined || inspection.appetiteOf(side) <= 0) return
    const isKept = !isTruncated && this.#mayRecord(inspection, hash, end - start)
    const before = isKept ? this.#start() : 0
    inspector.offerDatagram(slot, side, bytes, start, end, isTruncated)
    if (isKept) this.#record(record, slot, inspection, side, hash, bytes, start, end, before)
  }

  /** Gives a flow the protocol that was announced for it; the word by which it is known, or zero. */
  beginAs(record: number, isTcp: boolean, protocol: string): number {
    return this.inspector.beginAs(record, isTcp, protocol) + 1
  }

  /** Ends what is read of a flow that is over. */
  end(record: number): void {
    const word = this.#table.words[record * STRIDE + WORD.inspection]!
    if (word > 0) {
      this.#introduce(record, 0)
      this.inspector.end(word - 1)
    } else if (word < -1) this.#memo.leave(this.#memo.get(-2 - word))
  }

  /** Goes along the known path; negative when that was all, else the segment is for the inspector. */
  #follow(
    record: number,
    step: Step | undefined,
    side: number,
    next: number,
    seq: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireBytes: number,
  ): number {
    const { words } = this.#table
    const at = record * STRIDE
    const nextAt = at + WORD.streamNext + side
    const skipAt = at + WORD.streamSkip + side
    const isStarted = step !== undefined && (step.sides & (1 << side)) !== 0
    const ahead = (seq - (isStarted ? words[nextAt]! : next)) | 0
    if (isStarted && ahead <= 0 && ahead + wireBytes <= 0) {
      this.#counters.retransmittedSegments++
      return -1
    }
    if (ahead !== 0 || end - start < wireBytes) return start
    const passed = isStarted ? Math.min(words[skipAt]!, end - start) : 0
    const from = start + passed
    if (from < end) {
      const hash = payloadHash(side, bytes, from, end)
      if (!this.#advance(record, step, side, hash, bytes, from, end)) return start
    } else words[skipAt]! -= passed
    words[nextAt] = (seq + wireBytes) | 0
    return -1
  }

  /** Moves the flow on to the step that this payload leads to; false when there is none. */
  #advance(
    record: number,
    step: Step | undefined,
    side: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    const memo = this.#memo
    if (step === undefined) this.#open(record)
    else if (memo.isOld(step)) return false
    const found = memo.find(step, this.#opening, side, hash, bytes, start, end)
    if (found === undefined) return false
    const { words } = this.#table
    const at = record * STRIDE
    if (step !== undefined) memo.leave(step)
    if (found.isHungry0 || found.isHungry1) {
      memo.enter(found)
      words[at + WORD.inspection] = -2 - found.number
    }
    words[at + WORD.streamSkip + side] = found.skip
    this.#recorder.repeat(record, found.findings)
    return true
  }

  /** Begins a real inspection of the flow and brings it to where the flow stands; its slot, or -1. */
  #inspect(record: number, step: Step | undefined): number {
    const { words } = this.#table
    const at = record * STRIDE
    const { inspector } = this
    if (step !== undefined) this.#memo.leave(step)
    const slot = inspector.begin(record)
    words[at + WORD.inspection] = slot + 1
    const inspection = inspector.inspectionAt(slot)!
    stand(inspection, step)
    if (step === undefined) return slot
    const path: Step[] = []
    for (let each: Step | undefined = step; each !== undefined; each = each.parent) path.push(each)
    const isTcp = words[at + WORD.transport] === KIND_TCP
    this.#recorder.mute()
    for (let index = path.length - 1; index >= 0; index--) {
      const { side, bytes, start, end } = path[index]!
      this.#introduce(record, side)
      if (isTcp) this.#repeatSegment(slot, side, bytes, start, end)
      else inspector.offerDatagram(slot, side, bytes, start, end, false)
    }
    this.#recorder.unmute()
    if (inspector.inspectionAt(slot) !== inspection) return -1
    if (!isTcp) return slot
    for (const side of [0, 1]) {
      if ((step.sides & (1 << side)) === 0) continue
      const stream = inspection.streamOf(side)
      stream.next = words[at + WORD.streamNext + side]!
      stream.skip = words[at + WORD.streamSkip + side]!
    }
    return slot
  }

  /** Shows the inspector a segment of the path: it is in order and nothing is passed over. */
  #repeatSegment(slot: number, side: number, bytes: Uint8Array, start: number, end: number): void {
    const { inspector } = this
    const stream = inspector.inspectionAt(slot)?.streamOf(side)
    if (stream === undefined) return
    stream.isStarted = true
    stream.next = 0
    stream.skip = 0
    inspector.offerSegment(slot, side, 0, 0, bytes, start, end, end - start)
  }

  #inspectSegment(
    record: number,
    slot: number,
    side: number,
    next: number,
    seq: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    wireBytes: number,
  ): void {
    const { inspector } = this
    const inspection = inspector.inspectionAt(slot)
    if (inspection === undefined || inspection.appetiteOf(side) <= 0) return
    this.#introduce(record, side)
    const stream = inspection.streamOf(side)
    const ahead = (seq - (stream.isStarted ? stream.next : next)) | 0
    const isOld = stream.isStarted && ahead <= 0 && ahead + wireBytes <= 0
    const isPlain = ahead === 0 && end - start === wireBytes && stream.later === undefined
    const from = start + Math.min(stream.skip, end - start)
    let hash = 0
    let isKept = false
    if (isPlain && from < end) {
      hash = payloadHash(side, bytes, from, end)
      isKept = this.#mayRecord(inspection, hash, end - from)
    } else if (!isPlain && !isOld) inspection.isOnPath = false
    const before = isKept ? this.#start() : 0
    inspector.offerSegment(slot, side, next, seq, bytes, start, end, wireBytes)
    if (isKept) this.#record(record, slot, inspection, side, hash, bytes, from, end, before)
  }

  /** True when this payload is to be remembered as the next step of the flow, which else leaves its path. */
  #mayRecord(inspection: Inspection, hash: number, length: number): boolean {
    const wasSeen = this.#memo.wasSeen(hash)
    if (!inspection.isOnPath) return false
    const { stepNumber, generation } = inspection
    const parent = this.#memo.stepOf(stepNumber, generation)
    const isLost = stepNumber >= 0 && parent === undefined
    inspection.isOnPath = wasSeen && !isLost && this.#memo.mayAdd(parent, length)
    return inspection.isOnPath
  }

  #start(): number {
    this.#recorder.start()
    return this.#mishaps()
  }

  /** Notes the step that a payload was; one that was not plain sailing is not noted. */
  #record(
    record: number,
    slot: number,
    inspection: Inspection,
    side: number,
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    before: number,
  ): void {
    const findings = this.#recorder.stop()
    const { stepNumber, generation } = inspection
    const isAlive = this.inspector.inspectionAt(slot) === inspection && inspection.record === record
    if (isAlive) inspection.isOnPath = false
    if (this.#mishaps() !== before || !this.#recorder.isComplete) return
    const stream = side === 0 ? inspection.stream0 : inspection.stream1
    const skip = isAlive ? (stream?.skip ?? 0) : 0
    if (skip > LONGEST_SKIP || (isAlive && stream?.isLost === true)) return
    const memo = this.#memo
    const parent = memo.stepOf(stepNumber, generation)
    // A new generation may have begun since it was decided to remember this.
    if (stepNumber >= 0 && parent === undefined) return
    this.#open(record)
    const opening = this.#opening
    const step =
      memo.find(parent, opening, side, hash, bytes, start, end) ??
      memo.add(parent, opening, side, hash, bytes, start, end, {
        findings,
        isHungry0: isAlive && inspection.appetite0 > 0,
        isHungry1: isAlive && inspection.appetite1 > 0,
        skip,
      })
    if (!isAlive || step === undefined) return
    stand(inspection, step)
  }

  /** Grows with each thing that happens to streams beside being read. */
  #mishaps(): number {
    const counters = this.#counters
    return (
      counters.inspectionsDropped +
      counters.defects +
      counters.retransmittedSegments +
      counters.earlySegments +
      counters.gaps +
      counters.reassemblyDrops
    )
  }

  /** Says what the flow is, as dissectors may see it. */
  #open(record: number): Opening {
    const { words } = this.#table
    const at = record * STRIDE
    const state = words[at + WORD.state]!
    const clientIsB = (state & STATE.clientIsB) !== 0
    const client = portOf(words, at, clientIsB)
    const isKnown = client < FIRST_EPHEMERAL || this.#named[client] === 1
    const opening = this.#opening
    opening.ports = ((isKnown ? client : 0) << 16) | portOf(words, at, !clientIsB)
    const isTcp = words[at + WORD.transport] === KIND_TCP
    opening.kind = (isTcp ? KIND_TCP : 0) | ((state & STATE.multicast) !== 0 ? KIND_MANY : 0)
    return opening
  }

  /** Tells the inspector whose payload comes. */
  #introduce(record: number, side: number): void {
    const { words } = this.#table
    const at = record * STRIDE
    const state = words[at + WORD.state]!
    const clientIsB = (state & STATE.clientIsB) !== 0
    const { context } = this.inspector
    context.from = side === 0 ? 'client' : 'server'
    context.clientPort = portOf(words, at, clientIsB)
    context.serverPort = portOf(words, at, !clientIsB)
    context.isMulticast = (state & STATE.multicast) !== 0
  }
}

/** Notes that the inspection has come to this step; none is the beginning. */
function stand(inspection: Inspection, step: Step | undefined): void {
  inspection.isOnPath = true
  inspection.stepNumber = step?.number ?? -1
  inspection.generation = step?.generation
}

function isHungry(step: Step, side: number): boolean {
  return side === 0 ? step.isHungry0 : step.isHungry1
}
