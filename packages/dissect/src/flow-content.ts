import type { AddressText } from './address-text.ts'
import { type ConversationLimits, Conversations } from './conversations.ts'
import type { EngineCounters } from './counters.ts'
import { FRAGMENT, type Packet, TCP, TCP_ACK, TCP_FIN, TCP_SYN, UDP } from './decode/packet.ts'
import { word } from './decode/link.ts'
import type { Dissector, Expectation, Fact } from './dissector.ts'
import { Expectations } from './expectations.ts'
import { ipOf, macOf, portOf } from './flow-report.ts'
import { type FlowTable, REAL, STATE, STRIDE, WORD } from './flow-table.ts'
import type { InspectorListener } from './inspector-listener.ts'
import type { Observer } from './observer.ts'

/** No more payload of this flow is wanted. */
const DONE = -1
const MAX_ALSO = 8
/** A sequence number so far away belongs to another beginning of the connection than the one that was believed. */
const FAR = 1 << 26
/** An empty TCP segment over IPv4 lacks six bytes of the least Ethernet frame. */
const MAX_PADDING = 6
/** Header of ESP, the least data padded to whole words, and the least check value. */
const LEAST_ESP = 8 + 4 + 8
const LAST_RESERVED_INDEX = 255

/** What the content of flows says: hands payload to the inspector and keeps what it finds out. */
export class FlowContent implements InspectorListener {
  readonly #table: FlowTable
  readonly #text: AddressText
  readonly #counters: EngineCounters
  readonly #observer: Observer
  readonly #conversations: Conversations
  readonly #protocols: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #expectations = new Expectations()
  readonly #also = new Map<number, string[]>()
  readonly #broken = new Map<string, number>()

  constructor(
    dissectors: readonly Dissector[],
    limits: ConversationLimits,
    table: FlowTable,
    text: AddressText,
    counters: EngineCounters,
    observer: Observer,
  ) {
    this.#table = table
    this.#text = text
    this.#counters = counters
    this.#observer = observer
    this.#conversations = new Conversations(dissectors, limits, table, counters, this)
  }

  /** Bytes that reassembly keeps at present. */
  get heldBytes(): number {
    return this.#conversations.inspector.heldBytes
  }

  /** Messages that did not fit, by protocol. */
  get brokenByProtocol(): ReadonlyMap<string, number> {
    return this.#broken
  }

