import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { firstLine } from '../lines.ts'
import { factOf } from '../printable.ts'
import { dicomwebService } from './dicomweb.ts'
import { answerFacts, requestFacts } from './http-facts.ts'
import {
  type BodyKind,
  hasPassword,
  jsonDevice,
  LONGEST_BODY,
  titleOf,
  upnpDevice,
} from './http-body.ts'
import {
  clinicalBodyFacts,
  clinicalKind,
  isClinical,
  isFhirStart,
  LONGEST_CLINICAL,
  longestClinical,
  LONGEST_START,
} from './http-clinical.ts'
import { type Head, headEnd, isStartLine, mayBeStartLine, readHead } from './http-head.ts'
import { protocolOfSubprotocol, subprotocolName } from './websocket.ts'

const LONGEST_HEAD = 32_768
const LONGEST_LINE = 8192
const METHOD =
  /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PROPFIND|SEARCH|NOTIFY|M-SEARCH|SUBSCRIBE|UNSUBSCRIBE|REPORT|MKCOL|MOVE|COPY|LOCK|UNLOCK|PROPPATCH|RPC_IN_DATA|RPC_OUT_DATA|CCM_POST|BITS_POST) /
/** A first segment this long without a line end is taken for a long request. */
const LONG_LINE = 1200
/** Protocols that an upgrade may hand over to: any other name is a word off the wire. */
const UPGRADES: ReadonlyMap<string, string> = new Map([
  ['h2c', 'http2'],
  ['tls', 'tls'],
  ['websocket', 'websocket'],
])
const MOST_OPEN_REQUESTS = 32
/** Methods that decide how the answer is read. */
const METHODS = ['CONNECT', 'HEAD', 'POST'] as const
const CHUNK_LINE = /^([0-9a-f]{1,8})\s*(?:;.*)?$/i

/** A request whose answer has not come. */
interface OpenRequest {
  /** One of those that are asked for later; a text off the wire would keep its whole head with it. */
  readonly method: (typeof METHODS)[number] | undefined
  /** Service of DICOMweb that was asked for. Of the target itself nothing is kept. */
  readonly service: string | undefined
  /** Put to a proxy, which has the answer from elsewhere. */
  readonly isForwarded: boolean
  /** Asked without a name, a cookie or a query, for a page that can be no one's: what it answers is the device's own. */
  readonly isPublic: boolean
  /** Asked for elsewhere than where a printer answers: it may be a queue of a print server, which is not the printer itself. */
  readonly isQueue: boolean
}

interface Direction {
  /** Bytes of the body, or of its present chunk, that are still to come. */
  left: number
  framing: 'none' | 'length' | 'chunk-line' | 'chunk' | 'trailer'
  kind: BodyKind
  text: string
  isPublic: boolean
  isQueue: boolean
}

interface HttpState extends Record<Side, Direction> {
  readonly open: OpenRequest[]
}

/**
 * HTTP/1: names, software, kind of sign-in, shape of requests, and what a device's own page says of itself
 * (RFC 9110, RFC 9112). No query, form value, cookie or credential is read.
 */
export const http: Dissector = {
  protocol: 'http',
  over: 'tcp',
  ports: [80, 8080, 8000, 8008, 8081, 8888, 5357, 5985, 49152, 3128, 8042, 631],
  firstBytes: Array.from({ length: 26 }, (_, at) => 0x41 + at),
  appetite: 48,
  looksLike,

  length(stream, context) {
    const direction = stateOf(context)[context.from]
    if (direction.framing === 'none' || looksLike(stream) === 'strong') return headLength(stream)
    if (direction.framing === 'length' || direction.framing === 'chunk') {
      // A body that is read whole is waited for, and then counts as one message.
      const isAwaited =
        isClinical(direction.kind) &&
        direction.left <= longestClinical(direction.kind, context.from)
      return isAwaited ? direction.left : Math.min(direction.left, stream.remaining)
    }
    const feed = stream.bytes.subarray(stream.position, stream.end).indexOf(0x0a)
    return feed >= 0 ? feed + 1 : stream.remaining > 1024 ? -1 : 0
  },

  *dissect(message, context) {
    const state = stateOf(context)
    const direction = state[context.from]
    const isBody = direction.framing !== 'none' && looksLike(message) !== 'strong'
    const bytes = message.view(message.remaining)
    if (isBody) return yield* bodyFacts(bytes, direction, context)
    const head = readHead(characters(bytes, 0, Math.min(bytes.length, LONGEST_HEAD)))
    if (head !== undefined) yield* headFacts(head, state, context)
  },
}

