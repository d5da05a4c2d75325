import { Cursor } from '../cursor.ts'
import type { Likeness } from '../dissector.ts'

/** Bounds on one message; real ones stay far below. */
const MOST_QUESTIONS = 32
const MOST_RECORDS = 256
const MOST_POINTERS = 16
/** Longest name on the wire (RFC 1035 §2.3.4). */
const LONGEST_NAME = 255

export const TYPE = { A: 1, CNAME: 5, PTR: 12, HINFO: 13, TXT: 16, AAAA: 28, SRV: 33 } as const
export const CLASS = { IN: 1, CHAOS: 3 } as const
const OPT = 41
const CLASSES: readonly number[] = [CLASS.IN, CLASS.CHAOS, 4, 254, 255]
/** Query, inverse query, status, notify, update. */
const OPCODES: readonly number[] = [0, 1, 2, 4, 5]

export interface DnsQuestion {
  readonly labels: readonly string[]
  readonly type: number
  /** Without the top bit, which mDNS uses to ask for a unicast answer (RFC 6762 §5.4). */
  readonly class: number
}

export interface DnsRecord extends DnsQuestion {
  /** The record's data, at its place in the message so that its names may point back. */
  readonly data: Cursor
}

export interface DnsMessage {
  /** Absolute position of the header in the bytes: names point back relative to it. */
  readonly start: number
  readonly isResponse: boolean
  readonly opcode: number
  readonly responseCode: number
  readonly isAuthoritative: boolean
  readonly isRecursionAvailable: boolean
  readonly questions: readonly DnsQuestion[]
  readonly answers: readonly DnsRecord[]
  readonly authorities: readonly DnsRecord[]
  readonly additionals: readonly DnsRecord[]
}

interface Header {
  readonly start: number
  readonly flags: number
  /** Questions, answers, authorities, additionals. */
  readonly counts: readonly [number, number, number, number]
}

function readHeader(message: Cursor): Header {
  const start = message.position
  const flags = message.skip(2).u16()
  return { start, flags, counts: [message.u16(), message.u16(), message.u16(), message.u16()] }
}

/** Reads a message as far as it goes: what was cut off is missing (RFC 1035 §4.1). */
export function readDnsMessage(message: Cursor): DnsMessage {
  const { start, flags, counts } = readHeader(message)
  const questions: DnsQuestion[] = []
  for (let left = Math.min(counts[0], MOST_QUESTIONS); left > 0 && message.ok; left--) {
    const labels = readName(message, start)
    const question = { labels, type: message.u16(), class: message.u16() & 0x7fff }
    if (message.ok) questions.push(question)
  }
  let left = counts[0] > MOST_QUESTIONS ? 0 : MOST_RECORDS
  const section = (count: number) => {
    const records = readRecords(message, start, Math.min(count, left))
    left -= records.length
    return records
  }
  return {
    start,
    isResponse: flags >= 0x8000,
    opcode: (flags >> 11) & 15,
    responseCode: flags & 15,
    isAuthoritative: (flags & 0x0400) !== 0,
    isRecursionAvailable: (flags & 0x0080) !== 0,
    questions,
    answers: section(counts[1]),
    authorities: section(counts[2]),
    additionals: section(counts[3]),
  }
}

function readRecords(message: Cursor, start: number, count: number): DnsRecord[] {
  const records: DnsRecord[] = []
  for (let left = count; left > 0 && message.ok; left--) {
    const labels = readName(message, start)
    const type = message.u16()
    const recordClass = message.u16() & 0x7fff
    const data = message.skip(4).take(message.u16())
    if (message.ok) records.push({ labels, type, class: recordClass, data })
  }
  return records
}

/**
 * The labels of a name. A pointer must lead back before every place it came from, so that reading ends; a name that
 * breaks a rule fails the cursor (RFC 1035 §4.1.4).
 */
