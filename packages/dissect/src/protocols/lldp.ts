import { hexText, hostIp } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { organizationFacts } from './lldp-organization.ts'

const END = 0
const CHASSIS = 1
const PORT = 2
const MOST_TLVS = 128

/** TLVs that are text as they are. */
const TEXT_FIELDS: Readonly<Record<number, string>> = {
  4: 'lldp.port-description',
  5: 'lldp.system-name',
  6: 'lldp.system-description',
}

/** Bits of the capabilities, lowest first (IEEE 802.1AB-2016 table 8-4). */
const CAPABILITIES: readonly string[] = [
  'other',
  'repeater',
  'bridge',
  'wlan-access-point',
  'router',
  'telephone',
  'docsis',
  'station',
  'c-vlan',
  's-vlan',
  'two-port-relay',
]

/** LLDP (IEEE 802.1AB) with the extensions of 802.1, 802.3, MED and MUD: what a neighbour says it is. */
export const lldp: Dissector = {
  protocol: 'lldp',
  over: 'ethernet',
  etherTypes: [0x88cc],
  appetite: Infinity,

  looksLike(message) {
    const chassis = message.u16()
    message.skip(chassis & 0x1ff)
    const port = message.u16()
    const isInOrder = chassis >> 9 === CHASSIS && port >> 9 === PORT
    return message.ok && isInOrder ? 'strong' : 'no'
  },

  *dissect(message) {
    for (let left = MOST_TLVS; left > 0 && message.remaining > 0; left--) {
      const head = message.u16()
      const body = message.take(head & 0x1ff)
      if (!message.ok || head >> 9 === END) return
      yield* tlvFacts(head >> 9, body)
    }
  },
}

function* tlvFacts(type: number, body: Cursor): Generator<Fact> {
  const textField = TEXT_FIELDS[type]
  if (textField !== undefined) {
    yield* factOf('client', textField, body.utf8(body.remaining))
  } else if (type === CHASSIS) {
    const subtype = body.u8()
    yield* factOf('client', 'lldp.chassis-id', idText(body, subtype === 4, subtype === 5))
  } else if (type === PORT) {
    const subtype = body.u8()
    yield* factOf('client', 'lldp.port-id', idText(body, subtype === 3, subtype === 4))
  } else if (type === 7) {
    body.skip(2)
    yield* factOf('client', 'lldp.capabilities', capabilityNames(body.u16()))
  } else if (type === 8) {
    yield* factOf('client', 'lldp.management-address', networkAddress(body.take(body.u8())))
  } else if (type === 127) {
    yield* organizationFacts(body)
  }
}

/** An identifier: a MAC, an address with its family before it, else text, or hexadecimal where it is no text. */
function idText(body: Cursor, isMac: boolean, isAddress: boolean): string | undefined {
  if (isAddress) return networkAddress(body)
  const bytes = body.view(body.remaining)
  const isText = !isMac && bytes.every((byte) => byte >= 0x20 || byte === 0)
  return isText ? String.fromCharCode(...bytes) : hexText(bytes, ':')
}

/** The host of an address of family 1 (IPv4), 2 (IPv6) or 6 (MAC) (IANA address family numbers). */
function networkAddress(body: Cursor): string | undefined {
  const family = body.u8()
  const bytes = body.view(body.remaining)
  return family === 6 ? hexText(bytes, ':') : hostIp(bytes)
}

function capabilityNames(bits: number): string {
  return CAPABILITIES.filter((_, at) => ((bits >> at) & 1) === 1).join(',')
}
