import type { AddressText } from './address-text.ts'
import type { EngineCounters } from './counters.ts'
import { Cursor } from './cursor.ts'
import type { Packet } from './decode/packet.ts'
import type { Dissector, Fact } from './dissector.ts'
import { Context, keyOf } from './inspection.ts'

/** Facts remembered of all senders together, so that a message repeated every second is told once. */
const MAX_TOLD = 8192
const NONE: readonly LinkFact[] = []

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
    for (const dissector of dissectors) {
      const facts = this.#readAs(dissector, p, listener)
      if (facts !== undefined) return facts.filter((fact) => this.#isNews(fact))
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
    if (this.#told.size >= MAX_TOLD) this.#told.clear()
    this.#told.add(key)
    return true
  }
}
