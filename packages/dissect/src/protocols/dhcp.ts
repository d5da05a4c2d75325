import { hexText, hostIp, ipText, stationMac } from '../address.ts'
import { Cursor, utf8 } from '../cursor.ts'
import type { Dissector, Fact, FactSubject, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { dhcpOptions, type DhcpOptions } from './dhcp-options.ts'

const COOKIE_AT = 236
const COOKIE = 0x63825363
/** Shortest BOOTP message without options (RFC 951). */
const BOOTP_LENGTH = 300
const MESSAGE_TYPES: readonly (string | undefined)[] = [
  'bootp',
  'discover',
  'offer',
  'request',
  'decline',
  'ack',
  'nak',
  'release',
  'inform',
  'force-renew',
  'lease-query',
  'lease-unassigned',
  'lease-unknown',
  'lease-active',
]
const ACK = 5

/** The fixed part of a message and its options (RFC 2131 §2). */
interface Message {
  readonly isFromClient: boolean
  readonly type: number
  readonly mac: string | undefined
  readonly current: string | undefined
  readonly assigned: string | undefined
  readonly relay: string | undefined
  readonly options: DhcpOptions
}

/** DHCP for IPv4 (RFC 2131, options RFC 2132), and BOOTP before it: who a client says it is, and what it is given. */
export const dhcp: Dissector = {
  protocol: 'dhcp',
  over: 'udp',
  ports: [67, 68],
  firstBytes: [1, 2],
  appetite: Infinity,

  looksLike(message) {
    const { remaining } = message
    const operation = message.u8()
    const hardware = message.u8()
    const length = message.u8()
    if (operation < 1 || operation > 2 || length > 16 || remaining < COOKIE_AT) return 'no'
    if (message.skip(COOKIE_AT - 3).u32() === COOKIE) return 'strong'
    return hardware === 1 && length === 6 && remaining >= BOOTP_LENGTH ? 'weak' : 'no'
  },

  *dissect(message, context) {
    const read = readMessage(message)
    if (read === undefined) return
    if (read.isFromClient) yield* clientFacts(read, context)
    else yield* serverFacts(read, context)
    const { relay } = read
    if (relay) yield { subject: { ip: relay }, field: 'dhcp.relay-agent', value: relay }
  },
}

function readMessage(message: Cursor): Message | undefined {
  const { bytes, position: start } = message
  const operation = message.u8()
  const hardware = message.u8()
  const length = message.u8()
  message.skip(9)
  const [current, assigned] = [hostIp(message.view(4)), hostIp(message.view(4))]
  const relay = hostIp(message.skip(4).view(4))
  const address = message.view(16)
  const names = message.position
  const hasOptions = message.skip(192).u32() === COOKIE
  if (!message.ok || operation < 1 || operation > 2) return undefined
  const overload = [
    new Cursor(bytes, names + 64, names + 192),
    new Cursor(bytes, names, names + 64),
  ]
  const options = dhcpOptions(hasOptions ? message : new Cursor(bytes, start, start), overload)
  return {
    isFromClient: operation === 1,
    type: options.values.get(53)?.[0] ?? 0,
    mac: hardware === 1 && length === 6 ? stationMac(address.subarray(0, 6)) : undefined,
    current,
    assigned,
    relay,
    options,
  }
}

function* clientFacts(message: Message, context: MessageContext): Generator<Fact> {
  const { mac, current, options, relay } = message
  const type = MESSAGE_TYPES[message.type]
  // Behind a relay the frame is the relay's; without a MAC inside there is nobody left to speak of.
  if (type === undefined || (mac === undefined && relay !== undefined)) return
  const subject = mac === undefined ? context.from : current ? { mac, ip: current } : { mac }
  const { values } = options
  const fact = (field: string, value: string | undefined) => factOf(subject, `dhcp.${field}`, value)
  yield* fact('message-type', type)
  yield* fact('options', options.order.join(','))
  yield* fact('parameter-list', values.get(55)?.join(','))
  yield* fact('vendor-class', textOf(values.get(60)))
  yield* fact('hostname', textOf(values.get(12)))
  yield* fact('fqdn', fqdnOf(values.get(81)))
  yield* fact('user-class', textOf(values.get(77)))
  yield* fact('mud-url', textOf(values.get(161)))
  yield* fact('requested-address', hostIp(values.get(50) ?? new Uint8Array(0)))
  yield* fact('max-message-size', numberOf(values.get(57)))
  yield* fact('client-architecture', numberOf(values.get(93)))
  yield* identityFacts(subject, values)
  yield* relayFacts(subject, values.get(82))
}

/** What a client carries along that no other client should have. */
function* identityFacts(
  subject: FactSubject,
  values: ReadonlyMap<number, Uint8Array>,
): Generator<Fact> {
  const id = values.get(61)
  if (id !== undefined) {
    yield* factOf(subject, 'dhcp.client-id', hexText(id, ':'))
    // RFC 4361: type 255, four bytes of interface, then the DUID that DHCPv6 uses too.
    if (id[0] === 255) yield* factOf(subject, 'dhcp.duid', hexText(id.subarray(5)))
  }
  const uuid = values.get(97)
  if (uuid?.length === 17 && uuid[0] === 0) {
    yield* factOf(subject, 'dhcp.client-uuid', uuidOf(uuid.subarray(1)))
  }
  const enterprise = new Cursor(values.get(124) ?? new Uint8Array(0))
  if (enterprise.remaining > 4) {
    yield* factOf(subject, 'dhcp.vendor-enterprise', String(enterprise.u32()))
    const length = enterprise.u8()
    yield* factOf(subject, 'dhcp.vendor-class', textOf(enterprise.view(length)))
  }
  yield* broadbandFacts(subject, new Cursor(values.get(125) ?? new Uint8Array(0)))
}

const BROADBAND_FORUM = 3561
const BROADBAND_FIELDS: Readonly<Record<number, string>> = {
  1: 'dhcp.vendor-oui',
  2: 'dhcp.serial',
  3: 'dhcp.product-class',
}

/** OUI, serial number and product class of a managed device (TR-069 annex F). */
function* broadbandFacts(subject: FactSubject, option: Cursor): Generator<Fact> {
  if (option.remaining < 5 || option.u32() !== BROADBAND_FORUM) return
  for (const [code, value] of subOptions(option.take(option.u8()))) {
    const field = BROADBAND_FIELDS[code]
    if (field) yield* factOf(subject, field, textOf(value))
  }
}

/** Where on the network a client hangs, as its switch or access point says (RFC 3046). */
function* relayFacts(subject: FactSubject, option: Uint8Array | undefined): Generator<Fact> {
  for (const [code, value] of subOptions(new Cursor(option ?? new Uint8Array(0)))) {
    if (code === 1) yield* factOf(subject, 'dhcp.circuit-id', textOrHex(value))
    if (code === 2) yield* factOf(subject, 'dhcp.remote-id', textOrHex(value))
  }
}

function* serverFacts(message: Message, context: MessageContext): Generator<Fact> {
  const { mac, options, relay } = message
  const { values } = options
  const type = MESSAGE_TYPES[message.type]
  if (type === undefined) return
  const id = hostIp(values.get(54) ?? new Uint8Array(0))
  // A relayed answer comes in a frame of the relay.
  const server = relay === undefined ? context.from : id === undefined ? undefined : { ip: id }
  if (server !== undefined) {
    const fact = (field: string, value: string | undefined) => factOf(server, field, value)
    yield* fact('dhcp.message-type', type)
    yield* fact('dhcp.router', addressesOf(values.get(3)))
    yield* fact('dhcp.name-servers', addressesOf(values.get(6)))
    yield* fact('dhcp.time-servers', addressesOf(values.get(42)))
    yield* fact('dhcp.domain', textOf(values.get(15)))
    yield* fact('dhcp.boot-server', textOf(values.get(66)))
    yield* fact('dhcp.boot-file', textOf(values.get(67)))
  }
  const ip = message.assigned ?? message.current
  if (mac === undefined || ip === undefined || (message.type !== ACK && message.type !== 0)) return
  yield { subject: { mac, ip }, field: 'dhcp.address', value: ip }
  yield* factOf({ mac, ip }, 'dhcp.lease-time', numberOf(values.get(51)))
  yield* factOf({ mac, ip }, 'dhcp.server-id', id)
}

/** Code, length and value, one after the other, at most 255 of them. */
function* subOptions(list: Cursor): Generator<readonly [number, Uint8Array]> {
  while (list.remaining >= 2) {
    const code = list.u8()
    const value = list.view(list.u8())
    if (list.ok) yield [code, value]
  }
}

function textOf(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : utf8(value.subarray(0, 512))
}

function textOrHex(value: Uint8Array): string {
  const isText = value.every((byte) => byte >= 0x20 && byte < 0x7f)
  return isText ? utf8(value) : hexText(value, ':')
}

function numberOf(value: Uint8Array | undefined): string | undefined {
  if (value?.length === 4) return String(new Cursor(value).u32())
  return value?.length === 2 ? String(new Cursor(value).u16()) : undefined
}

/** All addresses of a list, comma separated. */
function addressesOf(value: Uint8Array | undefined): string | undefined {
  const list: string[] = []
  for (let at = 0; value && at + 4 <= value.length && at < 64; at += 4) {
    list.push(ipText(value.subarray(at, at + 4)))
  }
  return list.join(',')
}

/** The name of option 81, in text or in DNS labels (RFC 4702 §2.3). */
function fqdnOf(value: Uint8Array | undefined): string | undefined {
  if (value === undefined || value.length < 4) return undefined
  if ((value[0]! & 4) === 0) return textOf(value.subarray(3))
  const labels: string[] = []
  const name = new Cursor(value, 3)
  for (let length = name.u8(); length > 0 && length < 64; length = name.u8()) {
    labels.push(name.utf8(length))
  }
  return labels.join('.')
}

/** A machine UUID as SMBIOS and PXE write it: the first three fields are little-endian (RFC 4578 §2.3). */
function uuidOf(bytes: Uint8Array): string {
  const swapped = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15].map((at) => bytes[at]!)
  const digits = hexText(Uint8Array.from(swapped))
  const cuts = [0, 8, 12, 16, 20, 32]
  return cuts
    .slice(1)
    .map((stop, at) => digits.slice(cuts[at], stop))
    .join('-')
}
