import { hostIp, stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'

const HEADER_LENGTH = 16
const MARKER = 0x99
const MOST_TLVS = 128

const TLV = { end: 0, display: 1, info: 2, vlan: 5 } as const

/** Extreme Discovery Protocol: what an Extreme switch says it is. */
export const edp: Dissector = {
  protocol: 'edp',
  over: 'ethernet',
  etherTypes: [0x00e02b00bb],
  appetite: Infinity,

  looksLike(message) {
    const available = message.remaining
    const version = message.u8()
    const length = message.skip(1).u16()
    const isSane = version === 1 && length >= HEADER_LENGTH && length <= available
    const isBare = length === HEADER_LENGTH
    return isSane && (isBare || message.peek(HEADER_LENGTH - 4) === MARKER) ? 'strong' : 'no'
  },

  *dissect(message) {
    const length = message.skip(2).u16()
    // Checksum, sequence number.
    const machineType = message.skip(4).u16()
    const mac = stationMac(message.view(6))
    const tlvs = message.take(length - HEADER_LENGTH)
    if (!message.ok) return
    if (machineType === 0) yield* factOf('client', 'edp.machine-id', mac)
    for (let left = MOST_TLVS; left > 0 && tlvs.remaining >= 4; left--) {
      const marker = tlvs.u8()
      const type = tlvs.u8()
      const body = tlvs.take(tlvs.u16() - 4)
      if (marker !== MARKER || !body.ok || type === TLV.end) return
      yield* tlvFacts(type, body)
    }
  },
}

function* tlvFacts(type: number, body: Cursor): Generator<Fact> {
  if (type === TLV.display) yield* factOf('client', 'edp.name', textOf(body))
  else if (type === TLV.info) yield* infoFacts(body)
  else if (type === TLV.vlan) yield* vlanFacts(body)
}

/** Slot, port, the chassis of a stack, six octets without meaning, version. */
function* infoFacts(body: Cursor): Generator<Fact> {
  const slot = body.u16()
  const port = body.u16()
  const version = body.skip(8).view(4)
  if (!body.ok) return
  // Both count from zero; people, and what is printed on the switch, count from one.
  yield* factOf('client', 'edp.slot-port', `${slot + 1}/${port + 1}`)
  yield* factOf('client', 'edp.software-version', version.join('.'))
}

/** Flags, number, the switch's address in the VLAN, name. */
function* vlanFacts(body: Cursor): Generator<Fact> {
  const id = body.skip(2).u16()
  const ip = hostIp(body.skip(4).view(4))
  if (!body.ok) return
  const name = textOf(body)
  yield* factOf('client', 'edp.vlan', id === 0 ? name : `${id} ${name}`)
  yield* factOf('client', 'edp.address', ip)
}

/** Text up to its NUL. */
function textOf(body: Cursor): string {
  return body.utf8(body.remaining).split('\0', 1)[0]!
}
