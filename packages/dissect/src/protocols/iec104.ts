import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const START = 0x68
const LEAST = 4
const LONGEST = 253
const MOST_CAUSE = 47
const MOST_ADDRESSES = 32

/** Control functions of a frame without data (IEC 60870-5-104 §5.3). */
const CONTROLS: Readonly<Record<number, string>> = {
  0x07: 'start-data-transfer',
  0x0b: 'start-confirmed',
  0x13: 'stop-data-transfer',
  0x23: 'stop-confirmed',
  0x43: 'test',
  0x83: 'test-confirmed',
}

/** Types of data units, by ranges of monitoring; the commands by name (IEC 60870-5-101 §7.2.1). */
const TYPES: Readonly<Record<number, string>> = {
  1: 'single-point',
  2: 'single-point',
  3: 'double-point',
  4: 'double-point',
  5: 'step-position',
  6: 'step-position',
  7: 'bit-string',
  8: 'bit-string',
  9: 'measured-value',
  10: 'measured-value',
  11: 'measured-value',
  12: 'measured-value',
  13: 'measured-value',
  14: 'measured-value',
  15: 'integrated-total',
  16: 'integrated-total',
  17: 'protection-event',
  18: 'protection-event',
  19: 'protection-event',
  20: 'single-point',
  21: 'measured-value',
  30: 'single-point',
  31: 'double-point',
  32: 'step-position',
  33: 'bit-string',
  34: 'measured-value',
  35: 'measured-value',
  36: 'measured-value',
  37: 'integrated-total',
  38: 'protection-event',
  39: 'protection-event',
  40: 'protection-event',
  45: 'single-command',
  46: 'double-command',
  47: 'step-command',
  48: 'set-point',
  49: 'set-point',
  50: 'set-point',
  51: 'bit-string-command',
  58: 'single-command',
  59: 'double-command',
  60: 'step-command',
  61: 'set-point',
  62: 'set-point',
  63: 'set-point',
  64: 'bit-string-command',
  70: 'end-of-initialization',
  100: 'interrogation',
  101: 'counter-interrogation',
  102: 'read',
  103: 'clock-synchronization',
  104: 'test',
  105: 'reset-process',
  106: 'delay-acquisition',
  107: 'test',
  110: 'parameter',
  111: 'parameter',
  112: 'parameter',
  113: 'parameter-activation',
  120: 'file-transfer',
  121: 'file-transfer',
  122: 'file-transfer',
  123: 'file-transfer',
  124: 'file-transfer',
  125: 'file-transfer',
  126: 'file-transfer',
  127: 'file-transfer',
}
/** Causes of a request: activation, deactivation, request; answers repeat the type with others. */
const REQUESTS: readonly number[] = [5, 6, 8]
const FIRST_COMMAND = 45

/** IEC 60870-5-104: station addresses, what a substation sends and what it is commanded. */
export const iec104: Dissector = {
  protocol: 'iec104',
  over: 'tcp',
  ports: [2404],
  firstBytes: [START],
  appetite: Infinity,
  looksLike,
  length(stream) {
    if (stream.remaining < 2) return stream.peek() === START ? 0 : -1
    const length = stream.peek(1)
    return stream.peek() === START && length >= LEAST && length <= LONGEST ? length + 2 : -1
  },
  *dissect(message, context) {
    const length = message.skip(1).u8()
    const control = message.u8()
    message.skip(3)
    if (!message.ok) return
    if (isNumbered(control)) yield* unitFacts(message.take(length - 4), context)
    else yield* factOf(context.from, 'iec104.control', CONTROLS[control])
  },
}

function isNumbered(control: number): boolean {
  return (control & 1) === 0
}

function looksLike(message: Cursor): Likeness {
  if (message.remaining < 6) return message.peek() === START ? 'incomplete' : 'no'
  const length = message.peek(1)
  const control = message.peek(2)
  if (message.peek() !== START || length < LEAST || length > LONGEST) return 'no'
  if (isNumbered(control)) return likenessOfUnit(message, length)
  const isBare = length === LEAST && message.peek(3) === 0
  if (!isBare) return 'no'
  if (control === 1) return (message.peek(4) & 1) === 0 ? 'weak' : 'no'
  const isEmpty = message.peek(4) === 0 && message.peek(5) === 0
  return isEmpty && CONTROLS[control] !== undefined ? 'strong' : 'no'
}

function likenessOfUnit(message: Cursor, length: number): Likeness {
  if (message.remaining < 12) return 'incomplete'
  const cause = message.peek(8) & 0x3f
  const isKnown = TYPES[message.peek(6)] !== undefined && cause > 0 && cause <= MOST_CAUSE
  const isAddressed = (message.peek(10) | message.peek(11)) !== 0
  const isEven = (message.peek(4) & 1) === 0 && length >= 12 && message.peek(7) > 0
  if (!isKnown || !isAddressed || !isEven) return 'no'
  // What follows must be the next frame.
  const next = message.remaining > length + 2 ? message.peek(length + 2) : START
  return next === START ? 'strong' : 'no'
}

/** Type, number of objects, cause, originator, address of the station (IEC 60870-5-101 §7). */
function* unitFacts(unit: Cursor, context: MessageContext): Generator<Fact> {
  const type = unit.u8()
  const cause = unit.skip(1).u8() & 0x3f
  const address = unit.skip(1).u16le()
  const name = TYPES[type]
  if (!unit.ok || name === undefined) return
  const isRequest = type >= FIRST_COMMAND && REQUESTS.includes(cause)
  const { from } = context
  const station: Side = isRequest === (from === 'client') ? 'server' : 'client'
  const known = (context.state ??= new Set<number>()) as Set<number>
  if (!known.has(address) && known.size < MOST_ADDRESSES && address !== 0xffff) {
    known.add(address)
    yield { subject: station, field: 'iec104.common-address', value: String(address) }
  }
  if (isRequest) yield { subject: from, field: 'iec104.command', value: name }
  else if (type < FIRST_COMMAND) yield { subject: from, field: 'iec104.sends', value: name }
}
