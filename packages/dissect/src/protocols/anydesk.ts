import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness } from '../dissector.ts'
import { addFact } from '../printable.ts'

/** Not given as ports of the protocol: they lie among those that any system takes for its own ends. */
const PORTS: readonly number[] = [50_001, 50_002, 50_003]
const MAGIC: readonly number[] = [0x3e, 0xd1, 0x01]
const LONGEST_NAME = 255

/** What an announcement says of its sender. */
interface Announcement {
  readonly id: number
  readonly hostName: string
}

/**
 * Discovery of AnyDesk within a network (no public specification): which hosts let themselves be controlled from afar.
 * The user's name beside the host's is not read. Its sessions run inside TLS, which knows them by their names.
 */
export const anydesk: Dissector = {
  protocol: 'anydesk',
  over: 'udp',
  firstBytes: MAGIC.slice(0, 1),
  appetite: 8,

  looksLike(message, { serverPort, isMulticast }): Likeness {
    if (!isMagic(message)) return 'no'
    if (readAnnouncement(message) !== undefined) return 'strong'
    if (!PORTS.includes(serverPort)) return 'no'
    return isMulticast ? 'strong' : 'weak'
  },

  dissect(message, { from }) {
    const facts: Fact[] = []
    if (!isMagic(message)) {
      message.ok = false
      return facts
    }
    const said = readAnnouncement(message)
    // Others than announcements are not known.
    message.ok = true
    if (said === undefined) return facts
    addFact(facts, from, 'anydesk.host-name', said.hostName)
    if (said.id > 0) addFact(facts, from, 'anydesk.id', String(said.id))
    return facts
  },
}

function isMagic(message: Cursor): boolean {
  return MAGIC.every((byte, at) => message.peek(at) === byte)
}

/** Number, host and user, interface and task, each text behind its length; undefined where one does not fit. */
function readAnnouncement(message: Cursor): Announcement | undefined {
  const id = message.skip(MAGIC.length).u32()
  const hostLength = message.skip(6).u32()
  if (hostLength > LONGEST_NAME) return undefined
  const hostName = message.utf8(hostLength)
  const userLength = message.u32()
  // The user, and a text that was never seen filled.
  message.skip(userLength).skip(message.u32())
  message.skip(message.u32()).skip(1)
  message.skip(message.u32())
  return message.ok && hostLength > 0 && message.remaining <= 3 ? { id, hostName } : undefined
}
