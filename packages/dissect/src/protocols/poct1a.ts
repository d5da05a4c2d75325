import type { Cursor } from '../cursor.ts'
import { characters, utf8 } from '../cursor.ts'
import type { Dissector, Fact, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { attributeOf, textOf } from './xml-text.ts'

const LONGEST_MESSAGE = 131_072
const LONGEST_HEAD = 512
/** Root elements: three letters of the topic, its variant; makers have topics of their own. */
const ROOT =
  /^(?:\ufeff|\u00ef\u00bb\u00bf)?\s{0,64}(?:<\?xml[^<>]{0,100}\?>\s{0,64})?<([A-Z]{3}\.[A-Z][A-Z0-9.]{1,30})\s{0,16}>/
const TOPICS =
  /^(?:ACK|DTV|END|EOT|ESC|EVS|HEL|DST|KPA|OBS|OPL|PTL|REQ|RDY|TRM|CNF)\.(?:R0\d|[A-Z][A-Z0-9.]+)$/
/** What such a message can begin with while its root has not come whole. */
const START =
  /^(?:\ufeff|\u00ef\u00bb\u00bf)?\s{0,64}(?:<(?:\?xml[^<>]{0,100}(?:\?>\s{0,64}(?:<[A-Z.]{0,30})?)?|\?x?m?|[A-Z]{1,3}(?:\.[A-Z0-9.]{0,30})?)?)?$/

/** Elements of the greeting that describe the device (POCT1-A §B.5.2, DEV). */
const DEVICE: readonly (readonly [string, string])[] = [
  ['DEV.device_id', 'device-id'],
  ['DEV.vendor_id', 'vendor'],
  ['DEV.model_id', 'model'],
  ['DEV.serial_id', 'serial'],
  ['DEV.manufacturer_name', 'manufacturer'],
  ['DEV.hw_version', 'hardware'],
  ['DEV.sw_version', 'software'],
  ['DEV.device_name', 'device-name'],
]

/**
 * POCT1-A (CLSI POCT01): the greeting and the state of an analyser at the bedside. Observations, events, and the lists
 * of operators and patients go by unread.
 */
export const poct1a: Dissector = {
  protocol: 'poct1a',
  over: 'tcp',
  firstBytes: [0x3c, 0xef, 0x20, 0x0d, 0x0a],
  appetite: 24,
  looksLike,

  length(stream) {
    const root = rootOf(stream)
    if (root === undefined) return START.test(headOf(stream)) ? 0 : -1
    const window = Math.min(stream.end, stream.position + LONGEST_MESSAGE)
    const end = indexOfText(stream.bytes, `</${root}`, stream.position, window)
    const close = end < 0 ? -1 : stream.bytes.indexOf(0x3e, end)
    if (close >= 0 && close < window) return closingSpace(stream, close + 1) - stream.position
    return stream.remaining < LONGEST_MESSAGE ? 0 : LONGEST_MESSAGE
  },

  *dissect(message, { from }) {
    const root = rootOf(message)
    if (root === undefined) {
      message.ok = false
      return
    }
    yield { subject: 'client', field: 'poct1a.transport', value: 'cleartext' }
    yield { subject: 'server', field: 'poct1a.transport', value: 'cleartext' }
    yield* factOf(from, 'poct1a.message', root)
    if (root === 'HEL.R01') yield* greetingFacts(utf8(message.view(message.remaining)), from)
    if (root === 'DST.R01') yield* stateFacts(utf8(message.view(message.remaining)), from)
    message.skip(message.remaining)
  },
}

function looksLike(message: Cursor): Likeness {
  const root = rootOf(message)
  if (root !== undefined) return TOPICS.test(root) ? 'strong' : 'no'
  const isShort = message.remaining < LONGEST_HEAD
  return isShort && START.test(headOf(message)) ? 'incomplete' : 'no'
}

function headOf(message: Cursor): string {
  const { position } = message
  return characters(message.bytes, position, Math.min(message.end, position + LONGEST_HEAD))
}

function rootOf(message: Cursor): string | undefined {
  const root = ROOT.exec(headOf(message))?.[1]
  return root !== undefined && TOPICS.test(root) ? root : undefined
}

/** White space between messages belongs to the one before. */
function closingSpace(stream: Cursor, at: number): number {
  let end = at
  while (end < stream.end && [0x0a, 0x0d, 0x20, 0].includes(stream.bytes[end]!)) end++
  return end
}

function indexOfText(bytes: Uint8Array, text: string, start: number, end: number): number {
  const first = text.charCodeAt(0)
  for (
    let at = bytes.indexOf(first, start);
    at >= 0 && at < end;
    at = bytes.indexOf(first, at + 1)
  ) {
    let same = 1
    while (same < text.length && bytes[at + same] === text.charCodeAt(same)) same++
    if (same === text.length && at + same <= end) return at
  }
  return -1
}

function* greetingFacts(xml: string, from: Side): Generator<Fact> {
  for (const [element, name] of DEVICE) {
    const value = attributeOf(xml, element, 'V') || textOf(xml, element)
    yield* factOf(from, `poct1a.${name}`, value)
  }
  // Some put the place of the device behind its identifier.
  const place = textOf(xml, 'DEV.device_id')
  if (attributeOf(xml, 'DEV.device_id', 'V')) yield* factOf(from, 'poct1a.location', place)
  yield* factOf(from, 'poct1a.version', attributeOf(xml, 'HDR.version_id', 'V'))
}

/** Ready, busy, locked ...: a letter or two (§B.5.3, DST.condition_cd). */
function* stateFacts(xml: string, from: Side): Generator<Fact> {
  const condition = attributeOf(xml, 'DST.condition_cd', 'V') ?? ''
  if (/^[A-Z]{1,2}$/.test(condition)) yield* factOf(from, 'poct1a.condition', condition)
}
