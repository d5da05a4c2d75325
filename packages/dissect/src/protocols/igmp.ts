import { ipText } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { groupsOfReport } from './multicast-report.ts'

/** RFC 1112 appendix I, RFC 2236 §2.1, RFC 3376 §4. */
const TYPE = { query: 0x11, report1: 0x12, report2: 0x16, leave: 0x17, report3: 0x22 } as const
const LENGTH = 8
/** A query of version 3 is longer (RFC 3376 §7.1). */
const QUERY3_LENGTH = 12

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
    } else if (type === TYPE.report3) {
      for (const group of groupsOfReport(message.skip(2), 4)) yield* groupFacts(group)
    } else if (type !== TYPE.leave) yield* groupFacts(message)
  },
}

function* groupFacts(message: Cursor): Generator<Fact> {
  const group = message.view(4)
  if (!message.ok || group[0]! >>> 4 !== 14) return
  yield* factOf('client', 'igmp.group', ipText(group))
}