  /** Gives a flow that begins the protocol that another conversation announced for one of its ends. */
  welcome(record: number): void {
    const at = record * STRIDE
    const { words, reals } = this.#table
    const portA = portOf(words, at, false)
    const portB = portOf(words, at, true)
    if (!this.#expectations.mayBeAt(portA) && !this.#expectations.mayBeAt(portB)) return
    const isTcp = words[at + WORD.transport] === TCP
    if (!isTcp && words[at + WORD.transport] !== UDP) return
    const time = reals[at / 2 + REAL.start]!
    const protocol =
      this.#expectations.at(this.#endKey(at, isTcp, false), time) ??
      this.#expectations.at(this.#endKey(at, isTcp, true), time)
    if (protocol === undefined) return
    this.recognised(record, protocol)
    words[at + WORD.inspection] = this.#conversations.beginAs(record, isTcp, protocol)
  }

  #endKey(at: number, isTcp: boolean, isB: boolean): string {
    const { words } = this.#table
    return endKey(isTcp ? 'tcp' : 'udp', ipOf(words, at, isB, this.#text), portOf(words, at, isB))
  }

  /** Takes the TCP part of a packet: flags, sequence, payload. */
  takeSegment(record: number, p: Packet, isFromA: boolean): void {
    // A header that was cut short says nothing of the stream.
    if (p.tcpFlags === 0 && p.payloadBytes === 0) return
    const { words } = this.#table
    const at = record * STRIDE
    const known = isFromA ? STATE.seqKnownA : STATE.seqKnownB
    const seqAt = at + (isFromA ? WORD.seqA : WORD.seqB)
    const state = words[at + WORD.state]!
    words[at + WORD.state] = state | known | (isFromA ? p.tcpFlags : p.tcpFlags << 8)
    const isSyn = (p.tcpFlags & TCP_SYN) !== 0
    const payloadBytes = lengthOf(p)
    const seq = isSyn ? (p.seq + 1) | 0 : p.seq
    const isStrange = Math.abs((seq - words[seqAt]!) | 0) > FAR
    const isFirst = isSyn || isStrange || (state & known) === 0
    const next = isFirst ? seq : words[seqAt]!
    const end = (seq + payloadBytes + (p.tcpFlags & TCP_FIN)) | 0
    if (((seq - next) | 0) > 0) this.#counters.tcpGaps++
    if (isFirst || ((end - next) | 0) > 0) words[seqAt] = end
    if (payloadBytes === 0 || words[at + WORD.inspection] === DONE) return
    const { payload, payloadEnd, bytes } = p
    const side = sideOf(state, isFromA)
    const conversations = this.#conversations
    conversations.takeSegment(record, side, next, seq, bytes, payload, payloadEnd, payloadBytes)
  }

  /** Takes the payload of a UDP packet. */
  takeDatagram(record: number, p: Packet, isFromA: boolean): void {
    const { payload, payloadEnd, payloadBytes, bytes } = p
    const at = record * STRIDE
    const { words } = this.#table
    if (payload >= payloadEnd || words[at + WORD.inspection] === DONE) return
    const side = sideOf(words[at + WORD.state]!, isFromA)
    const isTruncated = payloadEnd - payload < payloadBytes || p.fragment !== FRAGMENT.none
    this.#conversations.takeDatagram(record, side, bytes, payload, payloadEnd, isTruncated)
  }

  /** Names a flow of ESP right over IP once a packet has the header that is in the clear. */
  takeEsp(record: number, p: Packet): void {
    const isNamed = this.#table.words[record * STRIDE + WORD.protocol] !== 0
    if (!isNamed && hasEspHeader(p)) this.recognised(record, 'ipsec')
  }

  /** Ends the inspection of a flow that is over. */
  end(record: number): void {
    this.#conversations.end(record)
  }

  /** The flow is a tunnel: its packets are read inside, so its payload needs no reading. */
  carriesPackets(record: number, tunnel: string): void {
    const at = record * STRIDE
    const { words } = this.#table
    if (words[at + WORD.inspection] === DONE) return
    this.end(record)
    words[at + WORD.inspection] = DONE
    this.recognised(record, tunnel)
  }

  /** Forgets what the flow table has no room for. */
  forget(record: number): void {
    this.#also.delete(record)
  }

  /** Protocol that the content told, if any. */
  protocolOf(record: number): string | undefined {
    const number = this.#table.words[record * STRIDE + WORD.protocol]!
    return number > 0 ? this.#protocols[number - 1] : undefined
  }

  /** What the flow carries beside its protocol. */
  alsoOf(record: number): readonly string[] | undefined {
    return this.#also.get(record)
  }

  /** What the server's port suggests, unless the content has spoken against it. */
  guess(record: number): string | undefined {
    const { words } = this.#table
    const at = record * STRIDE
    const state = words[at + WORD.state]!
    const transport = words[at + WORD.transport]!
    if ((state & STATE.contradicted) !== 0 || (transport !== TCP && transport !== UDP)) {
      return undefined
    }
    const port = portOf(words, at, (state & STATE.clientIsB) === 0)
    return this.#conversations.inspector.protocolOfPort(transport === TCP, port)
  }

  /** True when payload of the flow was looked at. */
  wasInspected(record: number): boolean {
    return this.#table.words[record * STRIDE + WORD.inspection] !== 0
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
    else if (known.length < MAX_ALSO && !known.includes(protocol)) known.push(protocol)
  }

  expected(record: number, { protocol, over, end, port }: Expectation): void {
    const { words, reals } = this.#table
    const at = record * STRIDE
    const isB = (end === 'client') === ((words[at + WORD.state]! & STATE.clientIsB) !== 0)
    const ip = typeof end === 'string' ? ipOf(words, at, isB, this.#text) : end.ip
    this.#expectations.add(endKey(over, ip, port), port, protocol, reals[at / 2 + REAL.last]!)
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
      this.#observer.observe(subject.mac, subject.ip, field, value, flow, false)
      return
    }
    const state = words[at + WORD.state]!
    const isB = (subject === 'client') === ((state & STATE.clientIsB) !== 0)
    const mac = macOf(words, at, isB, this.#text)
    const ip = ipOf(words, at, isB, this.#text)
    const isRouted = (state & (isB ? STATE.routedB : STATE.routedA)) !== 0
    this.#observer.observe(mac, ip, field, value, flow, isRouted)
  }

  #numberOf(protocol: string): number {
    const known = this.#numbers.get(protocol)
    if (known !== undefined) return known
    this.#protocols.push(protocol)
    this.#numbers.set(protocol, this.#protocols.length)
    return this.#protocols.length
  }
}

/**
 * True for a parameter index above the reserved ones, a sequence number, and data padded to whole words
 * (RFC 4303 section 2).
 */
function hasEspHeader({ bytes, payload, payloadEnd, payloadBytes }: Packet): boolean {
  if (payloadEnd - payload < 8 || payloadBytes < LEAST_ESP || payloadBytes % 4 !== 0) return false
  const index = word(bytes, payload)
  return index >>> 0 > LAST_RESERVED_INDEX && word(bytes, payload + 4) !== 0
}

/** Zero for the client, one for the server. */
function sideOf(state: number, isFromA: boolean): number {
  return isFromA !== ((state & STATE.clientIsB) !== 0) ? 0 : 1
}

function endKey(over: string, ip: string, port: number): string {
  return `${over} ${ip} ${port}`
}

/** Bytes of payload of a segment, but for those that are none. */
function lengthOf(p: Packet): number {
  // An opening is never so long that it had to be cut off: a length beyond its frame is wrong.
  if ((p.tcpFlags & TCP_SYN) !== 0 && p.payloadEnd - p.payload < p.payloadBytes) return 0
  return isPadding(p) ? 0 : p.payloadBytes
}

/**
 * True for an acknowledgement, bare or of an opening, whose few zero bytes are what the link filled it up with: some boxes on the way count
 * them into the packet's length.
 */
function isPadding({ tcpFlags, payloadBytes, payload, payloadEnd, bytes }: Packet): boolean {
  const isBare = (tcpFlags & ~TCP_SYN) === TCP_ACK
  if (!isBare || payloadBytes === 0 || payloadBytes > MAX_PADDING) return false
  for (let at = payload; at < payloadEnd; at++) if (bytes[at] !== 0) return false
  return true
}
