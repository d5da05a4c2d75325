import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORTS = [4712, 4713]
const SYNC = 0xaa
const HEADER = 14
const LEAST = 16
const MOST_UNITS = 64
const KIND = {
  data: 0,
  header: 1,
  configuration1: 2,
  configuration2: 3,
  command: 4,
  configuration3: 5,
} as const

/** Commands to a phasor measurement unit (IEEE C37.118.2 §6.6). */
const COMMANDS: Readonly<Record<number, string>> = {
  1: 'stop-data',
  2: 'start-data',
  3: 'send-header',
  4: 'send-configuration-1',
  5: 'send-configuration-2',
  6: 'send-configuration-3',
  8: 'extended',
}

/** Synchrophasors over TCP: which measurement units stream, and what they are called. */
export const synchrophasor: Dissector = {
  protocol: 'synchrophasor',
  over: 'tcp',
  ports: PORTS,
  firstBytes: [SYNC],
  appetite: 16,
  looksLike,
  length(stream) {
    if (stream.remaining < 4) return stream.peek() === SYNC ? 0 : -1
    const length = (stream.peek(2) << 8) | stream.peek(3)
    return stream.peek() === SYNC && length >= LEAST ? length : -1
  },
  dissect: facts,
}

/** Synchrophasors over UDP. */
export const synchrophasorUdp: Dissector = {
  protocol: 'synchrophasor',
  over: 'udp',
  ports: PORTS,
  firstBytes: [SYNC],
  appetite: 16,
  looksLike,
  dissect: facts,
}

function looksLike(message: Cursor): Likeness {
  if (message.remaining < 4) return message.peek() === SYNC ? 'incomplete' : 'no'
  const kind = message.peek(1) >> 4
  const version = message.peek(1) & 15
  const length = (message.peek(2) << 8) | message.peek(3)
  const isHead = message.peek() === SYNC && kind <= KIND.configuration3 && version <= 3
  if (!isHead || length < LEAST) return 'no'
  if (message.remaining < length) return message.remaining < 4096 ? 'incomplete' : 'weak'
  const { bytes, position } = message
  const check = (bytes[position + length - 2]! << 8) | bytes[position + length - 1]!
  return crc(bytes, position, position + length - 2) === check ? 'strong' : 'no'
}

/** CRC-CCITT from all ones (§6.2.4, annex B). */
function crc(bytes: Uint8Array, start: number, end: number): number {
  let value = 0xffff
  for (let at = start; at < end; at++) {
    value ^= bytes[at]! << 8
    for (let bit = 0; bit < 8; bit++) {
      value = (value & 0x8000) === 0 ? value << 1 : (value << 1) ^ 0x1021
    }
    value &= 0xffff
  }
  return value
}

function* facts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const kind = message.skip(1).u8() >> 4
  const code = message.skip(2).u16()
  message.skip(HEADER - 6)
  if (!message.ok) return
  if (kind === KIND.command) {
    const command = message.u16()
    const other: Side = from === 'client' ? 'server' : 'client'
    yield* factOf(from, 'synchrophasor.command', COMMANDS[command])
    yield { subject: other, field: 'synchrophasor.id-code', value: String(code) }
    return
  }
  yield { subject: from, field: 'synchrophasor.id-code', value: String(code) }
  if (kind === KIND.configuration1 || kind === KIND.configuration2) {
    yield* unitFacts(message, from)
  } else if (kind === KIND.header) {
    yield* factOf(from, 'synchrophasor.header', message.text(message.remaining - 2))
  }
}

/** Time base, count; for each unit its name, code, format, numbers of channels, their names and units (§6.4). */
function* unitFacts(message: Cursor, from: Side): Generator<Fact> {
  const count = Math.min(message.skip(4).u16(), MOST_UNITS)
  for (let left = count; left > 0 && message.ok; left--) {
    const name = message.text(16)
    const code = message.u16()
    const phasors = message.skip(2).u16()
    const analogs = message.u16()
    const digitals = message.u16()
    if (!message.ok) return
    yield* factOf(from, 'synchrophasor.station', `${name} (${code})`)
    message.skip(16 * (phasors + analogs + 16 * digitals) + 4 * (phasors + analogs + digitals) + 4)
  }
}
