import { hostIp } from '../address.ts'
import { utf8, type Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'

const MOST_TLVS = 128
const MOST_ADDRESSES = 16

/** TLVs that are text as they are. */
const TEXT_FIELDS: Readonly<Record<number, string>> = {
  0x01: 'cdp.device-id',
  0x03: 'cdp.port-id',
  0x05: 'cdp.software',
  0x06: 'cdp.platform',
  0x09: 'cdp.vtp-domain',
  0x14: 'cdp.system-name',
}

const ADDRESS_FIELDS: Readonly<Record<number, string>> = {
  0x02: 'cdp.address',
  0x16: 'cdp.management-address',
}

/** Bits of the capabilities, lowest first. */
const CAPABILITIES: readonly string[] = [
  'router',
  'transparent-bridge',
  'source-route-bridge',
  'switch',
  'host',
  'igmp',
  'repeater',
  'phone',
  'remotely-managed',
  'cast',
  'two-port-relay',
]

/** Cisco Discovery Protocol, versions 1 and 2: what a switch, phone or access point says it is. */
export const cdp: Dissector = {
  protocol: 'cdp',
  over: 'ethernet',
  etherTypes: [0x00000c2000],
  appetite: Infinity,

  looksLike(message) {
    const version = message.u8()
    const type = message.skip(3).u16()
    const length = message.u16()
    const isSane = version >= 1 && version <= 2 && type > 0 && type < 0x100 && length >= 4
    return message.ok && isSane ? 'strong' : 'no'
  },

  *dissect(message) {
    message.skip(4)
    for (let left = MOST_TLVS; left > 0 && message.remaining >= 4; left--) {
      const type = message.u16()
      const length = message.u16()
      // What is left of a frame is padding.
      if (length < 4) return
      const body = message.take(length - 4)
      if (body.ok) yield* tlvFacts(type, body)
    }
  },
}

function* tlvFacts(type: number, body: Cursor): Generator<Fact> {
  const textField = TEXT_FIELDS[type]
  const addressField = ADDRESS_FIELDS[type]
  if (textField !== undefined) {
    yield* factOf('client', textField, utf8(body.view(body.remaining)))
  } else if (addressField !== undefined) {
    for (const ip of addresses(body)) yield* factOf('client', addressField, ip)
  } else if (type === 0x04) {
    const bits = body.u32()
    const names = CAPABILITIES.filter((_, at) => ((bits >>> at) & 1) === 1)
    yield* factOf('client', 'cdp.capabilities', names.join(','))
  } else if (type === 0x0a || type === 0x0e) {
    // The voice VLAN has a byte in front that says whose traffic it is for.
    const vlan = type === 0x0a ? body.u16() : body.skip(1).u16()
    const field = type === 0x0a ? 'cdp.native-vlan' : 'cdp.voice-vlan'
    if (vlan > 0 && vlan < 4096) yield* factOf('client', field, String(vlan))
  } else if (type === 0x10) {
    const milliwatts = body.u16()
    if (body.ok) yield* factOf('client', 'cdp.power-consumption', String(milliwatts))
  } else if (type === 0x17) {
    yield* factOf('client', 'cdp.location', body.skip(1).utf8(body.remaining))
  }
}

/** Count, then for each address: kind and length of the protocol id, the id, length of the address, the address. */
function* addresses(body: Cursor): Generator<string> {
  for (let left = Math.min(body.u32(), MOST_ADDRESSES); left > 0 && body.ok; left--) {
    body.skip(1)
    body.skip(body.u8())
    const ip = hostIp(body.view(body.u16()))
    if (body.ok && ip !== undefined) yield ip
  }
}
