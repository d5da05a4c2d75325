import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { dicomwebService } from './dicomweb.ts'
import { FieldTable, LONGEST_BLOCK } from './hpack.ts'
import { answerFacts, requestFacts } from './http-facts.ts'
import type { Head, HeadField } from './http-head.ts'
import { pathShape } from './http-path.ts'

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const FRAME_HEADER = 9
const LONGEST = 1 << 20
const DATA = 0
const HEADERS = 1
const SETTINGS = 4
const PUSH_PROMISE = 5
const GOAWAY = 7
const CONTINUATION = 9
const END_HEADERS = 4
const PADDED = 8
const PRIORITY = 0x20
const METHOD = /^[A-Z][A-Z_-]{0,19}$/
const LONGEST_METHOD = 20
const STATUS = /^\d{3}$/
const LONGEST_VALUE = 256

/** Fields as the reader of a head of HTTP/1 names them; of all others nothing is kept. */
const FIELDS: ReadonlyMap<string, HeadField> = new Map([
  [':authority', 'host'],
  ['accept', 'accept'],
  ['authorization', 'authorization'],
  ['content-type', 'content-type'],
  ['host', 'host'],
  ['proxy-authorization', 'proxy-authorization'],
  ['server', 'server'],
  ['user-agent', 'user-agent'],
  ['www-authenticate', 'www-authenticate'],
  ['x-powered-by', 'x-powered-by'],
])

interface Direction {
  readonly table: FieldTable
  /** A header block whose end has not come, and whether it is a promise. */
  block: Uint8Array | undefined
  isPromise: boolean
}
type Http2State = Readonly<Record<Side, Direction>>

/**
 * HTTP/2 in clear (RFC 9113): of requests and answers what HTTP/1 tells of theirs. No query, cookie, credential or body is
 * read.
 */
export const http2: Dissector = {
  protocol: 'http2',
  over: 'tcp',
  firstBytes: [0x50, 0],
  appetite: 32,

  looksLike(stream, { from }): Likeness {
    if (stream.startsWith(PREFACE)) return 'strong'
    const { bytes, position, end } = stream
    const text = String.fromCharCode(
      ...bytes.subarray(position, Math.min(end, position + PREFACE.length)),
    )
    if (text.length < PREFACE.length && PREFACE.startsWith(text)) return 'incomplete'
    // A server answers with its settings, whose length is a number of sixes.
    const length = stream.u24()
    const isSettings = from === 'server' && stream.u16() === SETTINGS << 8 && stream.u32() === 0
    return isSettings && stream.ok && length % 6 === 0 && length < 100 ? 'weak' : 'no'
  },

  length(stream) {
    if (stream.startsWith('PRI * ')) return stream.remaining < PREFACE.length ? 0 : PREFACE.length
    if (stream.remaining < FRAME_HEADER) return 0
    const length = stream.u24()
    if (length > LONGEST) return -1
    // A body is not waited for.
    return stream.peek() === DATA ? FRAME_HEADER : length + FRAME_HEADER
  },

  *dissect(message, context) {
    if (message.startsWith(PREFACE)) return
    const length = message.u24()
    const type = message.u8()
    const flags = message.u8()
    message.skip(4)
    if (type === DATA) {
      if (message.ok) context.pass(length)
      return
    }
    const body = message.take(length)
    if (type > GOAWAY + 2) message.ok = false
    if (!body.ok) return
    const direction = stateOf(context)[context.from]
    if (!addBlock(direction, type, flags, body)) return
    const { block, isPromise } = direction
    if (block === undefined || (flags & END_HEADERS) === 0) return
    direction.block = undefined
    const fields = direction.table.read(block, kept)
    if (fields === undefined) message.ok = false
    else if (!isPromise) yield* headFacts(fields, context)
  },
}

/** Takes the part of a header block that a frame has; false for a frame that has none. */
function addBlock(direction: Direction, type: number, flags: number, body: Cursor): boolean {
  if (type === CONTINUATION) {
    if (direction.block === undefined) return false
    direction.block = joined(direction.block, body.view(body.remaining))
    return true
  }
  if (type !== HEADERS && type !== PUSH_PROMISE) return false
  const padding = (flags & PADDED) !== 0 ? body.u8() : 0
  if (type === PUSH_PROMISE) body.skip(4)
  else if ((flags & PRIORITY) !== 0) body.skip(5)
  const part = body.view(body.remaining - padding)
  direction.isPromise = type === PUSH_PROMISE
  direction.block = body.ok ? joined(new Uint8Array(0), part) : undefined
  return body.ok
}

/** A copy of both: of a block that is too long one byte more than is read, so that it is known to go on. */
function joined(before: Uint8Array, part: Uint8Array): Uint8Array {
  const block = new Uint8Array(Math.min(before.length + part.length, LONGEST_BLOCK + 1))
  block.set(before)
  block.set(part.subarray(0, block.length - before.length), before.length)
  return block
}

/** What is kept of a field: the shape of a path, the scheme of a credential. */
function kept(name: string, value: string): string | undefined {
  switch (name) {
    case ':method':
    case ':status':
      return value.slice(0, LONGEST_METHOD + 1)
    case ':path':
      return pathShape(value).shape
    case 'authorization':
    case 'proxy-authorization':
      return /^[a-z]{1,20}(?= |$)/i.exec(value)?.[0] ?? ''
    case 'www-authenticate':
      return value.replace(/^(negotiate|ntlm)\b[^]*/i, '$1').slice(0, LONGEST_VALUE)
    default:
      return FIELDS.has(name) ? value.slice(0, LONGEST_VALUE) : undefined
  }
}

function* headFacts(found: ReadonlyMap<string, string>, context: MessageContext): Generator<Fact> {
  const fields = new Map<HeadField, string>()
  for (const [name, field] of FIELDS) {
    const value = found.get(name)
    if (value !== undefined && !fields.has(field)) fields.set(field, value)
  }
  if (fields.get('content-type')?.startsWith('application/grpc') === true) context.carries('grpc')
  const method = found.get(':method') ?? ''
  const status = found.get(':status') ?? ''
  const isRequest = METHOD.test(method)
  if (!isRequest && !STATUS.test(status)) return
  const shape = found.get(':path') ?? '*'
  const head: Head = {
    method: isRequest ? method : '',
    path: { shape, isKnown: false },
    target: '',
    authority: '',
    status: isRequest ? 0 : Number(status),
    version: '2',
    fields,
    cookieNames: [],
  }
  const facts = isRequest
    ? requestFacts(head, dicomwebService(method, shape), context, false)
    : answerFacts(head, undefined, context, true)
  for (const fact of facts) {
    const field = fact.field
      .replace(/^http\./, 'http2.')
      .replace(/^http2\.host$/, 'http2.authority')
    yield { ...fact, field }
  }
}

function stateOf(context: MessageContext): Http2State {
  const fresh = (): Direction => ({ table: new FieldTable(), block: undefined, isPromise: false })
  context.state ??= { client: fresh(), server: fresh() } satisfies Http2State
  return context.state as Http2State
}
