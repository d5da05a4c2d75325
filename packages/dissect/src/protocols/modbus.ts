import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORT = 502
const HEADER = 6
/** Unit and protocol data unit; UMAS and others go beyond the 254 of the specification. */
const LONGEST = 1024
const EXCEPTION = 0x80
const MOST_UNITS = 32

const FUNCTIONS: Readonly<Record<number, string>> = {
  1: 'read-coils',
  2: 'read-discrete-inputs',
  3: 'read-holding-registers',
  4: 'read-input-registers',
  5: 'write-coil',
  6: 'write-register',
  7: 'read-exception-status',
  8: 'diagnostics',
  11: 'read-event-counter',
  12: 'read-event-log',
  15: 'write-coils',
  16: 'write-registers',
  17: 'report-server-id',
  20: 'read-file',
  21: 'write-file',
  22: 'mask-write-register',
  23: 'read-write-registers',
  24: 'read-fifo',
  43: 'read-device-identification',
  90: 'umas',
}
const SERVER_ID = 17
const ENCAPSULATED = 43
const DEVICE_IDENTIFICATION = 14
const CANOPEN = 13
const UMAS = 90
const UMAS_IDENTITY = 2

const EXCEPTIONS: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledge',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target failed',
}

/** Objects of the device identification (V1.1b3 §6.21). */
const OBJECTS: Readonly<Record<number, string>> = {
  0: 'modbus.vendor',
  1: 'modbus.product-code',
  2: 'modbus.revision',
  3: 'modbus.vendor-url',
  4: 'modbus.product-name',
  5: 'modbus.model',
  6: 'modbus.application-name',
}

/** Modbus over TCP: what a controller says it is, which functions are asked of it and what it refuses. */
export const modbus: Dissector = {
  protocol: 'modbus',
  over: 'tcp',
  ports: [PORT],
  appetite: Infinity,
  looksLike,
  length: frameLength,
  *dissect(message, context) {
    const unit = message.skip(HEADER).u8()
    const function_ = message.u8()
    if (!message.ok) return
    const state = stateOf(context)
    const { server, units } = state
    if (units.size < MOST_UNITS && !units.has(unit)) {
      units.add(unit)
      yield { subject: server, field: 'modbus.unit', value: String(unit) }
    }
    if (context.from === server) yield* answerFacts(message, function_, state)
    else {
      state.asksUmasIdentity = function_ === UMAS && message.peek(1) === UMAS_IDENTITY
      yield* factOf(context.from, 'modbus.function', functionName(function_, message))
    }
  },
}

interface State {
  /** The side that answers. */
  readonly server: Side
  readonly units: Set<number>
  /** True while the latest request is UMAS's for the identity. */
  asksUmasIdentity: boolean
}

function stateOf(context: MessageContext): State {
  // A flow picked up in its middle may have begun with an answer.
  const isTurned = context.clientPort === PORT && context.serverPort !== PORT
  return (context.state ??= {
    server: isTurned ? 'client' : 'server',
    units: new Set(),
    asksUmasIdentity: false,
  }) as State
}

function frameLength(stream: Cursor): number {
  if (stream.remaining < HEADER) return 0
  const length = (stream.peek(4) << 8) | stream.peek(5)
  const isModbus = stream.peek(2) === 0 && stream.peek(3) === 0 && length >= 2 && length <= LONGEST
  return isModbus ? HEADER + length : -1
}

function looksLike(message: Cursor): Likeness {
  const total = message.remaining
  if (message.skip(2).u16() !== 0) return 'no'
  const length = message.u16()
  const function_ = message.skip(1).u8()
  if (!message.ok) return total < HEADER + 2 && length <= LONGEST ? 'incomplete' : 'no'
  const isPlain = FUNCTIONS[function_ & 0x7f] !== undefined
  if (length < 2 || length > LONGEST || !isPlain) return 'no'
  // An error is nine octets, whatever it is about; some devices add one.
  if (function_ >= EXCEPTION) {
    const isError = total === HEADER + length && length >= 3 && length <= 4
    return isError && EXCEPTIONS[message.peek()] !== undefined ? 'weak' : 'no'
  }
  if (total < HEADER + length) return 'incomplete'
  const isShaped = hasShape(function_, length - 2, message)
  return isShaped ? (total === HEADER + length ? 'strong' : 'weak') : 'no'
}

/** Sizes that a request or an answer of the function can have; `size` is of what follows the function code. */
function hasShape(function_: number, size: number, rest: Cursor): boolean {
  const count = rest.peek()
  switch (function_) {
    case 1:
    case 2:
    case 3:
    case 4:
      return (size === 4 && rest.peek(2) < 8) || (count > 0 && size === count + 1)
    case 5:
    case 6:
      return size === 4
    case 8:
      return size >= 4
    case 15:
    case 16:
      return size === 4 || size === rest.peek(4) + 5
    case 22:
      return size === 6
    case 23:
      return size === rest.peek(8) + 9 || size === count + 1
    case 7:
    case 11:
    case 12:
    case SERVER_ID:
      return size === 0 || size === count + 1 || (function_ !== 12 && size <= 4)
    case ENCAPSULATED:
      return count === DEVICE_IDENTIFICATION || count === CANOPEN
    default:
      return size > 0
  }
}

function functionName(function_: number, body: Cursor): string {
  if (function_ === ENCAPSULATED && body.peek() === CANOPEN) return 'canopen'
  return FUNCTIONS[function_] ?? `function ${function_}`
}

function* answerFacts(body: Cursor, function_: number, state: State): Generator<Fact> {
  const { server } = state
  if (function_ >= EXCEPTION) {
    const code = body.u8()
    const name = FUNCTIONS[function_ & 0x7f] ?? `function ${function_ & 0x7f}`
    if (!body.ok) return
    const reason = EXCEPTIONS[code] ?? `code ${code}`
    yield* factOf(server, 'modbus.exception', `${name}: ${reason}`)
  } else if (function_ === ENCAPSULATED && body.u8() === DEVICE_IDENTIFICATION) {
    yield* identificationFacts(body, server)
  } else if (function_ === SERVER_ID) {
    const text = body.take(body.u8()).skip(1)
    yield* factOf(server, 'modbus.server-id', wordsOf(text))
  } else if (function_ === UMAS && state.asksUmasIdentity) yield* umasFacts(body, server)
}

/** Code, conformity, whether more follows, next object, count; then number, length and text of each object. */
function* identificationFacts(body: Cursor, server: Side): Generator<Fact> {
  const count = body.skip(4).u8()
  for (let left = count; left > 0 && body.ok; left--) {
    const field = OBJECTS[body.u8()]
    const text = body.take(body.u8())
    if (field !== undefined && text.ok) yield* factOf(server, field, text.utf8(text.remaining))
  }
}

/** Schneider's answer to "read identification": 22 octets of numbers, then the CPU's name (seen on a 140 CPU 311 10). */
function* umasFacts(body: Cursor, server: Side): Generator<Fact> {
  const isDone = body.skip(1).u8() === 0xfe
  const name = body.skip(22)
  const text = name.take(name.u8())
  if (isDone && text.ok) yield* factOf(server, 'modbus.umas-cpu', wordsOf(text))
}

/** Text when it is nothing but text: additional data may hold anything. */
function wordsOf(from: Cursor): string {
  const text = from.text(from.remaining)
  return /^[\x20-\x7e]{3,}$/.test(text) ? text : ''
}
