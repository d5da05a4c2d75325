import { ipText } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { groupsOfReport } from './multicast-report.ts'

/** Types of ICMPv6 (RFC 2710 §3.1, RFC 3810 §5). */
const TYPE = { query: 130, report: 131, done: 132, report2: 143 } as const
/** A query of version 2 is longer (RFC 3810 §8.1). */
const QUERY_LENGTH = 24
const QUERY2_LENGTH = 28

/** Multicast Listener Discovery of IPv6, versions 1 (RFC 2710) and 2 (RFC 3810): which groups a host listens to. */
export const mld: Dissector = {
  protocol: 'mld',
  over: 'ip',
  ipProtocols: [58],
  ttl: 1,
  appetite: Infinity,

  looksLike(message) {
    const { remaining } = message
    const type = message.u8()
    if (type === TYPE.report2) return remaining >= 8 ? 'strong' : 'no'
    return type >= TYPE.query && type <= TYPE.done && remaining >= QUERY_LENGTH ? 'strong' : 'no'
  },

  *dissect(message) {
    const { remaining } = message
    const type = message.u8()
    if (type === TYPE.query) {
      const version = remaining >= QUERY2_LENGTH ? '2' : '1'
      yield { subject: 'client', field: 'mld.querier', value: version }
    } else if (type === TYPE.report) yield* groupFacts(message.skip(7))
    else if (type === TYPE.report2) {
      for (const group of groupsOfReport(message.skip(5), 16)) yield* groupFacts(group)
    }
  },
}

/** Each address brings a group of its own, which says no more than the address (RFC 4291 §2.7.1). */
function* groupFacts(message: Cursor): Generator<Fact> {
  const group = message.view(16)
  if (!message.ok || group[0] !== 0xff) return
  const text = ipText(group)
  const isOfAddress = text.startsWith('ff02::1:ff')
  if (!isOfAddress) yield* factOf('client', 'mld.group', text)
}
