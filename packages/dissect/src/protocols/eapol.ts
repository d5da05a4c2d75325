import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'

const MOST_METHODS = 16
const MOST_VERSION = 3

const PACKET = { eap: 0, start: 1, logoff: 2, key: 3 } as const
/** Packet types (IEEE 802.1X-2020 table 11-3). */
const TYPES: Readonly<Record<number, string>> = {
  [PACKET.eap]: 'eap',
  [PACKET.start]: 'start',
  [PACKET.logoff]: 'logoff',
  [PACKET.key]: 'key',
  4: 'asf-alert',
  5: 'mka',
  6: 'announcement',
  7: 'announcement',
  8: 'announcement-request',
}

const RESPONSE = 2
/** Codes of EAP and who says them (RFC 3748 §4). */
const ROLES: Readonly<Record<number, string>> = {
  1: 'authenticator',
  [RESPONSE]: 'supplicant',
  3: 'authenticator',
  4: 'authenticator',
}

const IDENTITY = 1
const NAK = 3
const EXPANDED = 254
/** Methods of EAP by type (IANA registry of EAP method types). */
const METHODS: Readonly<Record<number, string>> = {
  4: 'md5',
  5: 'otp',
  6: 'gtc',
  13: 'tls',
  17: 'leap',
  18: 'sim',
  21: 'ttls',
  23: 'aka',
  25: 'peap',
  26: 'mschapv2',
  43: 'fast',
  47: 'psk',
  48: 'sake',
  49: 'ikev2',
  50: 'aka-prime',
  51: 'gpsk',
  52: 'pwd',
  53: 'eke',
  55: 'teap',
}
/** Vendor and type of Wi-Fi Protected Setup. */
const WFA = 0x00372a
const WPS = 1

/** Port-based access control (IEEE 802.1X): who asks to be let in, and by what method. Keys and users are not read. */
export const eapol: Dissector = {
  protocol: 'eapol',
  over: 'ethernet',
  // The second is for those who roam: before they leave one access point they are let in by the next.
  etherTypes: [0x888e, 0x88c7],
  appetite: Infinity,

  looksLike(message) {
    const version = message.u8()
    const type = TYPES[message.u8()]
    const length = message.u16()
    const isSane = version >= 1 && version <= MOST_VERSION && type !== undefined
    return message.ok && isSane && length <= message.remaining ? 'strong' : 'no'
  },

  *dissect(message) {
    const version = message.u8()
    const type = message.u8()
    const body = message.take(message.u16())
    if (!message.ok) return
    yield* factOf('client', 'eapol.version', String(version))
    yield* factOf('client', 'eapol.type', TYPES[type])
    if (type === PACKET.start || type === PACKET.logoff) yield* roleFact('supplicant')
    if (type === PACKET.eap) yield* eapFacts(body)
  },
}

/** Code, identifier, length, and for requests and responses a type and its data (RFC 3748 §4). */
function* eapFacts(body: Cursor): Generator<Fact> {
  const code = body.u8()
  const data = body.skip(1).take(body.u16() - 4)
  if (!data.ok) return
  yield* roleFact(ROLES[code])
  if (code > RESPONSE) return
  const type = data.u8()
  if (code === RESPONSE && type === IDENTITY) yield* identityFact(data)
  else if (code === RESPONSE && type === NAK) yield* wantedFacts(data)
  else yield* factOf('client', 'eapol.method', methodOf(type, data))
}

function roleFact(role: string | undefined): Fact[] {
  return factOf('client', 'eapol.role', role)
}

/** Windows gives a computer's name as `host/NAME`. All else may be the name of a person. */
function* identityFact(data: Cursor): Generator<Fact> {
  if (!data.startsWith('host/')) return
  yield* factOf('client', 'eapol.identity', data.utf8(data.remaining).split('\0', 1)[0])
}

/** A refusal lists what would be taken instead; none at all is a zero (RFC 3748 §5.3.1). */
function* wantedFacts(data: Cursor): Generator<Fact> {
  for (let left = MOST_METHODS; left > 0 && data.remaining > 0; left--) {
    yield* factOf('client', 'eapol.method', METHODS[data.u8()])
  }
}

function methodOf(type: number, data: Cursor): string | undefined {
  if (type !== EXPANDED) return METHODS[type]
  return data.u24() === WFA && data.u32() === WPS ? 'wps' : undefined
}
