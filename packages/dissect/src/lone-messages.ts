import type { AddressText } from './address-text.ts'
import { payloadHash } from './conversation-memo.ts'
import type { EngineCounters } from './counters.ts'
import { Cursor } from './cursor.ts'
import { KIND, type Packet } from './decode/packet.ts'
import { isMulticast } from './direction.ts'
import type { Dissector, Fact } from './dissector.ts'
import { Context, keyOf } from './inspection.ts'

/** Facts remembered of all senders together, so that a message repeated every second is told once. */
const MAX_TOLD = 8192
/** Messages remembered that have no news to tell. */
const REPEATS = 1 << 10
const TTLS = 256
const NONE: readonly NamedFact[] = []

/** A message whose facts are all told. */
interface Repeat {
  readonly protocol: string
  /** What the packet says of itself, in the order of `headOf`. */
  readonly head: readonly number[]
  readonly bytes: Uint8Array
}

/** A fact whose subject is named by address. */
export interface NamedFact {
  readonly subject: { readonly mac?: string; readonly ip?: string }
  readonly field: string
  readonly value: string
}

/**
 * Runs the dissectors of messages that need no conversation: those of the link layer (ARP, LLDP, CDP) and those right
 * over IP (NDP, VRRP). EtherType or protocol number chooses, the content confirms.
 */
export class LoneMessages {
  /** Protocol of the message that was read last; undefined when nobody knew it. */
  protocol: string | undefined = undefined
  readonly #byEtherType = new Map<number, Dissector[]>()
  /** By protocol number x 256 + TTL. */
  readonly #byIpProtocol = new Map<number, Dissector[]>()
  readonly #text: AddressText
  readonly #counters: EngineCounters
  readonly #context = new Context()
  readonly #told = new Set<string>()
  /** Whether the last message was well formed: each that is not is counted. */
  #isWhole = false
  readonly #repeats: (Repeat | undefined)[] = Array.from({ length: REPEATS }, () => undefined)

  constructor(dissectors: readonly Dissector[], text: AddressText, counters: EngineCounters) {
    this.#text = text
    this.#counters = counters
    for (const dissector of dissectors) {
      for (const type of dissector.etherTypes ?? []) put(this.#byEtherType, type, dissector)
      for (const number of dissector.ipProtocols ?? []) {
        put(this.#byIpProtocol, number * TTLS + (dissector.ttl ?? 0), dissector)
      }
    }
  }

  /** Facts of the message that were not told before; `broken` hears of one that does not fit its protocol. */
  read(p: Packet, listener: { broken(protocol: string): void }): readonly NamedFact[] {
    this.protocol = undefined
    const dissectors = this.#dissectorsOf(p)
    if (dissectors === undefined) return NONE
    const slot = payloadHash(p.sourceMacLow, p.bytes, startOf(p), p.end) & (REPEATS - 1)
    const known = this.#repeats[slot]
    if (known !== undefined && isRepeat(known, p)) {
      this.protocol = known.protocol
      return NONE
    }
    for (const dissector of dissectors) {
      const facts = this.#readAs(dissector, p, listener)
      if (facts === undefined) continue
      const { protocol } = dissector
      this.protocol = protocol
      const before = this.#told.size
      const news = facts.filter((fact) => this.#isNews(fact))
      // Less than before: what was told is forgotten, and part of this message with it.
      if (this.#isWhole && this.#told.size >= before) this.#repeats[slot] = repeatOf(p, protocol)
      return news
    }
    return NONE
  }

  /** Of a message over IP those that want its TTL: with another one it may come from behind a router, and is not believed. */
  #dissectorsOf(p: Packet): readonly Dissector[] | undefined {
    if (!isOverIp(p)) return this.#byEtherType.get(p.etherType)
    return this.#byIpProtocol.get(p.ipProtocol * TTLS + p.ttl)
  }

  #readAs(
    dissector: Dissector,
    p: Packet,
    listener: { broken(protocol: string): void },
  ): readonly NamedFact[] | undefined {
    const context = this.#context
    context.state = undefined
    context.isMulticast = isOverIp(p) ? isMulticast(p) : (p.targetMacHigh & 0x0100) !== 0
    const { bytes, end } = p
    const start = startOf(p)
    try {
      if (dissector.looksLike(new Cursor(bytes, start, end), context) === 'no') return undefined
      const message = new Cursor(bytes, start, end)
      const facts: NamedFact[] = []
      for (const fact of dissector.dissect(message, context)) facts.push(this.#named(fact, p))
      this.#isWhole = message.ok
      if (!message.ok) listener.broken(dissector.protocol)
      return facts
    } catch {
      this.#counters.defects++
      return undefined
    }
  }

  #named({ subject, field, value }: Fact, p: Packet): NamedFact {
    if (typeof subject !== 'string') return { subject, field, value }
    return { subject: this.#endOf(p, subject === 'client'), field, value }
  }

  #endOf(p: Packet, isSource: boolean): NamedFact['subject'] {
    const high = isSource ? p.sourceMacHigh : p.targetMacHigh
    const low = isSource ? p.sourceMacLow : p.targetMacLow
    const mac = p.hasMac || !isOverIp(p) ? { mac: this.#text.mac(high, low) } : {}
    if (!isOverIp(p)) return mac
    const ip = isSource
      ? this.#text.ip(p.source0, p.source1, p.source2, p.source3)
      : this.#text.ip(p.target0, p.target1, p.target2, p.target3)
    // Who has no address yet sends from the unspecified one.
    return ip === '::' || ip === '0.0.0.0' ? mac : { ...mac, ip }
  }

  #isNews(fact: NamedFact): boolean {
    const key = keyOf(fact)
    if (this.#told.has(key)) return false
    if (this.#told.size >= MAX_TOLD) {
      this.#told.clear()
      this.#repeats.fill(undefined)
    }
    this.#told.add(key)
    return true
  }
}

function put(dissectors: Map<number, Dissector[]>, number: number, dissector: Dissector): void {
  dissectors.set(number, [...(dissectors.get(number) ?? []), dissector])
}

function isOverIp(p: Packet): boolean {
  return p.kind === KIND.flow
}

/** Where the message begins: a link message is the payload of its frame, one over IP has its header with it. */
function startOf(p: Packet): number {
  return isOverIp(p) ? Math.min(p.at, p.end) : p.payload
}

/** All numbers that tell whose message it is, and of which kind. */
function headOf(p: Packet): readonly number[] {
  const macs = [p.sourceMacHigh, p.sourceMacLow, p.targetMacHigh, p.targetMacLow]
  if (!isOverIp(p)) return [p.etherType, ...macs]
  const source = [p.source0, p.source1, p.source2, p.source3]
  return [p.ipProtocol, p.ttl, ...macs, ...source, p.target0, p.target1, p.target2, p.target3]
}

function repeatOf(p: Packet, protocol: string): Repeat {
  return { protocol, head: headOf(p), bytes: p.bytes.slice(startOf(p), p.end) }
}

function isRepeat({ head, bytes: known }: Repeat, p: Packet): boolean {
  const start = startOf(p)
  if (known.length !== p.end - start) return false
  for (let at = 0; at < known.length; at++) if (known[at] !== p.bytes[start + at]) return false
  const own = headOf(p)
  return own.length === head.length && own.every((number, at) => number === head[at])
}