function looksLike(message: Cursor): Likeness {
  const { bytes, position, end } = message
  const first = message.peek()
  if (message.remaining > 0 && (first < 0x41 || first > 0x5a)) return 'no'
  const stop = Math.min(end, position + LONGEST_LINE)
  let feed = position
  while (feed < stop && bytes[feed] !== 0x0a) feed++
  const isReturn = feed > position && bytes[feed - 1] === 0x0d
  const mayStart = mayBeStartLine(bytes, position, isReturn ? feed - 1 : feed)
  if (feed < stop && !mayStart) return 'no'
  const line = firstLine(message, LONGEST_LINE)
  if (mayStart && isStartLine(line)) return 'strong'
  const isLine = feed < end && bytes.subarray(feed, end).includes(0x0a)
  if (isLine) return 'no'
  if (line.length < 16 && 'HTTP/1.'.startsWith(line.slice(0, 7))) return 'incomplete'
  if (METHOD.test(line)) return line.length < LONG_LINE ? 'incomplete' : 'weak'
  return line.length < 12 && /^[A-Z][A-Z_-]*$/.test(line) ? 'incomplete' : 'no'
}

function headLength(stream: Cursor): number {
  const window = stream.bytes.subarray(
    stream.position,
    Math.min(stream.end, stream.position + LONGEST_HEAD),
  )
  // Empty lines between messages are allowed (RFC 9112 §2.2).
  if (window[0] === 0x0d || window[0] === 0x0a) return 1
  if (looksLike(stream) === 'no') return -1
  const end = headEnd(window)
  return end > 0 || window.length < LONGEST_HEAD ? end : -1
}

function* headFacts(head: Head, state: HttpState, context: MessageContext): Generator<Fact> {
  const { from } = context
  const direction = state[from]
  if (head.method !== '') {
    const { fields, path, method } = head
    const isProxied = isForProxy(head, context)
    const isForwarded = isProxied && method !== 'CONNECT'
    const isNobodys = !fields.has('cookie') && !fields.has('authorization')
    const isPublic = method === 'GET' && path.isKnown && isNobodys && !isForwarded
    if (isProxied) context.carries('http-proxy')
    const isQueue = !path.shape.startsWith('/ipp')
    const service = dicomwebService(method, head.target)
    const kept = METHODS.find((known) => known === method)
    state.open.push({ method: kept, service, isForwarded, isPublic, isQueue })
    if (state.open.length > MOST_OPEN_REQUESTS) state.open.shift()
    yield* requestFacts(head, service, context, isProxied)
    startBody(direction, head, undefined)
    if (isForwarded) direction.kind = 'other'
    passUnread(direction, context)
    return
  }
  const request = head.status >= 200 ? state.open.shift() : state.open[0]
  // Only a proxy asks for a sign-in of its own (RFC 9110 §15.5.8).
  const isRefused = head.status === 407
  if (isRefused) context.carries('http-proxy')
  const isOwn = isRefused || request?.isForwarded !== true
  yield* answerFacts(head, request?.service, context, isOwn)
  startBody(direction, head, request)
  // What a proxy passes on is not its own.
  if (!isOwn) direction.kind = 'other'
  passUnread(direction, context)
  if (head.status === 101) yield* upgrade(head, context)
  if (request?.method === 'CONNECT' && head.status >= 200 && head.status < 300) {
    yield { subject: from, field: 'http.proxy', value: 'CONNECT' }
    context.yields()
  }
}

