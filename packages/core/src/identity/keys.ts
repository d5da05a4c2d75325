import type { KeyKind, ObservedFact } from '../vocabulary.ts'
import { isDeviceMac, isHostIp, kindOfMac, macOfEui64 } from './address.ts'
import { memoized } from './memo.ts'

/** What a fact says, and of whom. */
export type Said = Pick<ObservedFact, 'subject' | 'field' | 'value'>

export interface Key {
  readonly key: string
  readonly kind: KeyKind
}

/**
 * Fields in which a device states its own serial number. DICOM and HL7 are not among them: an archive forwards the
 * serial of the scanner, a gateway that of the pump, and merging on those would join sender and source.
 */
const SERIAL_FIELDS = new Set([
  'bacnet.serial-number',
  'http.device-serial',
  'http.upnp-serial-number',
  'ipp.device-serial',
  'onvif.serial',
  'snmp.ent-serial',
  'snmp.serial',
])
const MAKER_FIELDS = /\.(?:(?:device-|upnp-|ups-)?manufacturer|ent-mfg-name|vendor-name)$/
const PLACEHOLDER =
  /^(?:(.)\1*|0?12345678?9?0?|0+\d|none|null|unknown|default|serial.*|tbd.*|n\/?a|to be filled.*)$/i
/** A version or a date, where a serial number should stand. */
const NO_SERIAL = /^(?:V?\d+(?:\.\d+){2,}|\d{4}-\d\d-\d\d)$/

/**
 * The keys that a fact gives, strongest first. Shared, group and broken MACs and addresses that no host holds give
 * none. A serial number is a key for look-up only, until `resolve` knows whose serial it is.
 */
export function keysOf(fact: ObservedFact): readonly Key[] {
  return [...statedKeys(fact), ...addressKeys(fact.subject)]
}

/** The keys that all facts about a subject give: its MAC, the one that its address is made from, its address. */
export function addressKeys({ mac, ip }: ObservedFact['subject']): readonly Key[] {
  const keys: Key[] = []
  if (mac !== undefined && isDeviceMac(mac)) keys.push(keyOfMac(mac))
  if (ip !== undefined && isHostIp(ip)) {
    const burntIn = macOfEui64(ip)
    if (burntIn !== undefined && burntIn !== mac) keys.push(keyOfMac(burntIn))
    keys.push({ key: `ip:${ip}`, kind: 'ip' })
  }
  return keys
}

/** Keys that the fact gives beside the addresses of its subject. */
export function furtherKeysOf(fact: Said): readonly Key[] {
  const keys = statedKeys(fact)
  const { mac, ip } = fact.subject
  const burntIn = ip === undefined ? undefined : burntInOf(ip)
  return burntIn === undefined || burntIn === mac ? keys : [...keys, keyOfMac(burntIn)]
}

/** The MAC that the address of a host is made from. Few are, so that is asked first. */
function burntInOf(ip: string): string | undefined {
  const mac = macOfEui64(ip)
  return mac !== undefined && isHostIp(ip) ? mac : undefined
}

const NO_KEYS: readonly Key[] = []

/** Keys that stand in the value: serial numbers, the chassis of a switch, the adapter behind a NetBIOS name. */
export function statedKeys({ field, value }: Said): readonly Key[] {
  if (SERIAL_FIELDS.has(field)) {
    const serial = serialOf(value)
    return serial === undefined ? NO_KEYS : [{ key: `serial:${serial}`, kind: 'serial' }]
  }
  const mac = macStatedBy(field, value)
  if (mac !== undefined) return [keyOfMac(mac)]
  if (field === 'cdp.device-id' && value.length >= 4 && !PLACEHOLDER.test(value))
    return [{ key: `hostname:cdp/${value.toLowerCase()}`, kind: 'hostname' }]
  return NO_KEYS
}

/** Fields in which a device gives a burnt-in address of its own, be it of another of its interfaces. */
const OWN_MAC_FIELDS = new Set([
  'lldp.chassis-id',
  'nbns.unit-id',
  'snmp.bridge-address',
  'snmp.interface-mac',
])

function macStatedBy(field: string, value: string): string | undefined {
  if (!OWN_MAC_FIELDS.has(field)) return undefined
  const mac = value.toLowerCase()
  return kindOfMac(mac) === 'universal' ? mac : undefined
}

/** Serial number as it is compared, or undefined when it is too short or too plain to tell devices apart. */
export function serialOf(value: string): string | undefined {
  const serial = value.trim().toUpperCase()
  const isLong = serial.length >= 7 || (serial.length >= 5 && /[A-Z]/.test(serial))
  const isReal = /\d/.test(serial) && !PLACEHOLDER.test(serial) && !NO_SERIAL.test(serial)
  return isLong && isReal ? serial : undefined
}

/** Does this field name the maker of its subject? */
export const isMakerField: (field: string) => boolean = memoized(
  (field) => MAKER_FIELDS.test(field) && !/^(?:dicom|fhir|hl7)\./.test(field),
)

/** DHCP fields about the server that answered, perhaps through routers; all others are about `chaddr`. */
const DHCP_SERVER_FIELDS =
  /^dhcp\.(?:boot-file|boot-server|domain|message-type|name-servers|relay-agent|router|time-servers)$/

/**
 * Does the fact prove that the MAC itself holds the address? ARP, answers of neighbour discovery, DHCP and packets that
 * cannot have crossed a router (`ip.address`) say so; mDNS and LLMNR stay on the link. In all other traffic the MAC may be that of the last router.
 */
export function isBinding({ subject, field }: ObservedFact): boolean {
  if (subject.mac === undefined || subject.ip === undefined) return false
  return isBindingField(field)
}

const isBindingField = memoized((field) => {
  if (field.startsWith('dhcp.')) return !DHCP_SERVER_FIELDS.test(field)
  return field === 'ip.address' || field === 'ndp.address' || /^(?:arp|mdns|llmnr)\./.test(field)
})

/** A DHCP server gave the address: what the device had before has ended. */
export function isLease({ field }: ObservedFact): boolean {
  return field === 'dhcp.address' || field === 'dhcp.lease-time'
}

/** So many source addresses behind one MAC are not one host's, however many temporary ones it has. */
const MANY_SOURCES = 16

/** The sensor counted many sources behind the MAC: it forwards for them. */
export function isGatewaySign({ subject, field, value }: Said): boolean {
  return subject.mac !== undefined && field === 'mac.sources' && Number(value) >= MANY_SOURCES
}

function keyOfMac(mac: string): Key {
  return { key: `mac:${mac}`, kind: 'mac' }
}
