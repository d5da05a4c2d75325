import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { firstLine } from '../lines.ts'
import { factOf } from '../printable.ts'

const PORTS: readonly number[] = [5060, 5061]
const REQUEST = /^([A-Z]{3,16}) (?:sips?|tel|urn):\S* SIP\/2\.0$/
const ANSWER = /^SIP\/2\.0 [1-7]\d\d( |$)/
const METHODS: readonly string[] = [
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'MESSAGE',
  'NOTIFY',
  'OPTIONS',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
]
const LONGEST_HEAD = 8192
const MOST_HEADERS = 64

/** SIP (RFC 3261): telephones and their servers, by what they call themselves. Nobody who calls is read. */
export const sip: Dissector = {
  protocol: 'sip',
  over: 'udp',
  ports: PORTS,
  firstBytes: Array.from({ length: 26 }, (_, at) => 0x41 + at),
  appetite: 16,
  looksLike: (message) => likeness(message),
  dissect: (message, context) => messageFacts(message, context),
}

/** SIP over a stream: a head, and a body as long as it says (RFC 3261 §18.3). */
export const sipTcp: Dissector = {
  ...sip,
  over: 'tcp',

  looksLike(stream) {
    const result = likeness(stream)
    const line = firstLine(stream, 256)
    const isLine = stream.remaining > line.length
    const isStart =
      !isLine && (ANSWER.test(line) || /^(?:[A-Z]{1,16}|[A-Z]{3,16} s[\S ]*|SIP[\S ]*)$/.test(line))
    return result === 'no' && isStart && line.length < 200 ? 'incomplete' : result
  },

  length(stream) {
    // Empty lines keep a connection open (RFC 5626 §4.4.1).
    const first = stream.peek()
    if (first === 0x0d || first === 0x0a) return 1
    const window = characters(
      stream.bytes,
      stream.position,
      Math.min(stream.end, stream.position + LONGEST_HEAD),
    )
    const end = window.indexOf('\r\n\r\n')
    if (end < 0) return window.length < LONGEST_HEAD ? 0 : -1
    const body = Number(
      /\r\n(?:content-length|l) *: *(\d{1,6})/i.exec(window.slice(0, end))?.[1] ?? 0,
    )
    return end + 4 + body
  },
}

function likeness(message: Cursor): Likeness {
  const line = firstLine(message, 1024)
  if (ANSWER.test(line)) return 'strong'
  const method = REQUEST.exec(line)?.[1]
  return method !== undefined && METHODS.includes(method) ? 'strong' : 'no'
}

function* messageFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const line = firstLine(message, 1024)
  const method = REQUEST.exec(line)?.[1]
  // What is neither keeps the way through an address translation open.
  if (method === undefined && !ANSWER.test(line)) return
  if (method !== undefined) yield* factOf(from, 'sip.method', method)
  const window = characters(
    message.bytes,
    message.position,
    Math.min(message.end, message.position + LONGEST_HEAD),
  )
  const lines = window.split('\r\n\r\n', 1)[0]!.split('\r\n').slice(1, MOST_HEADERS)
  for (const header of lines) {
    const colon = header.indexOf(':')
    const name = header.slice(0, colon).trim().toLowerCase()
    const value = header.slice(colon + 1).trim()
    if (name === 'user-agent') yield* factOf(from, 'sip.user-agent', value)
    else if (name === 'server') yield* factOf(from, 'sip.server', value)
    else if (name === 'www-authenticate' || name === 'proxy-authenticate') {
      yield* factOf(from, 'sip.authentication', /^\w+/.exec(value)?.[0])
      yield* factOf(from, 'sip.realm', /\brealm="([^"]*)"/i.exec(value)?.[1])
    }
  }
  if (method === 'REGISTER') {
    const other = from === 'client' ? 'server' : 'client'
    const registrar = /^REGISTER sips?:(?:[^@\s]*@)?([^;\s]+)/.exec(line)?.[1]
    yield* factOf(from, 'sip.registers-at', registrar)
    yield { subject: other, field: 'sip.role', value: 'registrar' }
  }
}
