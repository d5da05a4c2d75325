import { hostIp, stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'

const DISCOVER = 0x01
const ANSWER = 0x80
const FOUND = 0x81
const NAME = 0x90
const SERIAL = 0x96
/** Answers that are read, with their whole length. */
const LENGTH: Readonly<Record<number, number>> = { [FOUND]: 24, [NAME]: 60, [SERIAL]: 36 }
const MAKER = [0x00, 0x90, 0xe8]

/** Discovery of Moxa NPort serial gateways over UDP: model, MAC, address, name, serial number. */
export const moxa: Dissector = {
  protocol: 'moxa',
  over: 'udp',
  ports: [4800, 29_168],
  firstBytes: [DISCOVER, FOUND, NAME, SERIAL],
  appetite: 16,
  looksLike,

  *dissect(message, { from }): Generator<Fact> {
    const kind = message.u8()
    const size = message.skip(1).u16()
    const isWhole = size === message.remaining + 4
    message.skip(4)
    if (kind === DISCOVER && isWhole) {
      yield { subject: from, field: 'moxa.request', value: 'discover' }
    }
    if (LENGTH[kind] !== size || !isWhole) return void message.skip(message.remaining)
    const model = message.skip(4).u16le().toString(16).padStart(4, '0')
    const mac = stationMac(message.view(6))
    const ip = kind === FOUND ? hostIp(message.view(4)) : undefined
    const subject = mac === undefined ? from : ip === undefined ? { mac } : { mac, ip }
    yield { subject, field: 'moxa.model-id', value: model }
    if (ip !== undefined) yield { subject, field: 'moxa.address', value: ip }
    if (kind === NAME) yield* factOf(subject, 'moxa.name', message.text(40))
    if (kind === SERIAL) yield* factOf(subject, 'moxa.serial', String(message.skip(8).u16le()))
    message.skip(message.remaining)
  },
}

/** An answer of the right length that holds a MAC of the maker; all others need their port. */
function looksLike(message: Cursor): Likeness {
  const kind = message.peek()
  const size = (message.peek(2) << 8) | message.peek(3)
  if (size !== message.remaining || message.peek(1) !== 0) return 'no'
  if (kind === DISCOVER) return size === 8 ? 'weak' : 'no'
  if ((kind & ANSWER) === 0 || LENGTH[kind] !== size) return 'no'
  return MAKER.every((byte, at) => message.peek(14 + at) === byte) ? 'strong' : 'weak'
}