/**
 * True when a request is put to a proxy: a tunnel is asked for, or a whole address that is not this server's own.
 * Some ask any server with a whole address (RFC 9112 §3.2.2): the port, or a field for proxies, tells them apart.
 */
function isForProxy({ method, authority, fields }: Head, { serverPort }: MessageContext): boolean {
  if (authority === '' || method === 'CONNECT') return authority !== ''
  if (fields.has('proxy-connection') || fields.has('proxy-authorization')) return true
  return Number(authority.slice(authority.lastIndexOf(':') + 1)) !== serverPort
}

/** Says how the body that follows a head is framed (RFC 9112 §6.3). */
function startBody(direction: Direction, head: Head, request: OpenRequest | undefined): void {
  const { fields, method, status } = head
  const type = (fields.get('content-type') ?? '').toLowerCase()
  const encoding = (fields.get('content-encoding') ?? 'identity').toLowerCase()
  const isReadable = encoding === 'identity' || encoding === 'gzip'
  const isJson = isReadable && type.startsWith('application/json')
  const clinical = isReadable ? clinicalKind(type, request?.method) : undefined
  direction.text = ''
  direction.isPublic = request?.isPublic ?? false
  direction.isQueue = request?.isQueue ?? true
  direction.kind = encoding === 'identity' ? kindOf(type) : 'other'
  if (!direction.isPublic && direction.kind !== 'form') direction.kind = 'other'
  direction.kind = clinical ?? (isJson ? 'json-start' : direction.kind)
  direction.framing = 'length'
  const isChunked = (fields.get('transfer-encoding') ?? '').toLowerCase().includes('chunked')
  const isEmpty = status === 204 || status === 304 || (status >= 100 && status < 200)
  const length = Number(fields.get('content-length') ?? (method === '' ? Infinity : 0))
  if (isEmpty || request?.method === 'HEAD' || (request?.method === 'CONNECT' && status < 300)) {
    direction.left = 0
  } else if (isChunked) {
    direction.left = 1
    direction.framing = 'chunk-line'
  } else direction.left = length >= 0 ? length : Infinity
  if (direction.left === 0) direction.framing = 'none'
}

function kindOf(type: string): BodyKind {
  if (type.startsWith('application/x-www-form-urlencoded')) return 'form'
  if (type.includes('html')) return 'html'
  if (type.includes('json')) return 'json'
  return type.includes('xml') ? 'xml' : 'other'
}

/** Takes a piece of a body: bytes of it, or a line of the chunked coding (RFC 9112 §7.1). */
function* bodyFacts(
  bytes: Uint8Array,
  direction: Direction,
  context: MessageContext,
): Generator<Fact> {
  if (direction.framing === 'chunk-line' || direction.framing === 'trailer') {
    const isLast = chunkLine(String.fromCharCode(...bytes.subarray(0, 64)).trim(), direction)
    if (isLast) yield* contentFacts(direction, context, true)
    passUnread(direction, context)
    return
  }
  direction.left -= bytes.length
  const longest = longestOf(direction.kind, context.from)
  if (direction.kind !== 'other' && direction.text.length < longest) {
    const most = longest - direction.text.length
    direction.text += characters(bytes, 0, Math.min(bytes.length, most))
  }
  if (direction.left > 0) {
    yield* contentFacts(direction, context, false)
    passUnread(direction, context)
    return
  }
  const isChunk = direction.framing === 'chunk'
  direction.framing = isChunk ? 'chunk-line' : 'none'
  yield* contentFacts(direction, context, !isChunk)
}

