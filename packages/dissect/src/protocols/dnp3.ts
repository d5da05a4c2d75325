import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORTS = [20_000]
const START = 0x05
const START_NEXT = 0x64
const HEADER = 10
const BLOCK = 16
const LEAST = 5
/** Octets of an application fragment (IEEE 1815 §4.2.2). */
const LONGEST_FRAGMENT = 4096
const FROM_MASTER = 0x80
const FIRST = 0x40
const FINAL = 0x80
const ANSWERS: readonly number[] = [129, 130]
/** Link functions that carry user data: confirmed and not (§9.2.4.1.3). */
const USER_DATA: readonly number[] = [3, 4]
const MOST_ATTRIBUTES = 64
const ATTRIBUTES_GROUP = 0
const VISIBLE_STRING = 1

const FUNCTIONS: Readonly<Record<number, string>> = {
  0: 'confirm',
  1: 'read',
  2: 'write',
  3: 'select',
  4: 'operate',
  5: 'direct-operate',
  6: 'direct-operate-no-answer',
  7: 'freeze',
  8: 'freeze-no-answer',
  9: 'freeze-clear',
  10: 'freeze-clear-no-answer',
  11: 'freeze-at-time',
  12: 'freeze-at-time-no-answer',
  13: 'cold-restart',
  14: 'warm-restart',
  15: 'initialize-data',
  16: 'initialize-application',
  17: 'start-application',
  18: 'stop-application',
  19: 'save-configuration',
  20: 'enable-unsolicited',
  21: 'disable-unsolicited',
  22: 'assign-class',
  23: 'delay-measurement',
  24: 'record-current-time',
  25: 'open-file',
  26: 'close-file',
  27: 'delete-file',
  28: 'get-file-information',
  29: 'authenticate-file',
  30: 'abort-file',
  31: 'activate-configuration',
  32: 'authentication-request',
  33: 'authentication-request-no-answer',
}
const UNSOLICITED = 130

/** Bits of the internal indications that say something about the device (§4.2.2.7). */
const INDICATIONS: readonly (readonly [number, string])[] = [
  [0x8000, 'restarted'],
  [0x4000, 'trouble'],
  [0x2000, 'local control'],
  [0x0020, 'configuration corrupt'],
]

/** Device attributes that are text (IEEE 1815 annex A, group 0). */
const ATTRIBUTES: Readonly<Record<number, string>> = {
  242: 'dnp3.software-version',
  243: 'dnp3.hardware-version',
  245: 'dnp3.location',
  246: 'dnp3.id',
  247: 'dnp3.device-name',
  248: 'dnp3.serial',
  250: 'dnp3.model',
  252: 'dnp3.vendor',
}

/** DNP3 over TCP: addresses, what a master asks for, and the device attributes of an outstation. */
export const dnp3: Dissector = {
  protocol: 'dnp3',
  over: 'tcp',
  ports: PORTS,
  firstBytes: [START],
  appetite: Infinity,
  looksLike,
  length(stream) {
    if (stream.remaining < 3) return stream.peek() === START ? 0 : -1
    const isStart = stream.peek() === START && stream.peek(1) === START_NEXT
    return isStart && stream.peek(2) >= LEAST ? frameLength(stream.peek(2)) : -1
  },
  dissect: frameFacts,
}

/** DNP3 over UDP: a datagram holds one frame or several. */
export const dnp3Udp: Dissector = {
  protocol: 'dnp3',
  over: 'udp',
  ports: PORTS,
  firstBytes: [START],
  appetite: Infinity,
  looksLike,
  *dissect(message, context) {
    while (message.remaining >= HEADER) {
      const length = frameLength(message.peek(2))
      const frame = message.take(length)
      if (message.peek(0) !== START && message.remaining > 0) message.skip(message.remaining)
      yield* frameFacts(frame, context)
    }
  },
}

/** Octets of a frame whose header gives this length: each sixteen octets of data are followed by a check. */
function frameLength(length: number): number {
  const data = Math.max(0, length - LEAST)
  return HEADER + data + 2 * Math.ceil(data / BLOCK)
}

