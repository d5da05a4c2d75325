import { stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'

const IANA = 0x00005e
const PROFIBUS = 0x000ecf
const IEEE_802_1 = 0x0080c2
const IEEE_802_3 = 0x00120f
const MED = 0x0012bb

/** MED inventory strings (ANSI/TIA-1057 §10.2.6). */
const MED_FIELDS: Readonly<Record<number, string>> = {
  5: 'lldp.hardware',
  6: 'lldp.firmware',
  7: 'lldp.software',
  8: 'lldp.serial',
  9: 'lldp.manufacturer',
  10: 'lldp.model',
  11: 'lldp.asset-id',
}

const MED_CLASSES: Readonly<Record<number, string>> = {
  1: 'generic-endpoint',
  2: 'media-endpoint',
  3: 'communication-device',
  4: 'network-connectivity',
}

const MED_APPLICATIONS: Readonly<Record<number, string>> = {
  1: 'voice',
  2: 'voice-signaling',
  3: 'guest-voice',
  4: 'guest-voice-signaling',
  5: 'softphone-voice',
  6: 'video-conferencing',
  7: 'streaming-video',
  8: 'video-signaling',
}

/** Parts of a civic address that say where in the house a port is (RFC 4776 §3.4). */
const CIVIC_FIELDS: Readonly<Record<number, string>> = {
  25: 'lldp.building',
  26: 'lldp.unit',
  27: 'lldp.floor',
  28: 'lldp.room',
}

/** Facts of an organizationally specific TLV: OUI, subtype, contents (IEEE 802.1AB-2016 §8.6). */
export function* organizationFacts(body: Cursor): Generator<Fact> {
  const organization = body.u24()
  const subtype = body.u8()
  if (!body.ok) return
  if (organization === MED) yield* medFacts(subtype, body)
  else if (organization === IEEE_802_1) yield* vlanFacts(subtype, body)
  else if (organization === IEEE_802_3) yield* linkFacts(subtype, body)
  else if (organization === PROFIBUS && subtype === 5) {
    yield* factOf('client', 'lldp.profinet-mac', stationMac(body.view(6)))
  } else if (organization === IANA && subtype === 1) {
    yield* factOf('client', 'lldp.mud-url', body.text(body.remaining))
  }
}

function* vlanFacts(subtype: number, body: Cursor): Generator<Fact> {
  const vlan = body.u16()
  if (!body.ok) return
  if (subtype === 1 && vlan > 0) yield* factOf('client', 'lldp.port-vlan', String(vlan))
  if (subtype === 3) {
    yield* factOf('client', 'lldp.vlan-name', `${vlan} ${body.utf8(body.u8())}`)
  }
}

function* linkFacts(subtype: number, body: Cursor): Generator<Fact> {
  if (subtype === 1) {
    const mau = body.skip(3).u16()
    if (body.ok) yield* factOf('client', 'lldp.mau-type', String(mau))
  } else if (subtype === 2) {
    const isSource = (body.u8() & 1) === 1
    const powerClass = body.skip(1).u8()
    if (!body.ok) return
    yield* factOf('client', 'lldp.power-role', isSource ? 'source' : 'device')
    if (powerClass > 0) yield* factOf('client', 'lldp.power-class', String(powerClass - 1))
  }
}

function* medFacts(subtype: number, body: Cursor): Generator<Fact> {
  const field = MED_FIELDS[subtype]
  if (field !== undefined) {
    yield* factOf('client', field, body.utf8(body.remaining))
  } else if (subtype === 1) {
    yield* factOf('client', 'lldp.med-class', MED_CLASSES[body.skip(2).u8()])
  } else if (subtype === 2) {
    const application = MED_APPLICATIONS[body.u8()]
    const policy = body.u24()
    const vlan = (policy >> 9) & 0xfff
    // The top bit: the policy is unknown, so the rest says nothing.
    const isKnown = body.ok && policy < 0x800000 && vlan > 0 && application !== undefined
    if (isKnown) yield* factOf('client', 'lldp.med-vlan', `${application} ${vlan}`)
  } else if (subtype === 3 && body.u8() === 2) {
    yield* civicFacts(body.take(body.u8()))
  }
}

/** What the address is of, country, then its parts one after the other. */
function* civicFacts(address: Cursor): Generator<Fact> {
  address.skip(3)
  while (address.remaining >= 2) {
    const field = CIVIC_FIELDS[address.u8()]
    const part = address.take(address.u8())
    if (part.ok && field !== undefined) yield* factOf('client', field, part.utf8(part.remaining))
  }
}
