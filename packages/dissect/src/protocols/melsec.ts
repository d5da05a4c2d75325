import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORTS = [5007, 5560, 5562]
/** First octets of requests and answers: frames 3E and 4E (SLMP), and MELSOFT, the maker's own tool. */
const REQUEST_3E = 0x50
const REQUEST_4E = 0x54
const MELSOFT = 0x57
const MELSOFT_SEARCH = 0x5a
const ANSWER = 0x80
const MELSOFT_HEADER = 21
const SEARCH_PORT = 5560
const CYCLIC_PORT = 61450
const CYCLIC = 0x0e70
const CPU_MODEL = 0x0101
const MODEL_LENGTH = 16
const LONGEST = 8192

/** Commands (SH-080956ENG, SLMP reference, section 5). */
const COMMANDS: Readonly<Record<number, string>> = {
  [CPU_MODEL]: 'read-cpu-model',
  0x0401: 'read',
  0x0403: 'random-read',
  0x0406: 'block-read',
  0x0601: 'buffer-read',
  0x0613: 'buffer-read',
  0x0619: 'loop-back-test',
  0x0801: 'register-monitor',
  0x0802: 'monitor',
  0x1001: 'remote-run',
  0x1002: 'remote-stop',
  0x1003: 'remote-pause',
  0x1005: 'remote-latch-clear',
  0x1006: 'remote-reset',
  0x1401: 'write',
  0x1402: 'random-write',
  0x1406: 'block-write',
  0x1601: 'buffer-write',
  0x1613: 'buffer-write',
  0x1617: 'clear-error',
  0x1630: 'remote-unlock',
  0x1631: 'remote-lock',
  0x1810: 'file-directory',
  0x1820: 'file-new',
  0x1822: 'file-delete',
  0x1827: 'file-open',
  0x1828: 'file-read',
  0x1829: 'file-write',
  0x182a: 'file-close',
}
/** MELSOFT's answer to a question for the CPU: command 0x0121 and what follows it. */
// oxlint-disable-next-line no-control-regex
const MELSOFT_MODEL = /\x01\x21\x01\0{3}([A-Z0-9][A-Z0-9/-]{3,15})/

const shape = {
  protocol: 'melsec',
  ports: PORTS,
  firstBytes: [REQUEST_3E, REQUEST_4E, MELSOFT, MELSOFT_SEARCH].flatMap((one) => [
    one,
    one | ANSWER,
  ]),
  appetite: 256,
  dissect: facts,
} as const

/** Mitsubishi MELSEC over TCP: binary SLMP (frames 3E and 4E) and MELSOFT. */
export const melsec: Dissector = {
  ...shape,
  over: 'tcp',
  looksLike: (message) => likeness(message, 0),
  length: (stream) => (stream.remaining < MELSOFT_HEADER ? shortLength(stream) : lengthOf(stream)),
}

/** Mitsubishi MELSEC over UDP. */
export const melsecUdp: Dissector = {
  ...shape,
  over: 'udp',
  looksLike(message, { clientPort, serverPort }) {
    if (serverPort === CYCLIC_PORT || clientPort === CYCLIC_PORT) return 'no'
    const isSearch = serverPort === SEARCH_PORT || clientPort === SEARCH_PORT
    if (isSearch && (message.peek() & ~ANSWER) === MELSOFT_SEARCH) return 'weak'
    return likeness(message, message.remaining)
  },
}

/** CC-Link IE Field Basic: cyclic data of a master and its stations, in frames of SLMP. */
export const cclink: Dissector = {
  protocol: 'cclink',
  over: 'udp',
  ports: [CYCLIC_PORT],
  firstBytes: [REQUEST_3E, REQUEST_3E | ANSWER],
  looksLike(message, { clientPort, serverPort }) {
    const isAnswer = message.peek() === (REQUEST_3E | ANSWER)
    if (lengthOf(message) !== message.remaining) return 'no'
    if (!isAnswer) return (message.peek(11) | (message.peek(12) << 8)) === CYCLIC ? 'strong' : 'no'
    return serverPort === CYCLIC_PORT || clientPort === CYCLIC_PORT ? 'strong' : 'no'
  },
  *dissect(message, { from }) {
    const value = (message.u8() & ANSWER) === 0 ? 'master' : 'station'
    message.skip(message.remaining)
    yield { subject: from, field: 'cclink.role', value }
  },
}

/** What the length says must be there; -1 when it is none of these frames. */
function lengthOf(stream: Cursor): number {
  const kind = stream.peek() & ~ANSWER
  const at = kind === REQUEST_3E ? 2 : kind === REQUEST_4E ? 6 : -1
  if (stream.peek(1) > (kind === MELSOFT ? 1 : 0)) return -1
  if (kind === MELSOFT) {
    const length = stream.peek(19) | (stream.peek(20) << 8)
    return length <= LONGEST ? MELSOFT_HEADER + length : -1
  }
  // Network, station 255, module 03ff, number of the module.
  const isHead = at > 0 && stream.peek(at + 1) === 0xff && stream.peek(at + 2) === 0xff
  if (!isHead || stream.peek(at + 3) !== 3) return -1
  const length = stream.peek(at + 5) | (stream.peek(at + 6) << 8)
  return length >= 2 && length <= LONGEST ? at + 7 + length : -1
}

function shortLength(stream: Cursor): number {
  const kind = stream.peek() & ~ANSWER
  if (kind !== REQUEST_3E || stream.remaining < 9) return 0
  return lengthOf(stream)
}

/** `total` is the length that must come out, or 0 where more may follow. */
function likeness(message: Cursor, total: number): Likeness {
  const kind = message.peek() & ~ANSWER
  if (message.remaining < 11) return total === 0 && message.peek(1) === 0 ? 'incomplete' : 'no'
  const length = lengthOf(message)
  if (length < 0 || (total > 0 && length !== total)) return 'no'
  if (kind === MELSOFT) return isMelsoft(message) ? 'strong' : 'no'
  if ((message.peek() & ANSWER) !== 0) return 'weak'
  const at = kind === REQUEST_3E ? 11 : 15
  return COMMANDS[message.peek(at) | (message.peek(at + 1) << 8)] === undefined ? 'no' : 'strong'
}

/** The four octets that every message seen had after its number. */
function isMelsoft(message: Cursor): boolean {
  const ends = message.peek(7) === 7 || message.peek(7) === 0x7f
  return message.peek(5) === 0x11 && message.peek(6) === 0x11 && ends
}

function* facts(message: Cursor, context: MessageContext): Generator<Fact> {
  const { from } = context
  const first = message.u8()
  const kind = first & ~ANSWER
  const isAnswer = (first & ANSWER) !== 0
  if (kind === MELSOFT || kind === MELSOFT_SEARCH) {
    const text = characters(message.bytes, message.position, message.end)
    if (isAnswer) yield* factOf(from, 'melsec.model', MELSOFT_MODEL.exec(text)?.[1])
    else yield { subject: from, field: 'melsec.command', value: 'melsoft' }
    return
  }
  message.skip(kind === REQUEST_3E ? 8 : 12)
  if (isAnswer) {
    const isDone = message.u16le() === 0
    const model = context.state === CPU_MODEL ? message.text(MODEL_LENGTH) : ''
    if (isDone && message.ok) yield* factOf(from, 'melsec.model', model)
  } else {
    const command = message.skip(2).u16le()
    if (!message.ok) return
    context.state = command
    const name = COMMANDS[command] ?? `command ${command.toString(16).padStart(4, '0')}`
    yield* factOf(from, 'melsec.command', name)
  }
}
