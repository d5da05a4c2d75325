import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, MessageContext, Side } from '../dissector.ts'
import { testContext } from './facts.ts'
import { bytesOf, type Said } from './frames.ts'

/** What a dissector makes of a whole conversation over a stream, framed by its own `length`. */
export interface Conversation {
  readonly facts: readonly Fact[]
  /** `subject field value` of each fact. */
  readonly lines: readonly string[]
  readonly became: readonly string[]
  readonly carried: readonly string[]
  readonly named: readonly string[]
}

/** Feeds each message byte for byte as it stands; `piece` cuts it into segments of that many bytes. */
export function converse(
  dissector: Dissector,
  said: readonly Said[],
  shape: Partial<MessageContext> = {},
  piece = Infinity,
): Conversation {
  const context = testContext({ serverPort: dissector.ports?.[0] ?? 0, ...shape })
  const facts: Fact[] = []
  const unseen = { client: 0, server: 0 }
  const waiting: Record<Side, Uint8Array> = { client: bytesOf(), server: bytesOf() }
  for (const [from, message] of said) {
    Object.assign(context, { from })
    const bytes = bytesOf(message)
    for (let at = 0; at < bytes.length; at += piece) {
      const arrived = bytes.subarray(at, Math.min(bytes.length, at + piece))
      const gone = Math.min(unseen[from], arrived.length)
      unseen[from] -= gone
      let stream = bytesOf(waiting[from], arrived.subarray(gone))
      while (stream.length > 0) {
        const length = dissector.length?.(new Cursor(stream), context) ?? stream.length
        if (length < 0) return done(facts, context)
        if (length === 0 || length > stream.length) break
        context.passed = 0
        facts.push(...dissector.dissect(new Cursor(stream.slice(0, length)), context))
        unseen[from] = Math.max(0, context.passed - (stream.length - length))
        stream = stream.slice(length + context.passed)
      }
      waiting[from] = stream
    }
  }
  return done(facts, context)
}

function done(facts: readonly Fact[], context: ReturnType<typeof testContext>): Conversation {
  const lines = facts.map(
    ({ subject, field, value }) =>
      `${typeof subject === 'string' ? subject : (subject.mac ?? subject.ip)} ${field} ${value}`,
  )
  return { facts, lines, became: context.became, carried: context.carried, named: context.named }
}