function looksLike(message: Cursor): Likeness {
  if (message.peek() !== START) return 'no'
  if (message.remaining < HEADER)
    return message.remaining < 2 || message.peek(1) === START_NEXT ? 'incomplete' : 'no'
  if (message.peek(1) !== START_NEXT || message.peek(2) < LEAST) return 'no'
  const { bytes, position } = message
  const check = (message.peek(9) << 8) | message.peek(8)
  return crc(bytes, position, position + 8) === check ? 'strong' : 'no'
}

/** The check of the link layer (IEEE 1815 §9.2.4.3). */
function crc(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    value ^= bytes[at]!
    for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >> 1) ^ 0xa6bc : value >> 1
  }
  return ~value & 0xffff
}

function* frameFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const { from } = context
  const length = message.skip(2).u8()
  const control = message.u8()
  const target = message.u16le()
  const source = message.u16le()
  message.skip(2)
  if (!message.ok) return
  const isMaster = (control & FROM_MASTER) !== 0
  const field = isMaster ? 'dnp3.master-address' : 'dnp3.outstation-address'
  yield { subject: from, field, value: String(source) }
  if (isMaster && target < 0xfff0) {
    yield { subject: other(from), field: 'dnp3.outstation-address', value: String(target) }
  }
  if (!USER_DATA.includes(control & 15)) return
  const data = withoutChecks(message, length - LEAST)
  if (data === undefined) return
  const fragment = joined(data, context)
  if (fragment !== undefined) yield* fragmentFacts(new Cursor(fragment), from)
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}

function withoutChecks(message: Cursor, length: number): Uint8Array | undefined {
  const data = new Uint8Array(Math.max(0, length))
  for (let at = 0; at < length; at += BLOCK) {
    data.set(message.view(Math.min(BLOCK, length - at)), at)
    message.skip(2)
    if (!message.ok) return undefined
  }
  return data.length > 1 ? data : undefined
}

/** The application fragment once its last segment is there (§8). */
function joined(data: Uint8Array, context: MessageContext): Uint8Array | undefined {
  const waiting = (context.state ??= {}) as Partial<Record<Side, Uint8Array>>
  const transport = data[0]!
  const before = (transport & FIRST) === 0 ? waiting[context.from] : new Uint8Array(0)
  delete waiting[context.from]
  if (before === undefined || before.length + data.length > LONGEST_FRAGMENT) return undefined
  const all = new Uint8Array(before.length + data.length - 1)
  all.set(before)
  all.set(data.subarray(1), before.length)
  if ((transport & FINAL) !== 0) return all
  waiting[context.from] = all
  return undefined
}

function* fragmentFacts(fragment: Cursor, from: Side): Generator<Fact> {
  const function_ = fragment.skip(1).u8()
  if (!fragment.ok) return
  if (!ANSWERS.includes(function_)) {
    yield* factOf(from, 'dnp3.function', FUNCTIONS[function_] ?? `function ${function_}`)
    return
  }
  if (function_ === UNSOLICITED) {
    yield { subject: from, field: 'dnp3.sends', value: 'unsolicited responses' }
  }
  const indications = fragment.u16()
  for (const [bit, value] of INDICATIONS) {
    if ((indications & bit) !== 0) yield { subject: from, field: 'dnp3.indication', value }
  }
  yield* attributeFacts(fragment, from)
}

/** Objects of group 0: variation, qualifier of a range of octets, range, type, length, value. */
function* attributeFacts(fragment: Cursor, from: Side): Generator<Fact> {
  for (let left = MOST_ATTRIBUTES; left > 0 && fragment.remaining >= 5; left--) {
    const group = fragment.u8()
    const field = ATTRIBUTES[fragment.u8()]
    const qualifier = fragment.u8()
    if (group !== ATTRIBUTES_GROUP || qualifier !== 0) return
    const type = fragment.skip(2).u8()
    const value = fragment.text(fragment.u8())
    if (field !== undefined && type === VISIBLE_STRING) yield* factOf(from, field, value)
  }
}
