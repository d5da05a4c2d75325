import { type PathShape, pathShape } from './http-path.ts'

/** Head of a request or an answer (RFC 9112 §2.1). */
export interface Head {
  /** Method of a request; empty in an answer. */
  readonly method: string
  readonly path: PathShape
  /** Target of a CONNECT: host and port. */
  readonly authority: string
  /** Status of an answer; zero in a request. */
  readonly status: number
  readonly version: string
  /** First value of each field, by its lower-case name. */
  readonly fields: ReadonlyMap<string, string>
  readonly cookieNames: readonly string[]
}

// Attackers send targets with blanks, and servers take them.
const REQUEST_LINE = /^([A-Z][A-Z_-]{0,19}) (\S.{0,8191}) HTTP\/(1\.[01])$/
// Those who look for holes leave blanks and targets out, and servers answer them.
const BROKEN_LINE = /^([A-Z][A-Z_-]{0,19}?) ?(\/\S*|\*)? ?HTTP\/(1\.[01]?)$/
const STATUS_LINE = /^HTTP\/(1\.[01]) (\d{3})(?: |$)/
const MOST_FIELDS = 100
const NO_PATH: PathShape = { shape: '*', isKnown: false }

export function isStartLine(line: string): boolean {
  return REQUEST_LINE.test(line) || STATUS_LINE.test(line) || BROKEN_LINE.test(line)
}

/** Reads a head; undefined when its first line is none. */
export function readHead(text: string): Head | undefined {
  const [first = '', ...lines] = text
    .split('\n', MOST_FIELDS)
    .map((line) => line.replace(/\r$/, ''))
  const request = REQUEST_LINE.exec(first) ?? BROKEN_LINE.exec(first)
  const answer = STATUS_LINE.exec(first)
  if (request === null && answer === null) return undefined
  const fields = new Map<string, string>()
  const cookieNames: string[] = []
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (!fields.has(name)) fields.set(name, value)
    if (name === 'set-cookie' && cookieNames.length < 4) cookieNames.push(value.split('=', 1)[0]!)
  }
  const method = request?.[1] ?? ''
  const target = request?.[2] ?? ''
  return {
    method,
    path: request === null ? NO_PATH : pathShape(target),
    authority: method === 'CONNECT' ? target : '',
    status: Number(answer?.[2] ?? 0),
    version: request?.[3] ?? answer?.[1] ?? '',
    fields,
    cookieNames,
  }
}

/** Where a head ends: one past its empty line; zero when that has not come. */
export function headEnd(bytes: Uint8Array): number {
  for (let feed = bytes.indexOf(0x0a); feed >= 0; feed = bytes.indexOf(0x0a, feed + 1)) {
    if (bytes[feed + 1] === 0x0a) return feed + 2
    if (bytes[feed + 1] === 0x0d && bytes[feed + 2] === 0x0a) return feed + 3
  }
  return 0
}
