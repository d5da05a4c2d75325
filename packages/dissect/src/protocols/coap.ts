import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORTS: readonly number[] = [5683]
const METHODS: readonly (string | undefined)[] = [
  undefined,
  'get',
  'post',
  'put',
  'delete',
  'fetch',
  'patch',
  'ipatch',
]
const OPTION = { host: 3, path: 11 } as const
const LAST_OPTION = 65_000
const PAYLOAD = 0xff
const MOST_OPTIONS = 32

interface Option {
  readonly number: number
  readonly value: Cursor
}

/** CoAP (RFC 7252): small devices, and what they offer. */
export const coap: Dissector = {
  protocol: 'coap',
  over: 'udp',
  ports: PORTS,
  firstBytes: Array.from({ length: 64 }, (_, at) => 0x40 + at),
  appetite: 8,
  looksLike: (message, context) => likeness(message, context),

  *dissect(message, { from }) {
    const code = message.peek(1)
    const options = readOptions(message)
    if (options === undefined) {
      message.ok = false
      return
    }
    yield* factOf(from, 'coap.method', code < 32 ? METHODS[code] : undefined)
    const textOf = ({ value }: Option) => value.utf8(value.remaining)
    const path = options.filter(({ number }) => number === OPTION.path).map(textOf)
    const host = options.find(({ number }) => number === OPTION.host)
    // Deeper parts may be about a person.
    if (path.length > 0) yield* factOf(from, 'coap.path', `/${path.slice(0, 2).join('/')}`)
    if (host !== undefined) yield* factOf('server', 'coap.host', textOf(host))
    if (code === 0x45) yield* linkFacts(message, from)
  },
}

function likeness(message: Cursor, { serverPort, clientPort }: MessageContext): Likeness {
  const code = message.peek(1)
  const kind = code >> 5
  const detail = code & 0x1f
  const isCode =
    code === 0 ||
    (kind === 0 && METHODS[detail] !== undefined) ||
    (kind === 2 && detail <= 5) ||
    (kind === 2 && detail === 31) ||
    ((kind === 4 || kind === 5) && detail <= 29)
  const length = message.remaining
  if (!isCode || readOptions(message) === undefined) return 'no'
  if (code === 0 && length !== 4) return 'no'
  const isPort = PORTS.includes(serverPort) || PORTS.includes(clientPort)
  return isPort ? 'strong' : length > 12 && kind === 0 ? 'weak' : 'no'
}

/** The options, when each of them fits (RFC 7252 §3.1); the cursor is then at the payload. */
function readOptions(message: Cursor): Option[] | undefined {
  const first = message.u8()
  const tokenLength = first & 0x0f
  if (first >> 6 !== 1 || tokenLength > 8) return undefined
  message.skip(3 + tokenLength)
  const options: Option[] = []
  let number = 0
  while (message.remaining > 0 && options.length < MOST_OPTIONS) {
    const head = message.u8()
    if (head === PAYLOAD) return message.remaining > 0 ? options : undefined
    number += extended(message, head >> 4)
    const value = message.take(extended(message, head & 0x0f))
    if (!value.ok || number > LAST_OPTION) return undefined
    options.push({ number, value })
  }
  return message.ok ? options : undefined
}

/** A delta or length of four bits and one or two more bytes. */
function extended(message: Cursor, nibble: number): number {
  if (nibble < 13) return nibble
  if (nibble === 15) message.ok = false
  return nibble === 13 ? 13 + message.u8() : 269 + message.u16()
}

/** Resource types in a list of links (RFC 6690 §3.1). */
function* linkFacts(message: Cursor, from: MessageContext['from']): Generator<Fact> {
  const text = message.utf8(Math.min(message.remaining, 2048))
  if (!text.startsWith('<')) return
  for (const [, type] of text.matchAll(/;rt="?([\w.:-]+)/g)) {
    yield* factOf(from, 'coap.resource-type', type)
  }
}
