import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { BER, berElements, berMessageLength, berOid, readBer, readBerLength } from './ber.ts'

const PORTS = [1153]
const MESSAGE = 0x60
const ELEMENT = {
  calledTitle: 0xa2,
  callingTitle: 0xa6,
  callingInvocation: 0xa8,
  user: 0xbe,
} as const
const RELATIVE_OID = 0x0d
const ELEMENTS: readonly number[] = [0xa1, 0xa2, 0xa4, 0xa6, 0xa7, 0xa8, 0x8b, 0xac, 0xbe]
const HAS_CLASS = 0x10
const SECURITY = 0x0c

/** Services of a request (ANSI C12.22 §5.3.2.4). */
const SERVICES: Readonly<Record<number, string>> = {
  0x20: 'identify',
  0x21: 'terminate',
  0x22: 'disconnect',
  0x24: 'deregister',
  0x25: 'resolve',
  0x26: 'trace',
  0x27: 'register',
  0x30: 'read',
  0x3e: 'read',
  0x3f: 'partial-read',
  0x40: 'write',
  0x4f: 'partial-write',
  0x50: 'logon',
  0x51: 'security',
  0x52: 'logoff',
  0x60: 'negotiate',
  0x70: 'wait',
  0x71: 'timing',
}

const shape = {
  protocol: 'c1222',
  ports: PORTS,
  firstBytes: [MESSAGE],
  appetite: 32,
  dissect: facts,
} as const

/** ANSI C12.22 over TCP: electricity meters, their titles, and what is asked of them. */
export const c1222: Dissector = {
  ...shape,
  over: 'tcp',
  looksLike: (message) => likeness(message, 0),
  length: berMessageLength,
}

/** ANSI C12.22 over UDP. */
export const c1222Udp: Dissector = {
  ...shape,
  over: 'udp',
  looksLike: (message) => likeness(message, message.remaining),
}

/** `total` is the length that must come out, or 0 where more may follow. */
function likeness(message: Cursor, total: number): Likeness {
  if (message.peek() !== MESSAGE) return 'no'
  const length = berMessageLength(new Cursor(message.bytes, message.position, message.end))
  if (length <= 0 || (total > 0 && length !== total))
    return length === 0 && total === 0 ? 'incomplete' : 'no'
  if (length > message.remaining) return 'incomplete'
  const tags = [...berElements(readBer(message).body, 16)].map(({ tag }) => tag)
  const isTitled = tags.includes(ELEMENT.calledTitle) || tags.includes(ELEMENT.callingTitle)
  const isWhole = tags.every((tag) => ELEMENTS.includes(tag)) && tags.includes(ELEMENT.user)
  return isTitled && isWhole && tags.includes(ELEMENT.callingInvocation) ? 'strong' : 'no'
}

function* facts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const other: Side = from === 'client' ? 'server' : 'client'
  for (const { tag, body } of berElements(readBer(message).body, 16)) {
    if (tag === ELEMENT.callingTitle) yield* factOf(from, 'c1222.ap-title', titleOf(body))
    else if (tag === ELEMENT.calledTitle) yield* factOf(other, 'c1222.ap-title', titleOf(body))
    else if (tag === ELEMENT.user) yield* serviceFacts(body, from)
  }
}

function titleOf(body: Cursor): string | undefined {
  const { tag, body: value } = readBer(body)
  if (tag === BER.oid) return berOid(value)
  return tag === RELATIVE_OID || tag === 0x80 ? relativeOid(value) : undefined
}

function relativeOid(value: Cursor): string {
  const arcs: number[] = []
  for (let arc = 0; value.remaining > 0;) {
    const octet = value.u8()
    arc = arc * 128 + (octet & 0x7f)
    if (octet < 0x80) {
      arcs.push(arc)
      arc = 0
    }
  }
  return `.${arcs.join('.')}`
}

/** Control, perhaps a class of device, then lengths and services; only where nothing is encrypted. */
function* serviceFacts(body: Cursor, from: Side): Generator<Fact> {
  const user = readBer(readBer(body).body).body
  const control = user.u8()
  if ((control & SECURITY) !== 0) {
    if (user.ok) yield { subject: from, field: 'c1222.security', value: 'protected' }
    return
  }
  if ((control & HAS_CLASS) !== 0) user.skip(4)
  for (let left = 8; left > 0 && user.remaining > 1; left--) {
    const service = user.take(readBerLength(user))
    if (service.remaining > 0) yield* factOf(from, 'c1222.service', SERVICES[service.peek()])
  }
}
