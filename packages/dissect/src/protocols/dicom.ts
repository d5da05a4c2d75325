import { Cursor, latin1, utf8 } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { associationFacts, type Proposed } from './dicom-association.ts'
import { type DicomElement, dicomElements, firstItem, isExplicit } from './dicom-data-set.ts'
import { DICOM_COMMAND, storageClass } from './dicom-uids.ts'

const PDU = {
  request: 1,
  accept: 2,
  reject: 3,
  data: 4,
  release: 5,
  released: 6,
  abort: 7,
} as const
/** Of a longer data PDU only this much is looked at; equipment stands at the start of a data set. */
const LONGEST_HEAD = 16_384
const LONGEST_ASSOCIATION = 131_072
const LONGEST_PDU = 0x7fffffff

/** Elements that say which equipment made an object (PS3.3 §C.7.5.1). No group of the patient is among them. */
const EQUIPMENT: Readonly<Record<number, string>> = {
  0x00080060: 'dicom.modality',
  0x00080070: 'dicom.manufacturer',
  0x00080080: 'dicom.institution',
  0x00081010: 'dicom.station-name',
  0x00081040: 'dicom.department',
  0x00081090: 'dicom.model',
  0x00181000: 'dicom.device-serial',
  0x00181002: 'dicom.device-uid',
  0x00181020: 'dicom.software-versions',
  0x00181200: 'dicom.last-calibration',
}
/** Values that have a form of their own: of anything else that stands there nothing is told. */
const FORM: Readonly<Record<string, (text: string) => string>> = {
  'dicom.device-uid': (text) => (/^[0-2](?:\.\d+)+$/.test(text) ? text : ''),
  'dicom.last-calibration': lastDate,
}
/** Of a performed procedure step: which station works on it (PS3.4 §F.7.2). */
const STATION: Readonly<Record<number, string>> = {
  0x00080060: 'dicom.modality',
  0x00400241: 'dicom.performed-ae-title',
  0x00400242: 'dicom.station-name',
  0x00400243: 'dicom.station-location',
}
/** Of a scheduled procedure step that a modality asks its worklist for: itself (PS3.4 §K.6.1). */
const SCHEDULED: Readonly<Record<number, string>> = {
  0x00080060: 'dicom.modality',
  0x00400001: 'dicom.worklist-ae-title',
  0x00400010: 'dicom.station-name',
}
const SCHEDULED_STEP = 0x00400100
const CHARACTER_SET = 0x00080005
const LAST_EQUIPMENT_GROUP = 0x0018
const LAST_STATION_GROUP = 0x0040

const COMMAND = {
  affectedClass: 0x00000002,
  requestedClass: 0x00000003,
  field: 0x00000100,
  destination: 0x00000600,
  status: 0x00000900,
} as const
const C_STORE = 0x0001
const C_FIND = 0x0020
const N_CREATE = 0x0140

interface Sending {
  /** Bytes of the PDU before that are still to come and are not looked at. */
  skip: number
  /** Command that the next data set belongs to. */
  command: number
  /** True while a data set has begun and its last fragment has not come. */
  isInDataSet: boolean
}

interface DicomState extends Record<Side, Sending> {
  readonly proposed: Proposed
}

/**
 * DICOM upper layer: who associates with whom, for what, with which toolkit; commands; of stored objects the equipment
 * that made them, never the patient (PS3.8 §9.3, PS3.7 §9.3).
 */
