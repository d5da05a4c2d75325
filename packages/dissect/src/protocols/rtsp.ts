import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { firstLine } from '../lines.ts'
import { factOf } from '../printable.ts'

const REQUEST =
  /^(OPTIONS|DESCRIBE|ANNOUNCE|SETUP|PLAY|PAUSE|TEARDOWN|GET_PARAMETER|SET_PARAMETER|REDIRECT|RECORD|PLAY_NOTIFY) (\S+) RTSP\/[12]\.\d$/
const ANSWER = /^RTSP\/[12]\.\d \d\d\d( |$)/
const LONGEST_HEAD = 8192
const MOST_LINES = 96
/** Binary data between messages: `$`, channel, length (RFC 2326 §10.12). */
const DATA = 0x24

/** RTSP (RFC 2326, RFC 7826): cameras and players, their software and the kind of their streams. */
export const rtsp: Dissector = {
  protocol: 'rtsp',
  over: 'tcp',
  ports: [554, 8554, 7070],
  firstBytes: Array.from({ length: 26 }, (_, at) => 0x41 + at),
  appetite: 16,
  looksLike,

  length(stream) {
    if (stream.peek() === DATA)
      return stream.remaining < 4 ? 0 : 4 + ((stream.peek(2) << 8) | stream.peek(3))
    const window = headOf(stream)
    const end = window.indexOf('\r\n\r\n')
    if (end < 0) return window.length < LONGEST_HEAD ? 0 : -1
    const body = Number(/\r\ncontent-length *: *(\d{1,6})/i.exec(window.slice(0, end))?.[1] ?? 0)
    return end + 4 + body
  },

  *dissect(message, context) {
    if (message.peek() === DATA) {
      context.carries('rtp')
      return
    }
    if (looksLike(message) === 'strong') yield* messageFacts(message, context)
    else message.ok = false
  },
}

function looksLike(stream: Cursor): Likeness {
  const line = firstLine(stream, 1024)
  if (REQUEST.test(line) || ANSWER.test(line)) return 'strong'
  if (stream.remaining > line.length || line.length > 512) return 'no'
  return /^(?:[A-Z_]{1,13}|[A-Z_]{5,13} (?:rtsp|\*)\S*[ \w/.]*|RTSP\/.*)$/.test(line)
    ? 'incomplete'
    : 'no'
}

function headOf(stream: Cursor): string {
  const end = Math.min(stream.end, stream.position + LONGEST_HEAD)
  return characters(stream.bytes, stream.position, end)
}

function* messageFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const [head = '', body = ''] = headOf(message).split('\r\n\r\n', 2)
  const [line = '', ...headers] = head.split('\r\n').slice(0, MOST_LINES)
  const request = REQUEST.exec(line)
  if (request !== null) yield* factOf(from, 'rtsp.method', request[1])
  for (const header of headers) {
    const colon = header.indexOf(':')
    const name = header.slice(0, colon).trim().toLowerCase()
    const value = header.slice(colon + 1).trim()
    if (name === 'server') yield* factOf(from, 'rtsp.server', value)
    else if (name === 'user-agent') yield* factOf(from, 'rtsp.user-agent', value)
    else if (name === 'www-authenticate') {
      yield* factOf(from, 'rtsp.authentication', /^\w+/.exec(value)?.[0])
      yield* factOf(from, 'rtsp.realm', /\brealm="([^"]*)"/i.exec(value)?.[1])
    }
  }
  if (request === null) yield* descriptionFacts(body, from)
}

/** What a session is made of (RFC 8866): kind of media and coding, and the tool that says so. */
function* descriptionFacts(body: string, from: MessageContext['from']): Generator<Fact> {
  for (const line of body.split(/\r?\n/).slice(0, MOST_LINES)) {
    yield* factOf(from, 'rtsp.media', /^m=(\w+) /.exec(line)?.[1])
    yield* factOf(from, 'rtsp.codec', /^a=rtpmap:\d+ ([\w.-]+)\//.exec(line)?.[1])
    yield* factOf(from, 'rtsp.tool', /^a=tool:(.+)$/.exec(line)?.[1])
  }
}
