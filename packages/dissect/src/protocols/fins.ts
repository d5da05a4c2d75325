import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORTS = [9600]
const MARK = 'FINS'
/** Length and mark, command and error of the header over TCP. */
const TCP_HEADER = 16
const TCP_FRAME = 2
const MOST_TCP_COMMAND = 6
const HEADER = 10
const LONGEST = 4096
const RESPONSE = 0x40
const MOST_GATEWAYS = 7
/** Command or response, with or without one wanted; a gateway is used. */
const CONTROLS: readonly number[] = [0x80, 0x81, 0xc0, 0xc1]
const CONTROLLER_DATA = 0x0501

/** Commands (OMRON W342, section 5). */
const COMMANDS: Readonly<Record<number, string>> = {
  0x0101: 'memory-read',
  0x0102: 'memory-write',
  0x0103: 'memory-fill',
  0x0104: 'multiple-memory-read',
  0x0105: 'memory-transfer',
  0x0201: 'parameter-read',
  0x0202: 'parameter-write',
  0x0203: 'parameter-clear',
  0x0304: 'program-protect',
  0x0305: 'program-protect-clear',
  0x0306: 'program-read',
  0x0307: 'program-write',
  0x0308: 'program-clear',
  0x0401: 'run',
  0x0402: 'stop',
  [CONTROLLER_DATA]: 'controller-data-read',
  0x0502: 'connection-data-read',
  0x0601: 'controller-status-read',
  0x0602: 'network-status-read',
  0x0603: 'data-link-status-read',
  0x0620: 'cycle-time-read',
  0x0701: 'clock-read',
  0x0702: 'clock-write',
  0x0801: 'loop-back-test',
  0x0802: 'broadcast-test-read',
  0x0803: 'broadcast-test',
  0x0920: 'message-read',
  0x0c01: 'access-right-acquire',
  0x0c02: 'access-right-force-acquire',
  0x0c03: 'access-right-release',
  0x2101: 'error-clear',
  0x2102: 'error-log-read',
  0x2103: 'error-log-clear',
  0x2140: 'write-access-log-read',
  0x2201: 'file-name-read',
  0x2202: 'file-read',
  0x2203: 'file-write',
  0x2204: 'memory-format',
  0x2205: 'file-delete',
  0x2207: 'file-copy',
  0x2208: 'file-rename',
  0x220a: 'file-memory-transfer',
  0x220b: 'parameter-file-transfer',
  0x220c: 'program-file-transfer',
  0x2215: 'directory-create',
  0x2301: 'forced-set-reset',
  0x2302: 'forced-set-reset-cancel',
  0x230a: 'multiple-forced-status-read',
}

/** OMRON FINS over UDP: what is asked of a controller, and its model and version. */
export const fins: Dissector = {
  protocol: 'fins',
  over: 'udp',
  ports: PORTS,
  firstBytes: CONTROLS,
  appetite: 256,
  looksLike: (message) => (isFrame(message) ? 'weak' : 'no'),
  dissect: frameFacts,
}

/** OMRON FINS over TCP, whose header has a mark of its own. */
export const finsTcp: Dissector = {
  protocol: 'fins',
  over: 'tcp',
  ports: PORTS,
  firstBytes: [MARK.charCodeAt(0)],
  appetite: 256,
  looksLike(message): Likeness {
    if (!message.startsWith(MARK.slice(0, message.remaining))) return 'no'
    if (message.remaining < TCP_HEADER) return 'incomplete'
    const isCommand = message.skip(8).u32() <= MOST_TCP_COMMAND
    return isCommand ? 'strong' : 'no'
  },
  length(stream) {
    if (stream.remaining < 8) return stream.startsWith(MARK.slice(0, stream.remaining)) ? 0 : -1
    const length = stream.startsWith(MARK) ? (stream.peek(6) << 8) | stream.peek(7) : -1
    const isSane = stream.peek(4) === 0 && stream.peek(5) === 0 && length >= 8 && length <= LONGEST
    return isSane ? length + 8 : -1
  },
  *dissect(message, context) {
    const command = message.skip(8).u32()
    message.skip(4)
    if (command === TCP_FRAME) yield* frameFacts(message, context)
  },
}

function isFrame(message: Cursor): boolean {
  const isHead = CONTROLS.includes(message.u8()) && message.u8() === 0
  const gateways = message.u8()
  const command = message.skip(7).u16()
  return isHead && message.ok && gateways <= MOST_GATEWAYS && COMMANDS[command] !== undefined
}

/** Header of ten octets, command, and in an answer a code of how it went. */
function* frameFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const isAnswer = (message.u8() & RESPONSE) !== 0
  message.skip(HEADER - 1)
  const command = message.u16()
  if (!message.ok) return
  if (!isAnswer) {
    yield* factOf(from, 'fins.command', COMMANDS[command] ?? `command ${command.toString(16)}`)
  } else if (command === CONTROLLER_DATA && message.u16() === 0) {
    const model = message.text(20)
    const version = message.text(20)
    yield* factOf(from, 'fins.model', model)
    yield* factOf(from, 'fins.version', version)
  }
}
