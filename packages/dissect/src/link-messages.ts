import type { AddressText } from './address-text.ts'
import { payloadHash } from './conversation-memo.ts'
import type { EngineCounters } from './counters.ts'
import { Cursor } from './cursor.ts'
import type { Packet } from './decode/packet.ts'
import type { Dissector, Fact } from './dissector.ts'
import { Context, keyOf } from './inspection.ts'

/** Facts remembered of all senders together, so that a message repeated every second is told once. */
const MAX_TOLD = 8192
/** Messages remembered that have no news to tell. */
const REPEATS = 1 << 10
const NONE: readonly LinkFact[] = []

/** A message whose facts are all told. */
interface Repeat {
  readonly etherType: number
  readonly macs: readonly [number, number, number, number]
  readonly bytes: Uint8Array
}

/** A fact whose subject is named by address. */
export interface LinkFact {
  readonly subject: { readonly mac?: string; readonly ip?: string }
  readonly field: string
  readonly value: string
}

/** Runs the dissectors of the link layer (ARP, LLDP, CDP): the EtherType chooses, the content confirms. */
export class LinkMessages {
  readonly #byType = new Map<number, Dissector[]>()
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
      if (dissector.over !== 'ethernet') continue
      for (const type of dissector.etherTypes ?? []) {
        this.#byType.set(type, [...(this.#byType.get(type) ?? []), dissector])
      }
    }
  }

  /** Facts of the message that were not told before; `broken` hears of one that does not fit its protocol. */
  read(p: Packet, listener: { broken(protocol: string): void }): readonly LinkFact[] {
    const dissectors = this.#byType.get(p.etherType)
    if (dissectors === undefined) return NONE
    const { bytes, payload, payloadEnd } = p
    const slot = payloadHash(p.sourceMacLow, bytes, payload, payloadEnd) & (REPEATS - 1)
    if (isRepeat(this.#repeats[slot], p)) return NONE
    for (const dissector of dissectors) {
      const facts = this.#readAs(dissector, p, listener)
      if (facts === undefined) continue
      const before = this.#told.size
      const news = facts.filter((fact) => this.#isNews(fact))
      // Less than before: what was told is forgotten, and part of this message with it.
      if (this.#isWhole && this.#told.size >= before) this.#repeats[slot] = repeatOf(p)
      return news
    }
    return NONE
  }

  #readAs(
    dissector: Dissector,
    p: Packet,
    listener: { broken(protocol: string): void },
  ): readonly LinkFact[] | undefined {
    const context = this.#context
    context.state = undefined
    context.isMulticast = (p.targetMacHigh & 0x0100) !== 0
    const { bytes, payload, payloadEnd } = p
    try {
      if (dissector.looksLike(new Cursor(bytes, payload, payloadEnd), context) === 'no') {
        return undefined
      }
      const message = new Cursor(bytes, payload, payloadEnd)
      const facts: LinkFact[] = []
      for (const fact of dissector.dissect(message, context)) facts.push(this.#named(fact, p))
      this.#isWhole = message.ok
      if (!message.ok) listener.broken(dissector.protocol)
      return facts
    } catch {
      this.#counters.defects++
      return undefined
    }
  }

  #named({ subject, field, value }: Fact, p: Packet): LinkFact {
    if (typeof subject !== 'string') return { subject, field, value }
    const isClient = subject === 'client'
    const high = isClient ? p.sourceMacHigh : p.targetMacHigh
    const low = isClient ? p.sourceMacLow : p.targetMacLow
    return { subject: { mac: this.#text.mac(high, low) }, field, value }
  }

  #isNews(fact: LinkFact): boolean {
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

function repeatOf(p: Packet): Repeat {
  const macs = [p.sourceMacHigh, p.sourceMacLow, p.targetMacHigh, p.targetMacLow] as const
  return { etherType: p.etherType, macs, bytes: p.bytes.slice(p.payload, p.payloadEnd) }
}

function isRepeat(known: Repeat | undefined, p: Packet): boolean {
  if (known === undefined || known.etherType !== p.etherType) return false
  const [sourceHigh, sourceLow, targetHigh, targetLow] = known.macs
  if (sourceHigh !== p.sourceMacHigh || sourceLow !== p.sourceMacLow) return false
  if (targetHigh !== p.targetMacHigh || targetLow !== p.targetMacLow) return false
  const { bytes, payload, payloadEnd } = p
  if (known.bytes.length !== payloadEnd - payload) return false
  for (let at = 0; at < known.bytes.length; at++) {
    if (known.bytes[at] !== bytes[payload + at]) return false
  }
  return true
}
