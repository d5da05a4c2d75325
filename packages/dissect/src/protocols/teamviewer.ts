import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness, MessageContext, Side } from '../dissector.ts'

const PORTS: readonly number[] = [5938]
/** The two marks with which a message over TCP begins; a command byte follows. */
const MARKS: readonly number[] = [0x1724, 0x1130]
const DATAGRAM_MARK = 0x1724
/** Where the mark stands in a datagram. */
const MARK_AT = 11
/** Marked datagrams that must agree where the port does not: three bytes say little. */
const MOST_DOUBTED = 2

/** TeamViewer over TCP (no public specification): that it is there. What it says is encrypted. */
export const teamviewer: Dissector = {
  protocol: 'teamviewer',
  over: 'tcp',
  ports: PORTS,
  firstBytes: MARKS.map((mark) => mark >>> 8),

  // Away from its port two bytes prove nothing, and who is told of control from afar acts on it.
  looksLike(message, context): Likeness {
    if (!isOnPort(context)) return 'no'
    if (message.remaining > 2) return isMarked(message) ? 'weak' : 'no'
    const isSecond = MARKS.some((mark) => (mark & 0xff) === message.peek(1))
    return message.remaining < 2 || isSecond ? 'incomplete' : 'no'
  },

  dissect(message, context) {
    const heard = (context.state ??= { client: false, server: false }) as Record<Side, boolean>
    // Each end must begin with a mark, and two that agree make it sure. What follows may be the rest of a long message, which says nothing either way.
    if (isMarked(message)) {
      if (heard[context.from]) context.doubt()
      heard[context.from] = true
    } else if (heard[context.from]) context.doubt()
    else message.ok = false
    return []
  },
}

/** The same over UDP. */
export const teamviewerUdp: Dissector = {
  protocol: 'teamviewer',
  over: 'udp',
  ports: PORTS,
  firstBytes: [0],
  appetite: 6,
  looksLike: (message) => (isMarkedDatagram(message) ? 'weak' : 'no'),

  dissect(message, context) {
    const count = (context.state as number | undefined) ?? 0
    context.state = count + 1
    if (!isMarkedDatagram(message)) message.ok = false
    else if (count < MOST_DOUBTED && !isOnPort(context)) context.doubt()
    return []
  },
}

function isMarked(message: Cursor): boolean {
  return MARKS.includes((message.peek() << 8) | message.peek(1)) && message.remaining > 2
}

function isMarkedDatagram(message: Cursor): boolean {
  const mark = (message.peek(MARK_AT) << 8) | message.peek(MARK_AT + 1)
  return message.peek() === 0 && mark === DATAGRAM_MARK && message.remaining > MARK_AT + 2
}

function isOnPort({ serverPort, clientPort }: MessageContext): boolean {
  return PORTS.includes(serverPort) || PORTS.includes(clientPort)
}
