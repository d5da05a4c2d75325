import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const SENDER_REPORT = 200
const RECEIVER_REPORT = 201
const DESCRIPTION = 202
const LAST_TYPE = 207
/** Words of the reports without their blocks, header included. */
const SHORTEST: Readonly<Record<number, number>> = { [SENDER_REPORT]: 7, [RECEIVER_REPORT]: 2 }
const TOOL = 6
const MOST_PACKETS = 16
const MOST_ITEMS = 16

/** RTCP (RFC 3550 §6): compound packets, and the software that sends them. */
export const rtcp: Dissector = {
  protocol: 'rtcp',
  over: 'udp',
  firstBytes: Array.from({ length: 64 }, (_, at) => 0x80 + at),
  appetite: 6,
  looksLike: (message) => likeness(message),

  *dissect(message, context) {
    if (likeness(new Cursor(message.bytes, message.position, message.end)) === 'no') {
      message.ok = false
      return
    }
    for (let count = 0; count < MOST_PACKETS && message.remaining >= 4; count++) {
      message.skip(1)
      const type = message.u8()
      const body = message.take(4 * message.u16())
      if (type === DESCRIPTION) yield* toolFacts(body, context.from)
    }
    message.ok = true
  },
}

/** A compound packet begins with a report (RFC 3550 §6.1); what encrypts it adds a few octets behind. */
function likeness(message: Cursor): Likeness {
  let packets = 0
  const isReport = message.peek(1) === SENDER_REPORT || message.peek(1) === RECEIVER_REPORT
  if (!isReport) return 'no'
  while (message.remaining >= 4 && packets < MOST_PACKETS) {
    const first = message.u8()
    const type = message.u8()
    const words = message.u16()
    const isType = first >> 6 === 2 && type >= SENDER_REPORT && type <= LAST_TYPE
    const blocks = type <= RECEIVER_REPORT ? 6 * (first & 0x1f) : 0
    if (!isType) return packets === 1 ? 'weak' : 'no'
    if (words + 1 < (SHORTEST[type] ?? 0) + blocks || !message.skip(4 * words).ok) return 'no'
    packets++
  }
  const isWhole = message.ok && message.remaining === 0
  if (packets === 0) return 'no'
  if (isWhole) return packets > 1 ? 'strong' : 'weak'
  return packets === 1 ? 'weak' : 'no'
}

/** Names of persons stand in other items, which are passed over (RFC 3550 §6.5). */
function* toolFacts(chunks: Cursor, from: Side): Generator<Fact> {
  chunks.skip(4)
  for (let count = 0; count < MOST_ITEMS && chunks.remaining > 1; count++) {
    const type = chunks.u8()
    if (type === 0) return
    const value = chunks.take(chunks.u8())
    if (type === TOOL) yield* factOf(from, 'rtcp.tool', value.utf8(value.remaining))
  }
}
