import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const STX = 0x02
const ETX = 0x03
const EOT = 0x04
const ENQ = 0x05
const ACK = 0x06
const LF = 0x0a
const CR = 0x0d
const NAK = 0x15
const ETB = 0x17
const CONTROLS = [ENQ, ACK, NAK, EOT, CR, LF]
/** LIS1-A lifted the limit of 247 characters to this (§6.3.1.2). */
const LONGEST_FRAME = 64_000
const LONGEST_RECORD = 1024
const RECORD_LETTERS = 'HPORCQLMS'
const USUAL_HEADER = 'H|\\^&'

const PROCESSING = /^[PTDQ]$/
const VERSION =
  /^(?:(?:ASTM |CLSI )?(?:E ?1394(?:-\d\d)?|LIS0?2-?A2?)|1|\d{1,2}(?:\.\d{1,3}){0,2})$/i
const SOFTWARE = /^v?\d{1,5}(?:\.\d{1,5}){1,4}[a-z]?$/i

/**
 * ASTM E1381 frames with E1394 records (CLSI LIS1-A and LIS2-A2) between an analyser and a laboratory system: of all
 * records only the header, which names the sender; patients, orders and results are never read.
 */
export const astm: Dissector = {
  protocol: 'astm',
  over: 'tcp',
  firstBytes: [STX, ENQ, ACK, 0x48],
  appetite: 256,
  looksLike,

  length(stream) {
    const first = stream.peek()
    if (CONTROLS.includes(first)) return 1
    if (first === STX) return frameLength(stream)
    if (!RECORD_LETTERS.includes(String.fromCharCode(first))) return -1
    // Records without frames, each with its CR.
    const window = stream.bytes.subarray(stream.position, stream.end)
    const end = window.indexOf(CR)
    if (end >= 0) return end + 1
    return window.length < LONGEST_FRAME ? 0 : -1
  },

  *dissect(message, context) {
    const first = message.peek()
    const bytes = message.view(message.remaining)
    if (CONTROLS.includes(first)) return
    if (first !== STX) return yield* recordFacts(bytes, context)
    // The first record of a frame may be the rest of one that the frame before began.
    const isContinued = context.state === 'inside'
    const end = bytes.findLastIndex((byte) => byte === ETX || byte === ETB)
    context.state = bytes[end] === ETB ? 'inside' : undefined
    const text = bytes.subarray(2, end < 0 ? bytes.length : end)
    if (!isContinued) yield* recordFacts(text, context)
  },
}

function looksLike(message: Cursor): Likeness {
  let skipped = 0
  while (skipped < 8 && message.peek(skipped) === ENQ && skipped < message.remaining) skipped++
  const rest = message.remaining - skipped
  if (rest === 0) return 'incomplete'
  const first = message.peek(skipped)
  // An answer says nothing alone; the frame that it answers will.
  if (first === ACK) return rest === 1 && skipped === 0 ? 'incomplete' : 'no'
  if (first === STX) return frameLikeness(message, skipped, rest)
  if (skipped > 0) return 'no'
  const { bytes, position, end } = message
  const start = characters(bytes, position, Math.min(end, position + 6))
  if (start.length < USUAL_HEADER.length)
    return USUAL_HEADER.startsWith(start) ? 'incomplete' : 'no'
  return start.startsWith(`${USUAL_HEADER}|`) || start.startsWith(`${USUAL_HEADER}\r`)
    ? 'strong'
    : 'no'
}

/** A frame with a header record, or one whose check sum is right. */
function frameLikeness(message: Cursor, at: number, rest: number): Likeness {
  const number = message.peek(at + 1)
  if (rest > 1 && (number < 0x30 || number > 0x37)) return 'no'
  const letter = String.fromCharCode(message.peek(at + 2))
  if (rest > 2 && !RECORD_LETTERS.includes(letter)) return 'no'
  if (rest < 8) return 'incomplete'
  const start = message.position + at
  const delimiters = message.bytes.subarray(start + 3, start + 7)
  if (letter === 'H' && areDelimiters(delimiters)) return 'strong'
  const frame = message.bytes.subarray(start, message.end)
  const end = endOfText(frame)
  if (end < 0) return rest < LONGEST_RECORD ? 'incomplete' : 'no'
  return isChecked(frame, end) ? 'strong' : 'no'
}

/** Four marks that differ: field, repetition, component, escape (LIS2-A2 §5.4). */
function areDelimiters(bytes: Uint8Array): boolean {
  const isMark = (byte: number) =>
    byte > 0x20 && byte < 0x7f && !/[0-9A-Za-z]/.test(String.fromCharCode(byte))
  return bytes.length === 4 && bytes.every(isMark) && new Set(bytes).size === 4
}

/** Place of ETX or ETB; negative when it has not come. */
function endOfText(frame: Uint8Array): number {
  const window = frame.subarray(0, LONGEST_FRAME)
  return window.findIndex((byte) => byte === ETX || byte === ETB)
}

/** Two hexadecimal digits: the sum from the frame number to the end of text (LIS1-A §6.3.3.1). */
function isChecked(frame: Uint8Array, end: number): boolean {
  let sum = 0
  for (let at = 1; at <= end; at++) sum = (sum + frame[at]!) & 0xff
  const stated = characters(frame, end + 1, Math.min(end + 3, frame.length))
  return stated.toUpperCase() === sum.toString(16).toUpperCase().padStart(2, '0')
}

/** Up to and with the check sum; CR and LF after it count as controls. */
function frameLength(stream: Cursor): number {
  const frame = stream.bytes.subarray(stream.position, stream.end)
  const end = endOfText(frame)
  if (end < 0) return frame.length < LONGEST_FRAME ? 0 : -1
  return end + 3 <= frame.length ? end + 3 : 0
}

/** The header among these records (LIS2-A2 §6); the others are not looked into. */
function* recordFacts(text: Uint8Array, context: MessageContext): Generator<Fact> {
  if (text[0] !== 0x48 || !areDelimiters(text.subarray(1, 5))) return
  const { from } = context
  const end = text.indexOf(CR)
  const record = characters(text, 0, Math.min(end < 0 ? text.length : end, LONGEST_RECORD))
  const fields = record.split(record[1]!)
  const [, , id = '', password = '', sender = ''] = fields
  yield { subject: 'client', field: 'astm.transport', value: 'cleartext' }
  yield { subject: 'server', field: 'astm.transport', value: 'cleartext' }
  if (password !== '') yield { subject: from, field: 'astm.login', value: 'password' }
  // A header that lost its end runs into the next record, whose letter then stands where an id does.
  const isMerged = [fields[1]?.slice(3) ?? '', id, password].some(
    (part) => /^[PORCQLMS]?$/.test(part) && part !== '',
  )
  if (isMerged || fields[1]?.length !== 3) return
  const parts = sender.split(record[3]!).map((part) => part.trim())
  yield* factOf(from, 'astm.sender', parts.filter((part) => part !== '').join(' ^ '))
  yield* factOf(from, 'astm.sender-name', parts[0])
  yield* factOf(
    from,
    'astm.sender-version',
    parts.slice(1).find((part) => SOFTWARE.test(part)),
  )
  // What follows is believed only of a whole header: it ends in processing id and version.
  const [processing = '', version = ''] = fields.slice(11, 13).map((part) => part.trim())
  if (!PROCESSING.test(processing) || !VERSION.test(version)) return
  yield* factOf(from, 'astm.receiver', fields[9]?.split(record[3]!).filter(Boolean).join(' ^ '))
  yield* factOf(from, 'astm.processing', processing)
  yield* factOf(from, 'astm.version', version)
}
