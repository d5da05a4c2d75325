import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { AlarmReader, Containment, equipmentFacts, participantFacts } from './hl7-device.ts'
import { InfusionReader } from './hl7-infusion.ts'
import { delimitersOf, isHeaderName, type Segment, segments } from './hl7-segment.ts'

const START = 0x0b
const END = 0x1c
const CR = 0x0d
const LF = 0x0a
/** Of a longer message the head is read; what follows is mostly a document inside it. */
const LONGEST_MESSAGE = 262_144
/** Different facts of equipment and alarms that one message may give. */
const MOST_FACTS = 256

/** Which direction is still inside a message whose head was read. */
type Hl7State = Record<Side, 'between' | 'inside'>

/**
 * HL7 v2 in MLLP frames: who speaks to whom in which messages, and the equipment that observations come from.
 * Of MSH, MSA, PRT and OBX only named fields are read; PID, PV1, NK1, notes and the values of observations never.
 */
export const hl7: Dissector = {
  protocol: 'hl7',
  over: 'tcp',
  ports: [2575, 6661, 6662, 3600],
  firstBytes: [START, 0x4d, 0x46, 0x42],
  appetite: Infinity,
  looksLike,

  length(stream, context) {
    if (isInside(stream, context)) return restLength(stream)
    const first = stream.peek()
    const between = lengthBetween(stream)
    if (between > 0) return between
    if (first !== START && !isHeaderName(ahead(stream, 3))) return stream.remaining < 3 ? 0 : -1
    const end = endOf(stream)
    if (end > 0) return end
    return stream.remaining < LONGEST_MESSAGE ? 0 : LONGEST_MESSAGE
  },

  *dissect(message, context) {
    const state = stateOf(context)
    const isRest = isInside(message, context)
    if (!isRest && isBetween(message.peek())) return
    const bytes = message.view(message.remaining)
    const isEnded = bytes.includes(END) || (bytes[0] !== START && bytes.at(-1) === CR)
    state[context.from] = isEnded || bytes.length < 3 ? 'between' : 'inside'
    if (isRest || bytes.length < 8) return
    const start = bytes[0] === START ? 1 : 0
    const end = bytes.indexOf(END)
    yield* er7Facts(bytes.subarray(start, end < 0 ? bytes.length : end), context.from)
  },
}

/** Bytes of line ends and end blocks between messages: taken at once, since thousands may come in one segment. */
function lengthBetween(stream: Cursor): number {
  let at = stream.position
  while (at < stream.end && isBetween(stream.bytes[at])) at++
  return at - stream.position
}

function isBetween(byte: number | undefined): boolean {
  return byte === CR || byte === LF || byte === END
}

function looksLike(message: Cursor): Likeness {
  const isFramed = message.peek() === START
  const at = isFramed ? 1 : 0
  const header = ahead(message, at + 9).subarray(at)
  if (header.length < 4) {
    const name = String.fromCharCode(...header)
    const isStart = ['MSH', 'FHS', 'BHS'].some((one) => one.startsWith(name))
    return isStart && message.remaining > 0 ? 'incomplete' : 'no'
  }
  if (!isHeaderName(header) || delimitersOf(header) === undefined) return 'no'
  return isFramed ? 'strong' : 'weak'
}

/** Inside a long message; after a loss a new one may begin where its rest was expected. */
function isInside(stream: Cursor, context: MessageContext): boolean {
  return stateOf(context)[context.from] === 'inside' && looksLike(stream) !== 'strong'
}

function ahead(stream: Cursor, length: number): Uint8Array {
  return stream.bytes.subarray(stream.position, Math.min(stream.end, stream.position + length))
}

/** One past the end block and its CR; without a start block also past the last whole segment there is. */
function endOf(stream: Cursor): number {
  const window = ahead(stream, Math.min(stream.remaining, LONGEST_MESSAGE))
  const end = window.indexOf(END)
  if (end >= 0) return window[end + 1] === CR ? end + 2 : end + 1
  return window[0] !== START && window.at(-1) === CR ? window.length : 0
}

function restLength(stream: Cursor): number {
  const end = stream.bytes.subarray(stream.position, stream.end).indexOf(END)
  return end < 0 ? stream.remaining : end + 1
}

