import { Cursor } from './cursor.ts'
import type { Dissector, MessageContext } from './dissector.ts'

/** How sure the choice is: `hinted` is weak content on a known port, `tentative` weak content alone. */
export type Trust = 'sure' | 'hinted' | 'tentative'

/** What the first bytes of a flow say: a dissector, more bytes needed, or nothing known. */
export interface Choice {
  dissector: number
  trust: Trust
  isIncomplete: boolean
  /** True when a dissector that the port names was asked and answered that this is not its protocol. */
  isContradicted: boolean
}

/** Chooses dissectors by content for one transport; ports only say who is asked first. */
export class Recogniser {
  readonly #dissectors: readonly Dissector[]
  readonly #byPort = new Map<number, number[]>()
  /** For each first byte, the dissectors that may begin with it. */
  readonly #byFirstByte: number[][]
  readonly #none: readonly number[] = []
  readonly choice: Choice = {
    dissector: -1,
    trust: 'sure',
    isIncomplete: false,
    isContradicted: false,
  }

  /** `dissectors` is the whole registry: numbers are places in it. */
  constructor(dissectors: readonly Dissector[], over: 'tcp' | 'udp') {
    this.#dissectors = dissectors
    const mine = [...dissectors.keys()].filter((at) => dissectors[at]!.over === over)
    for (const at of mine) {
      for (const port of dissectors[at]!.ports ?? []) {
        this.#byPort.set(port, [...(this.#byPort.get(port) ?? []), at])
      }
    }
    this.#byFirstByte = Array.from({ length: 256 }, (_, byte) =>
      mine.filter((at) => dissectors[at]!.firstBytes?.includes(byte) ?? true),
    )
  }

  /** The dissector that this port names, or -1. */
  dissectorOfPort(port: number): number {
    return this.#byPort.get(port)?.[0] ?? -1
  }

  /** Asks the dissectors, the port's own first, and leaves the answer in `choice`; `excluded` were wrong before. */
  choose(
    bytes: Uint8Array,
    start: number,
    end: number,
    context: MessageContext,
    excluded: readonly number[],
  ): void {
    const { choice } = this
    choice.dissector = -1
    choice.isIncomplete = false
    choice.isContradicted = false
    const cursor = new Cursor(bytes, start, end)
    const byServer = this.#byPort.get(context.serverPort) ?? this.#none
    const byClient = this.#byPort.get(context.clientPort) ?? this.#none
    if (this.#ask(byServer, cursor, start, context, excluded, 'hinted')) return
    // One that believed in an earlier message, damaged as that turned out to be, does not speak against its port.
    const isAgainst = byServer.length > 0 && !byServer.some((at) => excluded.includes(at))
    choice.isContradicted = isAgainst && choice.dissector < 0 && !choice.isIncomplete
    if (this.#ask(byClient, cursor, start, context, excluded, 'hinted')) return
    const isHinted = choice.dissector >= 0
    const rest = this.#byFirstByte[bytes[start]!]!
    for (const at of rest) {
      if (byServer.includes(at) || byClient.includes(at) || excluded.includes(at)) continue
      if (this.#askOne(at, cursor, start, context, isHinted ? 'hinted' : 'tentative')) return
    }
  }

  #ask(
    candidates: readonly number[],
    cursor: Cursor,
    start: number,
    context: MessageContext,
    excluded: readonly number[],
    trust: Trust,
  ): boolean {
    for (const at of candidates) {
      if (excluded.includes(at)) continue
      if (this.#askOne(at, cursor, start, context, trust)) return true
    }
    return false
  }

  /** True when the answer is final. */
  #askOne(
    at: number,
    cursor: Cursor,
    start: number,
    context: MessageContext,
    trust: Trust,
  ): boolean {
    cursor.position = start
    cursor.ok = true
    const likeness = likenessOf(this.#dissectors[at]!, cursor, context)
    const { choice } = this
    if (likeness === 'strong') {
      choice.dissector = at
      choice.trust = 'sure'
      choice.isIncomplete = false
      return true
    }
    if (likeness === 'weak' && choice.dissector < 0) {
      choice.dissector = at
      choice.trust = trust
    } else if (likeness === 'incomplete' && choice.dissector < 0) choice.isIncomplete = true
    return false
  }
}

/** A dissector that throws has a defect; for its flow that means no more than "not mine". */
function likenessOf(dissector: Dissector, cursor: Cursor, context: MessageContext) {
  try {
    return dissector.looksLike(cursor, context)
  } catch {
    return 'no'
  }
}