export const dicom: Dissector = {
  protocol: 'dicom',
  over: 'tcp',
  ports: [104, 11112, 4242, 2761],
  firstBytes: [1, 2, 3, 4, 5, 6, 7],
  appetite: Infinity,
  looksLike,

  length(stream, context) {
    const { skip } = stateOf(context)[context.from]
    if (skip > 0 && looksLike(stream) !== 'strong') return Math.min(skip, stream.remaining)
    if (stream.remaining < 6) return isHeader(stream) ? 0 : -1
    if (!isHeader(stream)) return -1
    const whole = 6 + bodyLength(stream)
    return stream.peek() === PDU.data ? Math.min(whole, LONGEST_HEAD) : whole
  },

  *dissect(message, context) {
    const state = stateOf(context)
    const sending = state[context.from]
    // After a loss a new PDU may begin where the rest of the last was expected.
    if (sending.skip > 0 && looksLike(message) !== 'strong') {
      sending.skip = Math.max(0, sending.skip - message.remaining)
      return void message.skip(message.remaining)
    }
    const type = message.peek()
    const whole = 6 + bodyLength(message)
    sending.skip = Math.max(0, whole - message.remaining)
    message.skip(6)
    if (type === PDU.request || type === PDU.accept || type === PDU.reject || type === PDU.abort) {
      yield* associationFacts(type, message, context.from, state.proposed)
    } else if (type === PDU.data) yield* dataFacts(message, context.from, sending)
  },
}

function looksLike(message: Cursor): Likeness {
  if (!isHeader(message)) return 'no'
  if (message.remaining < 6) return 'incomplete'
  const type = message.peek()
  if (type === PDU.data) return dataLikeness(message)
  if (type > PDU.accept) return message.remaining <= 10 ? 'weak' : 'no'
  if (message.remaining < 76) return isAscii(message, 10) ? 'incomplete' : 'no'
  const isContext = message.peek(74) === 0x10 && message.peek(75) === 0
  const isVersion = (message.peek(7) & 1) === 1
  return isContext && isVersion && isAscii(message, 10) ? 'strong' : 'no'
}

/** What stands where AE titles do is text, as far as it has come. */
function isAscii(message: Cursor, start: number): boolean {
  const titles = message.bytes.subarray(
    message.position + start,
    Math.min(message.end, message.position + 42),
  )
  return titles.every((byte) => byte === 0 || (byte >= 0x20 && byte < 0x7f))
}

/** A command set begins with its group length, four bytes of it (PS3.7 §E.1). */
function dataLikeness(message: Cursor): Likeness {
  if (message.remaining < 20) return 'incomplete'
  const item = new Cursor(message.bytes, message.position + 6, message.end)
  const length = item.u32()
  const isOdd = (item.u8() & 1) === 1
  const control = item.u8()
  if (length < 2 || length + 4 > bodyLength(message) || !isOdd || control > 3) return 'no'
  const isGroupLength = item.u32() === 0 && item.u32le() === 4
  return (control & 1) === 1 && isGroupLength ? 'strong' : 'weak'
}

/** True while the bytes there are can begin a PDU: a known type, a zero, a length that such a PDU can have. */
function isHeader(stream: Cursor): boolean {
  const type = stream.peek()
  if (type < PDU.request || type > PDU.abort || stream.peek(1) !== 0) return false
  if (stream.remaining < 6) return true
  const length = bodyLength(stream)
  if (type === PDU.data) return length >= 6 && length <= LONGEST_PDU
  return type <= PDU.accept ? length >= 68 && length <= LONGEST_ASSOCIATION : length === 4
}

function bodyLength(pdu: Cursor): number {
  return pdu.peek(2) * 0x1000000 + (pdu.peek(3) << 16) + (pdu.peek(4) << 8) + pdu.peek(5)
}

/** Presentation data values of a P-DATA-TF (PS3.8 §9.3.5); the last may be cut where only a head was taken. */
function* dataFacts(body: Cursor, from: Side, sending: Sending): Generator<Fact> {
  while (body.remaining >= 6) {
    const length = body.u32()
    const control = body.skip(1).u8()
    const fragment = body.take(Math.min(Math.max(0, length - 2), body.remaining))
    const isCommand = (control & 1) === 1
    const isLast = (control & 2) === 2
    if (isCommand) yield* commandFacts(fragment, from, sending)
    else {
      const isFirst = !sending.isInDataSet
      sending.isInDataSet = !isLast
      if (isFirst) yield* dataSetFacts(fragment, from, sending.command)
    }
  }
}

