import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { firstLine, lineLength } from '../lines.ts'
import { factOf } from '../printable.ts'

const PORT = 515
/** Commands by their first byte (RFC 1179 §5). */
const COMMANDS = [
  '',
  'print-waiting',
  'receive-job',
  'queue-state',
  'queue-state-long',
  'remove-jobs',
] as const
const RECEIVE = 2
/** Commands with operands behind the queue: users and jobs. */
const FIRST_WITH_OPERANDS = 3
const LAST = COMMANDS.length - 1
const LONGEST_LINE = 1024
const LONGEST_QUEUE = 64

/** Subcommands inside a job: a file by its length and name (RFC 1179 §6). */
const CONTROL_FILE = 2
const DATA_FILE = 3
const FILE = /^(\d{1,15}) \S/

interface LpdState {
  /** A job is being received: what the client says are subcommands and files. */
  isInJob: boolean
}

/** Line printer daemon (RFC 1179): what is asked of which queue. Files, users, hosts and lists of jobs go by unread. */
export const lpd: Dissector = {
  protocol: 'lpd',
  over: 'tcp',
  ports: [PORT],
  firstBytes: Array.from({ length: LAST }, (_, at) => at + 1),
  appetite: 16,
  looksLike,

  length: (stream, { from }) =>
    from === 'server' ? stream.remaining : lineLength(stream, LONGEST_LINE),

  *dissect(message, context) {
    // An acknowledgement is a zero byte, and the state of a queue is text without a form: neither shows the protocol.
    if (context.from === 'server') return context.doubt()
    const state = (context.state ??= { isInJob: false }) as LpdState
    if (state.isInJob) {
      message.ok = passFile(message, state, context)
      return
    }
    message.ok = looksLike(message, context) === 'weak'
    if (message.ok) yield* commandFacts(message, state)
  },
}

/** Away from its port it is not known: a byte and a line of text are the frame of many a device behind a serial gateway. */
function looksLike(message: Cursor, { from, serverPort }: MessageContext): Likeness {
  const { bytes, position, end } = message
  const code = message.peek()
  if (serverPort !== PORT || from === 'server' || code < 1 || code > LAST) return 'no'
  let at = position + 1
  while (at < end && isVisible(bytes[at]!)) at++
  const length = at - position - 1
  if (length > LONGEST_QUEUE) return 'no'
  if (code >= FIRST_WITH_OPERANDS && length > 0) {
    while (at < end && (bytes[at] === 0x20 || isVisible(bytes[at]!))) at++
  }
  if (at - position > LONGEST_LINE) return 'no'
  if (at === end) return 'incomplete'
  // The client waits for an answer before it goes on.
  return length > 0 && bytes[at] === 0x0a && at + 1 === end ? 'weak' : 'no'
}

function isVisible(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f
}

function* commandFacts(message: Cursor, state: LpdState): Generator<Fact> {
  const code = message.peek()
  const queue = firstLine(message).slice(1).split(' ', 1)[0]
  state.isInJob = code === RECEIVE
  yield { subject: 'client', field: 'lpd.command', value: COMMANDS[code]! }
  yield* factOf('server', 'lpd.queue', queue)
}

/** Lets a file go by, with the zero byte that ends it. One without a length lasts as long as the connection. */
function passFile(message: Cursor, state: LpdState, context: MessageContext): boolean {
  const code = message.peek()
  const line = firstLine(message)
  if (code === 1 && line.length === 1) {
    state.isInJob = false
    return true
  }
  const length =
    code === CONTROL_FILE || code === DATA_FILE ? FILE.exec(line.slice(1))?.[1] : undefined
  if (length === undefined) return false
  const isEndless = code === DATA_FILE && Number(length) === 0
  context.pass(isEndless ? Infinity : Number(length) + 1)
  return true
}
