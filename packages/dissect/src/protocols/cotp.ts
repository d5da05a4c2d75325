import { hexText } from '../address.ts'
import { Cursor, latin1 } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { isMmsData, mmsFacts } from './mms.ts'
import { isS7Data, s7Facts } from './s7comm.ts'
import { isS7PlusData, s7PlusFacts } from './s7comm-plus.ts'
import { COTP, newWaiting, readUnit, readUserData, TPKT, tpktLength } from './tpkt.ts'

const PARAMETER = { tpduSize: 0xc0, calling: 0xc1, called: 0xc2 } as const
const MOST_PARAMETERS = 8

/** What may follow a connection, and how its first message is read. */
const APPLICATIONS: readonly {
  readonly protocol: string
  isMine(data: Cursor): boolean
  facts(data: Cursor, context: MessageContext): Iterable<Fact>
}[] = [
  { protocol: 's7comm', isMine: isS7Data, facts: s7Facts },
  { protocol: 's7comm-plus', isMine: isS7PlusData, facts: s7PlusFacts },
  { protocol: 'mms', isMine: isMmsData, facts: mmsFacts },
]

/** ISO transport over TCP (RFC 1006) until the first message says which application it carries. */
export const cotp: Dissector = {
  protocol: 'cotp',
  over: 'tcp',
  ports: [102],
  firstBytes: [TPKT],
  looksLike,
  length: tpktLength,

  *dissect(message, context) {
    const code = message.peek(5) & 0xf0
    if (code === COTP.request || code === COTP.confirm) {
      const { header } = readUnit(message)
      if (code === COTP.request) yield* selectorFacts(header, context.from)
      return
    }
    context.state ??= newWaiting()
    const data = readUserData(message, context, context.state as ReturnType<typeof newWaiting>)
    if (data === undefined) return
    for (const { protocol, isMine, facts } of APPLICATIONS) {
      if (!isMine(copyOf(data))) continue
      context.state = undefined
      yield* facts(data, context)
      context.become(protocol)
      return
    }
  },
}

function looksLike(message: Cursor): Likeness {
  const length = tpktLength(message)
  if (length <= 0) return length < 0 ? 'no' : 'incomplete'
  if (message.remaining < Math.min(length, 11)) return 'incomplete'
  const code = message.peek(5)
  if ((code !== COTP.request && code !== COTP.confirm) || message.peek(4) !== length - 5)
    return 'no'
  if (message.remaining < length) return 'incomplete'
  const known = [...parameters(readUnit(message).header)].filter(({ type }) => type >> 4 === 0xc)
  return known.length > 0 ? 'strong' : 'no'
}

/** Code, length and value, after two references and the class (RFC 905 §13.3). */
function* parameters(header: Cursor): Generator<{ type: number; value: Uint8Array }> {
  header.skip(5)
  for (let left = MOST_PARAMETERS; left > 0 && header.remaining >= 2; left--) {
    const type = header.u8()
    const value = header.view(header.u8())
    if (header.ok) yield { type, value }
  }
}

function* selectorFacts(header: Cursor, from: Side): Generator<Fact> {
  const other: Side = from === 'client' ? 'server' : 'client'
  for (const { type, value } of parameters(header)) {
    if (type === PARAMETER.calling) yield* factOf(from, 'cotp.calling-tsap', selectorText(value))
    if (type === PARAMETER.called) yield* factOf(other, 'cotp.called-tsap', selectorText(value))
  }
}

function selectorText(value: Uint8Array): string {
  const text = latin1(value)
  return value.length > 3 && /^[\x20-\x7e]+$/.test(text) ? text : hexText(value)
}

function copyOf(data: Cursor): Cursor {
  return new Cursor(data.bytes, data.position, data.end)
}