/** A command set is always implicit VR little endian (PS3.7 §6.3.1). */
function* commandFacts(fragment: Cursor, from: Side, sending: Sending): Generator<Fact> {
  const values = new Map<number, Cursor>()
  for (const { tag, value } of dicomElements(fragment, false, 0)) values.set(tag, value)
  const field = values.get(COMMAND.field)?.u16le() ?? -1
  const name = DICOM_COMMAND[field & 0x7fff]
  sending.command = field
  sending.isInDataSet = false
  if (field < 0 || name === undefined) return
  if (field < 0x8000) {
    yield { subject: from, field: 'dicom.command', value: name }
    const uid = values.get(COMMAND.affectedClass) ?? values.get(COMMAND.requestedClass)
    if (field === C_STORE && uid) yield* factOf(from, 'dicom.stores', storageClass(textOf(uid)))
    const destination = values.get(COMMAND.destination)
    if (destination) yield* factOf(from, 'dicom.move-destination', textOf(destination))
    return
  }
  const status = values.get(COMMAND.status)?.u16le() ?? 0
  if (isFailure(status)) {
    yield {
      subject: from,
      field: 'dicom.failure',
      value: `${name} ${status.toString(16).padStart(4, '0')}`,
    }
  }
}

/** Neither success nor pending nor cancelled nor a warning (PS3.7 annex C). */
function isFailure(status: number): boolean {
  const isPending = status === 0xff00 || status === 0xff01
  const isWarning =
    status === 0x0001 || status >> 12 === 0xb || status === 0x0107 || status === 0x0116
  return status !== 0 && status !== 0xfe00 && !isPending && !isWarning
}

/** Of objects, procedure steps and queries what they say of the equipment; of all others nothing. */
function* dataSetFacts(dataSet: Cursor, from: Side, command: number): Generator<Fact> {
  const explicit = isExplicit(dataSet)
  if (command === C_STORE) {
    yield* namedFacts(dicomElements(dataSet, explicit, LAST_EQUIPMENT_GROUP), EQUIPMENT, from)
  }
  if (command === N_CREATE) {
    yield* namedFacts(dicomElements(dataSet, explicit, LAST_STATION_GROUP), STATION, from)
  }
  if (command !== C_FIND) return
  // A request alone: answers of a worklist are full of patients.
  for (const { tag, value } of dicomElements(dataSet, explicit, LAST_STATION_GROUP)) {
    if (tag !== SCHEDULED_STEP) continue
    const step = firstItem(value, explicit, LAST_STATION_GROUP)
    // Wild cards and lists ask for others' work: who asks so is no station itself.
    for (const fact of namedFacts(step, SCHEDULED, from)) {
      if (!/[*?]|, /.test(fact.value)) yield fact
    }
    return
  }
}

function* namedFacts(
  elements: Iterable<DicomElement>,
  names: Readonly<Record<number, string>>,
  from: Side,
): Generator<Fact> {
  let isUtf8 = false
  for (const { tag, value, isOpen } of elements) {
    if (isOpen) continue
    if (tag === CHARACTER_SET) isUtf8 = textOf(value).includes('ISO_IR 192')
    const field = names[tag]
    if (field === undefined) continue
    const bytes = value.view(Math.min(value.remaining, 512))
    const text = (isUtf8 ? utf8(bytes) : latin1(bytes)).replaceAll('\\', ', ')
    yield* factOf(from, field, FORM[field]?.(text.replaceAll('\0', '').trim()) ?? text)
  }
}

/** The last of one or more dates, as ISO 8601 has it. */
function lastDate(text: string): string {
  const dates = text.split(', ').map((date) => date.trim())
  if (
    !dates.every((date) => /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(date))
  ) {
    return ''
  }
  return dates
    .toSorted()
    .at(-1)!
    .replace(/(....)(..)(..)/, '$1-$2-$3')
}

function textOf(value: Cursor): string {
  return value.text(Math.min(value.remaining, 64))
}

function stateOf(context: MessageContext): DicomState {
  const fresh = (): Sending => ({ skip: 0, command: -1, isInDataSet: false })
  context.state ??= { client: fresh(), server: fresh(), proposed: new Map() } satisfies DicomState
  return context.state as DicomState
}
