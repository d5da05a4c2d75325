import { ipText } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'

/** RFC 1112 appendix I, RFC 2236 §2.1, RFC 3376 §4. */
const TYPE = { query: 0x11, report1: 0x12, report2: 0x16, leave: 0x17, report3: 0x22 } as const
const LENGTH = 8
/** A query of version 3 is longer (RFC 3376 §7.1). */
const QUERY3_LENGTH = 12
const MOST_GROUPS = 32
/** Records of a report that join a group or name who is listened to there; the others leave it (RFC 3376 §4.2.12). */
const JOINING: readonly number[] = [1, 2, 4, 5]

/** Internet Group Management Protocol, versions 1 to 3 (RFC 1112, RFC 2236, RFC 3376): which groups a host listens to. */
export const igmp: Dissector = {
  protocol: 'igmp',
  over: 'ip',
  ipProtocols: [2],
  ttl: 1,
  appetite: Infinity,

  looksLike(message) {
    const { remaining } = message
    const type = message.u8()
    return Object.values<number>(TYPE).includes(type) && remaining >= LENGTH ? 'strong' : 'no'
  },

  *dissect(message) {
    const { remaining } = message
    const type = message.u8()
    const code = message.u8()
    message.skip(2)
    if (type === TYPE.query) {
      // Version 1 asks without saying how long it waits.
      const version = remaining >= QUERY3_LENGTH ? '3' : code === 0 ? '1' : '2'
      yield { subject: 'client', field: 'igmp.querier', value: version }
    } else if (type === TYPE.report3) yield* recordFacts(message.skip(2))
    else if (type !== TYPE.leave) yield* groupFacts(message)
  },
}

/** RFC 3376 §4.2. */
function* recordFacts(message: Cursor): Generator<Fact> {
  const count = message.u16()
  for (let left = Math.min(count, MOST_GROUPS); left > 0 && message.ok; left--) {
    const type = message.u8()
    const auxiliary = message.u8()
    const sources = message.u16()
    const group = message.take(4)
    message.skip(4 * (sources + auxiliary))
    // A list of nobody to listen to leaves the group, too.
    const isLeaving = !JOINING.includes(type) || (type === 1 && sources === 0)
    if (message.ok && !isLeaving) yield* groupFacts(group)
  }
}

function* groupFacts(message: Cursor): Generator<Fact> {
  const group = message.view(4)
  if (!message.ok || group[0]! >>> 4 !== 14) return
  yield* factOf('client', 'igmp.group', ipText(group))
}
