import { Cursor } from '../cursor.ts'
import type { Dissector, Expectation, Fact, Likeness, MessageContext } from '../dissector.ts'
import { bytesOf } from './frames.ts'

/** A message context for tests that call a dissector directly; it writes down what the dissector asked for. */
export interface TestContext extends MessageContext {
  readonly became: string[]
  readonly carried: string[]
  readonly named: string[]
  readonly expected: Expectation[]
  /** Bytes of the stream that the dissector passed over. */
  passed: number
  /** True once the dissector left the rest to others. */
  hasYielded: boolean
  /** True once the dissector had enough of this side. */
  hasEnough: boolean
  /** True once the dissector doubted a message. */
  hasDoubt: boolean
}

export function testContext(shape: Partial<MessageContext> = {}): TestContext {
  const became: string[] = []
  const carried: string[] = []
  const named: string[] = []
  const expected: Expectation[] = []
  const context: TestContext = {
    from: 'client',
    clientPort: 50_000,
    serverPort: 0,
    isMulticast: false,
    state: undefined,
    become: (protocol) => void became.push(protocol),
    names: (protocol) => void named.push(protocol),
    expect: (expectation) => void expected.push(expectation),
    carries: (protocol) => void carried.push(protocol),
    pass: (bytes) => void (context.passed += bytes),
    yields: () => void (context.hasYielded = true),
    enough: () => void (context.hasEnough = true),
    doubt: () => void (context.hasDoubt = true),
    ...shape,
    became,
    carried,
    named,
    expected,
    passed: 0,
    hasEnough: false,
    hasYielded: false,
    hasDoubt: false,
  }
  return context
}

/** What a dissector makes of one whole message. */
export function readMessage(
  dissector: Dissector,
  message: Uint8Array | string,
  context: MessageContext = testContext({ serverPort: dissector.ports?.[0] ?? 0 }),
): {
  readonly likeness: Likeness
  readonly length: number | undefined
  readonly facts: readonly Fact[]
  readonly isConsumed: boolean
} {
  const bytes = bytesOf(message)
  const cursor = new Cursor(bytes)
  return {
    likeness: dissector.looksLike(new Cursor(bytes), context),
    length: dissector.length?.(new Cursor(bytes), context),
    facts: [...dissector.dissect(cursor, context)],
    isConsumed: cursor.ok,
  }
}
