import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'
import { crc16, CRC16 } from './crc16.ts'

const END = 0xf6
const ESCAPE = 0xf0
const LONGEST = 1024
const MOST_STATIONS = 32

/** First octets of messages of the office and of the field (Union Switch & Signal, SM 6700). */
const KINDS: Readonly<Record<number, string>> = {
  0xf1: 'acknowledge',
  0xf2: 'indication-data',
  0xf3: 'control-checkback',
  0xf9: 'common-control',
  0xfa: 'acknowledge-and-poll',
  0xfb: 'poll',
  0xfc: 'control',
  0xfd: 'recall',
  0xfe: 'execute',
}

/** Genisys, of railway signals, over TCP: stations and messages. */
export const genisys: Dissector = {
  protocol: 'genisys',
  over: 'tcp',
  firstBytes: Object.keys(KINDS).map(Number),
  appetite: 64,
  looksLike,

  length(stream) {
    if (KINDS[stream.peek()] === undefined) return -1
    const { bytes, position, end } = stream
    const stop = bytes.indexOf(END, position)
    if (stop >= 0 && stop < end) return stop + 1 - position
    return stream.remaining > LONGEST ? -1 : 0
  },

  *dissect(message, context) {
    const kind = KINDS[message.u8()]
    const station = message.u8()
    if (!message.ok || kind === undefined) return
    const known = (context.state ??= new Set<number>()) as Set<number>
    yield { subject: context.from, field: 'genisys.message', value: kind }
    if (known.has(station) || known.size >= MOST_STATIONS) return
    known.add(station)
    yield { subject: 'server', field: 'genisys.station', value: String(station) }
  },
}

/** Kind, station, data, check and end mark; octets from F0 on are escaped. */
function looksLike(message: Cursor): Likeness {
  if (KINDS[message.peek()] === undefined) return 'no'
  const plain: number[] = []
  const { bytes, position, end } = message
  const stop = Math.min(end, position + LONGEST)
  for (let at = position; at < stop; at++) {
    const octet = bytes[at]!
    if (octet === END && at > position) return likenessOfPlain(plain)
    plain.push(octet === ESCAPE && at + 1 < stop ? ESCAPE | bytes[++at]! : octet)
  }
  return 'no'
}

function likenessOfPlain(plain: readonly number[]): Likeness {
  // Acknowledgements have no check.
  if (plain.length === 2) return plain[0] === 0xf1 ? 'weak' : 'no'
  if (plain.length < 4) return 'no'
  const check = plain.at(-2)! | (plain.at(-1)! << 8)
  const sum = crc16(Uint8Array.from(plain), 0, plain.length - 2, CRC16.ibm)
  return sum === check ? 'strong' : 'no'
}
