import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORT = 514
const LAST_PRIORITY = 191
const MOST_HEADER = 400

const FACILITIES: readonly string[] = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
]

const PRIORITY = /^<(\d{1,3})>/
/** Version, time, host and program (RFC 5424 §6.2). */
const NEW_HEADER = /^<\d{1,3}>1 (?:-|\d{4}-\d\d-\d\dT\S+) (\S+) (\S+) /
/** Time, host and program as they mostly are (RFC 3164 §4.1). */
const OLD_HEADER =
  /^<\d{1,3}>(?:\d+: )?(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?) ([\w.:-]+) (?:([\w./-]+)(?:\[\d+\])?:)?/

/** Syslog (RFC 5424, RFC 3164) over UDP: host and program. The message itself, which may name a person, is not read. */
export const syslog: Dissector = {
  protocol: 'syslog',
  over: 'udp',
  ports: [PORT],
  firstBytes: [0x3c],
  appetite: 32,
  looksLike: (message, context) => likeness(message, context),
  dissect: (message, context) => messageFacts(message, context),
}

/** Syslog over a stream, a line or a counted frame for each message (RFC 6587). */
export const syslogTcp: Dissector = {
  protocol: 'syslog',
  over: 'tcp',
  ports: [601, PORT, 6514],
  firstBytes: [0x3c, ...Array.from({ length: 9 }, (_, at) => 0x31 + at)],
  appetite: 32,
  looksLike: (stream, context) => likeness(stream, context),

  length(stream) {
    const window = headOf(stream)
    const counted = /^(\d{1,5}) </.exec(window)
    if (counted !== null) return counted[1]!.length + 1 + Number(counted[1])
    const feed = stream.bytes.indexOf(0x0a, stream.position)
    if (feed >= 0 && feed < stream.end) return feed + 1 - stream.position
    return stream.remaining > 8192 ? -1 : 0
  },

  dissect: (message, context) => messageFacts(message, context),
}

function headOf(message: Cursor): string {
  const end = Math.min(message.end, message.position + MOST_HEADER)
  return characters(message.bytes, message.position, end)
}

function likeness(message: Cursor, { serverPort }: MessageContext): Likeness {
  const text = headOf(message).replace(/^\d{1,5} (?=<)/, '')
  const priority = PRIORITY.exec(text)
  if (priority === null || Number(priority[1]) > LAST_PRIORITY) return 'no'
  if (NEW_HEADER.test(text) || OLD_HEADER.test(text)) return 'strong'
  const isText = /^<\d{1,3}>[\t\x20-\x7e\x80-\xff]{4,}/.test(text)
  // Tags of markup are no priority: a number alone stands in the brackets.
  return isText && serverPort === PORT ? 'strong' : isText ? 'weak' : 'no'
}

function* messageFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const text = headOf(message).replace(/^\d{1,5} (?=<)/, '')
  const priority = PRIORITY.exec(text)
  if (priority === null || Number(priority[1]) > LAST_PRIORITY) {
    message.ok = false
    return
  }
  yield* factOf(from, 'syslog.facility', FACILITIES[Number(priority[1]) >> 3])
  const [, host, program] = NEW_HEADER.exec(text) ?? OLD_HEADER.exec(text) ?? []
  if (host !== '-') yield* factOf(from, 'syslog.host', host)
  if (program !== '-') yield* factOf(from, 'syslog.program', program)
}