/** Lets what nobody reads of a body go by. One without a stated end is watched for the next message. */
function passUnread(direction: Direction, context: MessageContext): void {
  const { kind, text, framing, left } = direction
  if (kind !== 'other' && text.length < longestOf(kind, context.from)) return
  if ((framing !== 'length' && framing !== 'chunk') || left === Infinity) return
  context.pass(left)
  direction.left = 0
  direction.framing = framing === 'chunk' ? 'chunk-line' : 'none'
}

/** True at the chunk of length zero. */
function chunkLine(line: string, direction: Direction): boolean {
  if (direction.framing === 'trailer') {
    if (line === '') direction.framing = 'none'
    return false
  }
  // The line that ends the chunk before is empty.
  if (line === '') return false
  const digits = CHUNK_LINE.exec(line)?.[1]
  direction.left = digits === undefined ? Infinity : Number.parseInt(digits, 16)
  direction.framing = direction.left === 0 ? 'trailer' : digits === undefined ? 'length' : 'chunk'
  return direction.left === 0
}

/** What the body that has come so far tells. A piece of it may be enough, except of a JSON object. */
function* contentFacts(
  direction: Direction,
  context: MessageContext,
  isWhole: boolean,
): Generator<Fact> {
  if (direction.kind === 'json-start') settleJson(direction, isWhole)
  const { kind, text, isPublic } = direction
  const { from } = context
  if (text === '') return
  if (isClinical(kind)) {
    if (!isWhole && text.length < longestClinical(kind, from)) return
    direction.kind = 'other'
    direction.text = ''
    return yield* clinicalBodyFacts(kind, text, direction.isQueue, context)
  }
  if (kind === 'form' && from === 'client' && hasPassword(text)) {
    yield { subject: 'server', field: 'http.login', value: 'form' }
    direction.kind = 'other'
  }
  if (!isPublic || from !== 'server') return
  const found =
    kind === 'html'
      ? titleOf(text)
      : kind === 'xml'
        ? upnpDevice(text)
        : kind === 'json'
          ? jsonDevice(text)
          : []
  for (const { field, value } of found) yield* factOf(from, field, value)
  if (isWhole || (found.length > 0 && kind === 'html')) {
    direction.kind = 'other'
    direction.text = ''
  }
}

/** Says by its start whether a body in JSON is FHIR; of another only the one of a public page is read. */
function settleJson(direction: Direction, isWhole: boolean): void {
  const { text, isPublic } = direction
  if (!isWhole && text.length < LONGEST_START) return
  direction.kind = isFhirStart(text) ? 'plain-fhir' : isPublic ? 'json' : 'other'
  if (direction.kind === 'json') direction.text = text.slice(0, LONGEST_BODY)
  if (direction.kind === 'other') direction.text = ''
}

function longestOf(kind: BodyKind, from: Side): number {
  if (kind === 'json-start') return LONGEST_CLINICAL
  return isClinical(kind) ? longestClinical(kind, from) : LONGEST_BODY
}

/** Hands the rest over to what an upgrade names (RFC 9110 §7.8); what is not known is left to its own bytes. */
function* upgrade({ fields }: Head, context: MessageContext): Generator<Fact> {
  const name = (fields.get('upgrade') ?? '').toLowerCase().split(/[,/]/, 1)[0]!.trim()
  const protocol = UPGRADES.get(name)
  if (protocol === undefined) return context.yields()
  context.become(protocol)
  if (protocol !== 'websocket') return
  const subprotocol = subprotocolName(fields.get('sec-websocket-protocol') ?? '')
  if (subprotocol === undefined) return
  yield* factOf(context.from, 'websocket.subprotocol', subprotocol)
  const carried = protocolOfSubprotocol(subprotocol)
  if (carried !== undefined) context.carries(carried)
}

function stateOf(context: MessageContext): HttpState {
  const fresh = (): Direction => ({
    left: 0,
    framing: 'none',
    kind: 'other',
    text: '',
    isPublic: false,
    isQueue: false,
  })
  context.state ??= { client: fresh(), server: fresh(), open: [] } satisfies HttpState
  return context.state as HttpState
}