/** Facts of one message in vertical bars, without the frame that carried it. */
export function* er7Facts(message: Uint8Array, from: Side): Generator<Fact> {
  const told = new Set<string>()
  const readers: Readers = {
    alarm: new AlarmReader(),
    containment: new Containment(from),
    infusion: new InfusionReader(),
  }
  for (const segment of segments(message)) {
    for (const fact of segmentFacts(segment, from, readers)) {
      const key = `${JSON.stringify(fact.subject)} ${fact.field} ${fact.value}`
      if (told.has(key) || told.size >= MOST_FACTS) continue
      told.add(key)
      yield fact
    }
  }
  yield* readers.alarm.facts()
  yield* readers.infusion.facts()
}

/** What is put together over the segments of one message. */
interface Readers {
  readonly alarm: AlarmReader
  readonly containment: Containment
  readonly infusion: InfusionReader
}

/** The list of what is read: a segment that is not in it is not looked into. */
function segmentFacts(segment: Segment, from: Side, readers: Readers): Iterable<Fact> {
  if (segment.name === 'MSH') return headerFacts(segment, from, readers.alarm)
  if (segment.name === 'MSA') return answerFacts(segment, from)
  if (segment.name === 'PRT') return participantFacts(segment, from)
  if (segment.name !== 'OBX') return []
  const equipment = readers.containment.equipmentOf(segment)
  readers.alarm.observe(segment, equipment)
  readers.infusion.observe(segment, equipment)
  return equipmentFacts(segment, from, equipment)
}

/** Message header (HL7 v2 §2.14.9). */
function* headerFacts(header: Segment, from: Side, alarm: AlarmReader): Generator<Fact> {
  const other: Side = from === 'client' ? 'server' : 'client'
  yield { subject: from, field: 'hl7.transport', value: 'cleartext' }
  yield { subject: other, field: 'hl7.transport', value: 'cleartext' }
  const version = header.components(12)[0] ?? ''
  const [code = '', trigger = ''] = header.components(9)
  // A header whose fields are not where they belong tells nothing: what stands there may be anything.
  if (!VERSION.test(version) || !MESSAGE.test(`${code}^${trigger}`)) return
  yield* domainFacts(from, 'hl7.application', header.components(3))
  yield* domainFacts(from, 'hl7.facility', header.components(4))
  yield* domainFacts(other, 'hl7.called-application', header.components(5))
  yield* domainFacts(other, 'hl7.called-facility', header.components(6))
  alarm.isAlarm = trigger === 'R40'
  yield* factOf(from, 'hl7.message', trigger === '' ? code : `${code}^${trigger}`)
  const processing = header.components(11)[0] ?? ''
  yield* factOf(from, 'hl7.processing', PROCESSING.test(processing) ? processing : undefined)
  yield* factOf(from, 'hl7.version', version)
  for (const [profile = ''] of header.repetitions(21)) {
    if (PROFILE.test(profile)) yield* factOf(from, 'hl7.profile', profile)
  }
}

const VERSION = /^2(?:\.\d){0,3}$/
const MESSAGE = /^[A-Z]{3}\^(?:[A-Z][A-Z0-9]{2})?$/
const PROCESSING = /^[DPT]$/
const PROFILE = /^(?:IHE|PCD|ACM|LAB)[-_A-Z0-9]*$|^[0-9][0-9.]+$/

/** A hierarchic designator: a name, and often an identifier that is the same everywhere (§2.A.33). */
function* domainFacts(
  subject: Side,
  field: string,
  [name = '', id = '', kind = '']: readonly string[],
): Generator<Fact> {
  yield* factOf(subject, field, name)
  if (id !== '') yield* factOf(subject, `${field}-id`, kind === '' ? id : `${kind} ${id}`)
}

/** Of an acknowledgment only that it refuses; its text may quote the message (§2.14.8). */
function* answerFacts(answer: Segment, from: Side): Generator<Fact> {
  const code = answer.field(1)
  if (['AE', 'AR', 'CE', 'CR'].includes(code)) {
    yield { subject: from, field: 'hl7.refuses', value: code }
  }
}

function stateOf(context: MessageContext): Hl7State {
  context.state ??= { client: 'between', server: 'between' } satisfies Hl7State
  return context.state as Hl7State
}
