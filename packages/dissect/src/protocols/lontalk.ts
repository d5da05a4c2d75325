import { hexText } from '../address.ts'
import type { Dissector } from '../dissector.ts'
import { factOf } from '../printable.ts'

const HEADER = 20
const VERSION = 1
const DATA = 1
/** The code of LonTalk among the protocols that may be carried. */
const LONTALK = 0
const PROTOCOL_BITS = 0x1f

/** LonTalk over IP (EIA-852): routers and controllers of a LonWorks channel. */
export const lontalk: Dissector = {
  protocol: 'lontalk',
  over: 'udp',
  ports: [1628, 1629],
  firstBytes: [0, 1, 2, 3, 4, 5],
  appetite: 16,

  looksLike(message) {
    const total = message.remaining
    const isWhole = message.u16() === total && total >= HEADER
    const version = message.u8()
    const type = message.u8()
    const extension = message.u8()
    const isMine = (message.u8() & PROTOCOL_BITS) === LONTALK
    return isWhole && version === VERSION && type > 0 && extension < 16 && isMine ? 'weak' : 'no'
  },

  *dissect(message, { from }) {
    const type = message.skip(3).u8()
    const vendor = hexText(message.skip(2).view(2))
    message.skip(12)
    if (!message.ok) return
    const value = type === DATA ? 'data' : 'configuration'
    yield { subject: from, field: 'lontalk.sends', value }
    yield* factOf(from, 'lontalk.vendor-code', vendor)
  },
}