export function readName(cursor: Cursor, start: number): readonly string[] {
  const labels: string[] = []
  let reader = cursor
  let bound = cursor.position
  let length = 0
  let pointers = 0
  while (true) {
    const size = reader.u8()
    if (!reader.ok) break
    if (size === 0) return labels
    if (size < 64) {
      length += size + 1
      if (length > LONGEST_NAME) break
      labels.push(reader.utf8(size))
      continue
    }
    const target = start + (((size & 63) << 8) | reader.u8())
    pointers++
    if (size < 192 || !reader.ok || target >= bound || pointers > MOST_POINTERS) break
    bound = target
    reader = new Cursor(cursor.bytes, target, cursor.end)
  }
  cursor.ok = false
  return []
}

/** The name as text; a dot or backslash inside a label is escaped (RFC 1035 §5.1). */
export function nameText(labels: readonly string[]): string {
  let text = ''
  for (let at = 0; at < labels.length; at++) {
    const label = labels[at]!
    const isPlain = !label.includes('.') && !label.includes('\\')
    const shown = isPlain ? label : label.replace(/[.\\]/g, String.raw`\$&`)
    text = at === 0 ? shown : `${text}.${shown}`
  }
  return text
}

/** The character strings of TXT and HINFO data (RFC 1035 §3.3.14), at most 64. */
export function* characterStrings(data: Cursor): Generator<Cursor> {
  for (let left = 64; left > 0 && data.remaining > 0; left--) {
    const text = data.take(data.u8())
    if (text.ok) yield text
  }
}

/**
 * How much the bytes look like a message of this format: `strong` when every count, name and length agrees and
 * nothing is left over, `weak` when only the questions do. `most` is how many questions one message may have.
 */
export function dnsLikeness(message: Cursor, most = 4): Likeness {
  const { start, flags, counts } = readHeader(message)
  if (!message.ok || !isHeaderSane(flags, counts, most)) return 'no'
  for (let left = counts[0]; left > 0; left--) {
    if (!skipName(message, start)) return 'no'
    const isKnown = message.u16() > 0 && CLASSES.includes(message.u16() & 0x7fff)
    if (!message.ok || !isKnown) return 'no'
  }
  const records = counts[1] + counts[2] + counts[3]
  if (counts[0] + records === 0) return message.remaining === 0 ? 'weak' : 'no'
  for (let left = Math.min(records, MOST_RECORDS); left > 0; left--) {
    if (!skipName(message, start)) return counts[0] > 0 ? 'weak' : 'no'
    const type = message.u16()
    const recordClass = message.u16() & 0x7fff
    if (message.ok && type !== OPT && !CLASSES.includes(recordClass)) return 'no'
    message.skip(4).skip(message.u16())
  }
  return message.ok && message.remaining === 0 ? 'strong' : 'weak'
}

/** True for a header that a DNS message may have, whatever comes after it. */
export function isDnsHeader(message: Cursor): boolean {
  const { flags, counts } = readHeader(message)
  return message.ok && isHeaderSane(flags, counts, 4)
}

function isHeaderSane(flags: number, counts: Header['counts'], most: number): boolean {
  const isResponse = flags >= 0x8000
  // The bit between "recursion available" and "authentic data" is reserved and zero.
  if (!OPCODES.includes((flags >> 11) & 15) || (flags & 0x40) !== 0 || counts[0] > most)
    return false
  const isInverse = ((flags >> 11) & 15) === 1
  if (!isResponse && ((flags & 15) !== 0 || (counts[0] === 0 && !isInverse))) return false
  const records = counts[1] + counts[2] + counts[3]
  // A refusal may repeat nothing of what it refuses.
  if (counts[0] + records === 0) return isResponse && (flags & 15) !== 0
  return records <= 4096
}

/** Steps over a name without following its pointer; false when it breaks a rule. */
function skipName(message: Cursor, start: number): boolean {
  const first = message.position
  while (message.position - first <= LONGEST_NAME) {
    const size = message.u8()
    if (size === 0) return message.ok
    if (size >= 192) {
      const target = ((size & 63) << 8) | message.u8()
      return message.ok && target >= 12 && start + target < first
    }
    if (size >= 64) return false
    message.skip(size)
  }
  return false
}
