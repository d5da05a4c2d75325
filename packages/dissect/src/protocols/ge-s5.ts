import { stationMac } from '../address.ts'
import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness } from '../dissector.ts'

const FLAG = 0x7e
const ESCAPE = 0x7d
const HEADER = 40
const LONGEST_RECORD = 1490
/** Twice as much, where every byte is escaped, and both flags. */
const LONGEST_FRAME = 2 * (LONGEST_RECORD + 1) + 2

/** Kinds of records (DRI specification §2.2). */
const RECORD: Readonly<Record<number, string>> = {
  0: 'physiological',
  1: 'waveform',
  4: 'alarm',
  5: 'network',
  8: 'anaesthesia-record',
}
/** Year of the software that speaks this level of the interface. */
const LEVEL_YEAR: Readonly<Record<number, number>> = {
  2: 1995,
  3: 1997,
  4: 1998,
  5: 1999,
  6: 2001,
  7: 2002,
  8: 2003,
  9: 2005,
  10: 2009,
  11: 2015,
}

/** Families of monitors, as they describe themselves when they sign in to the network. */
const FAMILY: Readonly<Record<number, string>> = {
  2: 'anaesthesia monitor',
  9: 'light monitor',
  10: 'critical care monitor',
  13: 'Cardiocap 5',
  27: 'B20/B30/B40/B1x5',
  36: 'CARESCAPE (anaesthesia)',
  37: 'CARESCAPE (ICU)',
  38: 'CARESCAPE (NICU)',
  39: 'CARESCAPE (PACU)',
  40: 'CARESCAPE (ED)',
}
const NETWORK = 5
/** MAC, family, level and ten reserved words: a description of a patient is many times as long. */
const DESCRIPTION_LENGTH = 30

/**
 * GE Datex-Ohmeda S/5 record interface through a terminal server: that a monitor speaks, of which year its software is,
 * and what it sends. Of the records themselves, which hold measurements and names, only the monitor's own description is read.
 */
export const geS5: Dissector = {
  protocol: 'ge-s5',
  over: 'tcp',
  firstBytes: [FLAG],
  appetite: 32,
  looksLike,

  length(stream) {
    if (stream.peek() !== FLAG) return -1
    const window = stream.bytes.subarray(
      stream.position,
      Math.min(stream.end, stream.position + LONGEST_FRAME),
    )
    // One flag may end a frame and begin the next; two in a row are an end and a beginning.
    const end = window.indexOf(FLAG, 1)
    if (end === 1) return 1
    if (end > 1) return end + 1
    return window.length < LONGEST_FRAME ? 0 : -1
  },

  *dissect(message, { from }): Generator<Fact> {
    const bytes = message.view(message.remaining)
    if (bytes.length === 1) return
    const record = recordOf(bytes)
    if (record === undefined) {
      message.ok = false
      return
    }
    yield { subject: 'client', field: 'ge-s5.transport', value: 'cleartext' }
    yield { subject: 'server', field: 'ge-s5.transport', value: 'cleartext' }
    const level = record.skip(3).u8()
    const plug = record.u16le()
    const number = record.skip(8).u16le()
    const kind = RECORD[number]
    yield { subject: from, field: 'ge-s5.level', value: `${level} (${LEVEL_YEAR[level]})` }
    yield { subject: from, field: 'ge-s5.plug-id', value: String(plug) }
    if (kind !== undefined) yield { subject: from, field: 'ge-s5.record', value: kind }
    const content = record.skip(HEADER - 16)
    if (number === NETWORK && content.remaining === DESCRIPTION_LENGTH) yield* describe(content)
  },
}

/** MAC and family, believed only when all of the description is as it must be. */
function* describe(content: Cursor): Generator<Fact> {
  const mac = stationMac(content.view(6))
  const family = FAMILY[content.u16le()]
  const isLevel = LEVEL_YEAR[content.u16le()] !== undefined
  const isReserved = content.view(20).every((byte) => byte === 0)
  if (mac === undefined || family === undefined || !isLevel || !isReserved) return
  yield { subject: { mac }, field: 'ge-s5.device-family', value: family }
}

function looksLike(message: Cursor): Likeness {
  if (message.peek() !== FLAG) return 'no'
  const window = message.bytes.subarray(message.position, message.end)
  const end = window.indexOf(FLAG, 1)
  // Level and first byte of the length are enough to say no early.
  if (window.length > 8 && !isHeader(new Cursor(unescaped(window.subarray(1, 60))))) return 'no'
  if (end < 0) return window.length < LONGEST_FRAME ? 'incomplete' : 'no'
  return recordOf(window.subarray(0, end + 1)) === undefined ? 'no' : 'strong'
}

/** The record of a whole frame; undefined when its length or its check sum is wrong. */
function recordOf(frame: Uint8Array): Cursor | undefined {
  const content = unescaped(frame.subarray(1, frame.length - 1))
  const length = content.length - 1
  if (length < HEADER || length > LONGEST_RECORD) return undefined
  const sum = content.subarray(0, length).reduce((total, byte) => (total + byte) & 0xff, 0)
  const record = new Cursor(content, 0, length)
  const isWhole = (content[0]! | (content[1]! << 8)) === length
  return isWhole && sum === content[length] && isHeader(record) ? record : undefined
}

/** Length, level and kind of a record as far as they are there, without consuming any. */
function isHeader(record: Cursor): boolean {
  const length = record.peek(0) | (record.peek(1) << 8)
  if (length < HEADER || length > LONGEST_RECORD || LEVEL_YEAR[record.peek(3)] === undefined) {
    return false
  }
  const kind = record.peek(14) | (record.peek(15) << 8)
  return record.remaining < 16 || RECORD[kind] !== undefined
}

/** Escaped bytes have bit 5 cleared and 7d before them. */
function unescaped(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(ESCAPE)) return bytes
  const out: number[] = []
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === ESCAPE && at + 1 < bytes.length) out.push(bytes[++at]! | 0x20)
    else out.push(bytes[at]!)
  }
  return Uint8Array.from(out)
}
