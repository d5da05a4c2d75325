import { TextMemo } from '../memo.ts'
import { table } from '../table.ts'
import { type PathShape, pathShape } from './http-path.ts'

/** Fields that are read; all others are passed over. */
export const HEAD_FIELDS = [
  'accept',
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'location',
  'proxy-authorization',
  'proxy-connection',
  'sec-websocket-protocol',
  'server',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'www-authenticate',
  'x-powered-by',
] as const
export type HeadField = (typeof HEAD_FIELDS)[number]

/** Head of a request or an answer (RFC 9112 §2.1). */
export interface Head {
  /** Method of a request; empty in an answer. */
  readonly method: string
  readonly path: PathShape
  /** Host and port in the target of a request: of CONNECT, or of one with a whole address (RFC 9112 §3.2). */
  readonly authority: string
  /** Target of a request as it was sent, which may name anybody: to be looked at, never to be told. */
  readonly target: string
  /** Status of an answer; zero in a request. */
  readonly status: number
  readonly version: string
  /** First value of each field that is read. */
  readonly fields: ReadonlyMap<HeadField, string>
  readonly cookieNames: readonly string[]
}

// Attackers send targets with blanks, and servers take them.
const REQUEST_LINE = /^([A-Z][A-Z_-]{0,19}) (\S.{0,8191}) HTTP\/(1\.[01])$/
// Those who look for holes leave blanks and targets out, and servers answer them.
const BROKEN_LINE = /^([A-Z][A-Z_-]{0,19}?) ?(\/\S*|\*)? ?HTTP\/(1\.[01]?)$/
const STATUS_LINE = /^HTTP\/(1\.[01]) (\d{3})(?: |$)/
const MOST_FIELDS = 100
const AUTHORITY = /^[^\s/@]{1,256}:\d{1,5}$/
const NO_PATH: PathShape = { shape: '*', isKnown: false }

export function isStartLine(line: string): boolean {
  return REQUEST_LINE.test(line) || STATUS_LINE.test(line) || BROKEN_LINE.test(line)
}

/** False when the bytes of a line cannot be a start line: at its start or its end stands the version. */
export function mayBeStartLine(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    isVersion(bytes, start, end) || isVersion(bytes, end - 8, end) || isVersion(bytes, end - 7, end)
  )
}

/** `HTTP/1.` */
function isVersion(bytes: Uint8Array, at: number, end: number): boolean {
  return (
    at >= 0 &&
    at + 7 <= end &&
    bytes[at] === 0x48 &&
    bytes[at + 1] === 0x54 &&
    bytes[at + 2] === 0x54 &&
    bytes[at + 3] === 0x50 &&
    bytes[at + 4] === 0x2f &&
    bytes[at + 5] === 0x31 &&
    bytes[at + 6] === 0x2e
  )
}

const FIELDS: ReadonlySet<string> = new Set(HEAD_FIELDS)
/** Lower-case names of fields by how senders write them: there are few ways. */
const NAMES = new TextMemo<string>()
const LONGEST_NAME = 256

/** Reads a head; undefined when its first line is none. */
export function readHead(text: string): Head | undefined {
  const firstEnd = lineEnd(text, 0)
  const first = text.slice(0, withoutReturn(text, 0, firstEnd))
  const request = REQUEST_LINE.exec(first) ?? BROKEN_LINE.exec(first)
  const answer = request === null ? STATUS_LINE.exec(first) : null
  if (request === null && answer === null) return undefined
  const fields = new Map<HeadField, string>()
  const cookieNames: string[] = []
  let at = firstEnd + 1
  for (let line = 1; line < MOST_FIELDS && at < text.length; line++) {
    const end = lineEnd(text, at)
    const colon = text.indexOf(':', at)
    if (colon > at && colon < end) {
      const name = fieldName(text.slice(at, colon))
      const value = text.slice(colon + 1, end)
      if (name === 'set-cookie' && cookieNames.length < 4) {
        cookieNames.push(value.trim().split('=', 1)[0]!)
      } else if (isHeadField(name) && !fields.has(name)) fields.set(name, value.trim())
    }
    at = end + 1
  }
  const method = request?.[1] ?? ''
  const target = request?.[2] ?? ''
  return {
    method,
    path: request === null ? NO_PATH : pathShape(target),
    authority: authorityOf(method, target),
    target,
    status: Number(answer?.[2] ?? 0),
    version: request?.[3] ?? answer?.[1] ?? '',
    fields,
    cookieNames,
  }
}

/** Schemes that a client has a proxy fetch from. */
const SCHEME_PORTS = table<number>({ http: 80, https: 443, ftp: 21 })
const ABSOLUTE = /^(https?|ftp):\/\/([^/?#@]{1,256})(?:[/?#]|$)/i

/** `host:port`, its port from the scheme where none is given; empty where a user may stand in front of it. */
function authorityOf(method: string, target: string): string {
  if (method === 'CONNECT') return AUTHORITY.test(target) ? target : ''
  if (target.startsWith('/') || target.includes('@')) return ''
  const [, scheme = '', authority = ''] = ABSOLUTE.exec(target) ?? []
  if (authority === '' || AUTHORITY.test(authority)) return authority
  return `${authority}:${SCHEME_PORTS[scheme.toLowerCase()]}`
}

function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at)
  return feed < 0 ? text.length : feed
}

function withoutReturn(text: string, start: number, end: number): number {
  return end > start && text.charCodeAt(end - 1) === 0x0d ? end - 1 : end
}

function fieldName(raw: string): string {
  if (raw.length > LONGEST_NAME) return ''
  return NAMES.get(raw, () => raw.trim().toLowerCase())
}

function isHeadField(name: string): name is HeadField {
  return FIELDS.has(name)
}

/** Where a head ends: one past its empty line; zero when that has not come. */
export function headEnd(bytes: Uint8Array): number {
  for (let feed = bytes.indexOf(0x0a); feed >= 0; feed = bytes.indexOf(0x0a, feed + 1)) {
    if (bytes[feed + 1] === 0x0a) return feed + 2
    if (bytes[feed + 1] === 0x0d && bytes[feed + 2] === 0x0a) return feed + 3
  }
  return 0
}
