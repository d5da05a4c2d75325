import { hexText, hostIp, ipText, stationMac } from '../address.ts'
import { utf8, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, FactSubject, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { nameText, readName } from './dns-message.ts'

const PORTS: readonly number[] = [546, 547]
const MESSAGE_TYPES: readonly (string | undefined)[] = [
  undefined,
  'solicit',
  'advertise',
  'request',
  'confirm',
  'renew',
  'rebind',
  'reply',
  'release',
  'decline',
  'reconfigure',
  'information-request',
  'relay-forward',
  'relay-reply',
  'leasequery',
  'leasequery-reply',
]
const REPLY = 7
/** Advertise, reply, reconfigure: said by servers. */
const SERVER_TYPES: readonly number[] = [2, REPLY, 10]
const RELAY_FORWARD = 12
const RELAY_REPLY = 13
/** Asked and answered about others (RFC 5007): what stands in it is true of neither end. */
const LEASE_QUERY = 14
const LEASE_QUERY_REPLY = 15

const MOST_OPTIONS = 64
/** Relays that may stand one behind the other (RFC 8415 §7.6). */
const MOST_RELAYS = 8

type Options = readonly (readonly [code: number, value: Cursor])[]

/** DHCP for IPv6 (RFC 8415): who a client says it is, and what it is given. */
export const dhcpv6: Dissector = {
  protocol: 'dhcpv6',
  over: 'udp',
  ports: PORTS,
  firstBytes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  appetite: Infinity,

  looksLike(message, { clientPort, serverPort }) {
    const type = message.u8()
    if (MESSAGE_TYPES[type] === undefined) return 'no'
    message.skip(isRelay(type) ? 33 : 3)
    const options = readOptions(message)
    const isWhole =
      message.ok && options.length > 0 && options.every(([code]) => code > 0 && code < 256)
    const isPort = PORTS.includes(serverPort) || PORTS.includes(clientPort)
    return isWhole && isPort ? 'strong' : 'no'
  },

  *dissect(message, context) {
    let subject: FactSubject = context.from
    let inner = message
    let isRelayed = false
    for (let left = MOST_RELAYS; left > 0 && isRelay(inner.peek()); left--) {
      const relayed = readRelay(inner)
      if (relayed === undefined) return
      yield* relayed.facts
      subject = relayed.client
      inner = relayed.inner
      isRelayed = true
    }
    const type = inner.u8()
    const name = MESSAGE_TYPES[type]
    const options = readOptions(inner.skip(3))
    if (name === undefined || !inner.ok) return
    if (type === LEASE_QUERY || type === LEASE_QUERY_REPLY) {
      yield* factOf(context.from, 'dhcpv6.message-type', name)
      return
    }
    if (SERVER_TYPES.includes(type)) {
      yield* serverFacts(type, options, isRelayed ? subject : undefined, context)
    } else {
      yield* factOf(subject, 'dhcpv6.message-type', name)
      yield* clientFacts(options, subject)
    }
  },
}

function isRelay(type: number): boolean {
  return type === RELAY_FORWARD || type === RELAY_REPLY
}

interface Relayed {
  readonly client: FactSubject
  readonly inner: Cursor
  readonly facts: readonly Fact[]
}

/** What a relay wraps around a message: the client's address, where it hangs, and its MAC (RFC 6939). */
function readRelay(message: Cursor): Relayed | undefined {
  const type = message.u8()
  const ip = hostIp(message.skip(17).view(16))
  const options = new Map(readOptions(message))
  const inner = options.get(9)
  const mac = stationMac(options.get(79)?.skip(2).view(6) ?? new Uint8Array(0))
  if (!message.ok || type > RELAY_REPLY || inner === undefined || ip === undefined) return undefined
  const client = mac === undefined ? { ip } : { mac, ip }
  const circuit = options.get(18)
  const remote = options.get(37)
  const facts = [
    ...factOf(client, 'dhcpv6.interface-id', circuit && textOrHex(circuit)),
    ...factOf(client, 'dhcpv6.remote-id', remote && textOrHex(remote.skip(4))),
  ]
  return { client, inner, facts }
}

function readOptions(message: Cursor): Options {
  const options: (readonly [number, Cursor])[] = []
  while (message.remaining > 0 && options.length < MOST_OPTIONS) {
    const code = message.u16()
    const value = message.take(message.u16())
    if (message.ok) options.push([code, value])
  }
  return options
}

function* clientFacts(options: Options, subject: FactSubject): Generator<Fact> {
  yield* factOf(subject, 'dhcpv6.options', options.map(([code]) => code).join(','))
  for (const [code, value] of options) {
    if (code === 1) yield* duidFacts(value.view(value.remaining), subject)
    else if (code === 6) yield* factOf(subject, 'dhcpv6.parameter-list', numbers(value).join(','))
    else if (code === 15) yield* factOf(subject, 'dhcpv6.user-class', value.utf8(value.u16()))
    else if (code === 16) {
      yield* factOf(subject, 'dhcpv6.vendor-enterprise', String(value.u32()))
      yield* factOf(subject, 'dhcpv6.vendor-class', value.utf8(value.u16()))
    } else if (code === 39) {
      value.skip(1)
      yield* factOf(subject, 'dhcpv6.fqdn', nameText(partialName(value)))
    } else if (code === 112) {
      yield* factOf(subject, 'dhcpv6.mud-url', utf8(value.view(value.remaining)))
    }
  }
}

/** A name of which the root may be left out when it is no whole name (RFC 4704 §4.2). */
function partialName(value: Cursor): readonly string[] {
  const isWhole = value.bytes[value.end - 1] === 0
  if (isWhole) return readName(value, value.position)
  const labels: string[] = []
  while (value.remaining > 0) labels.push(value.utf8(value.u8()))
  return labels
}

/** The lasting name of a client; types 1 and 3 carry a MAC of one of its interfaces (RFC 8415 §11). */
function* duidFacts(duid: Uint8Array, subject: FactSubject): Generator<Fact> {
  yield* factOf(subject, 'dhcpv6.duid', hexText(duid.subarray(0, 130)))
  const type = ((duid[0] ?? 0) << 8) | (duid[1] ?? 0)
  const isEthernet = duid[2] === 0 && duid[3] === 1
  if ((type === 1 || type === 3) && isEthernet) {
    yield* factOf(subject, 'dhcpv6.duid-mac', stationMac(duid.subarray(type === 1 ? 8 : 4)))
  }
}

function* serverFacts(
  type: number,
  options: Options,
  client: FactSubject | undefined,
  { from }: MessageContext,
): Generator<Fact> {
  // A relayed answer comes in a frame of the relay, or goes to it.
  if (client === undefined) {
    yield* factOf(from, 'dhcpv6.message-type', MESSAGE_TYPES[type])
    const servers = options.find(([code]) => code === 23)?.[1]
    yield* factOf(from, 'dhcpv6.name-servers', servers && addresses(servers).join(','))
  }
  if (type !== REPLY) return
  const receiver: Side = from === 'client' ? 'server' : 'client'
  const duid = options.find(([code]) => code === 1)?.[1]
  const id = duid?.view(duid.remaining)
  for (const ip of leased(options)) {
    yield* factOf(client ?? receiver, 'dhcpv6.address', ip)
    if (id !== undefined) yield* duidFacts(id, { ip })
  }
}

/** Addresses in the answers for lasting and for temporary addresses (RFC 8415 §21.4 to §21.6). */
function* leased(options: Options): Generator<string> {
  for (const [code, value] of options) {
    if (code !== 3 && code !== 4) continue
    for (const [inner, address] of readOptions(value.skip(code === 3 ? 12 : 4))) {
      const ip = inner === 5 ? hostIp(address.view(16)) : undefined
      // A lifetime of zero takes the address away.
      if (ip !== undefined && address.skip(4).u32() > 0) yield ip
    }
  }
}

function numbers(value: Cursor): number[] {
  const list: number[] = []
  while (value.remaining >= 2 && list.length < 128) list.push(value.u16())
  return list
}

function addresses(value: Cursor): string[] {
  const list: string[] = []
  while (value.remaining >= 16 && list.length < 8) list.push(ipText(value.view(16)))
  return list
}

function textOrHex(value: Cursor): string {
  const bytes = value.view(value.remaining)
  const isText = bytes.every((byte) => byte >= 0x20 && byte < 0x7f)
  return isText ? utf8(bytes) : hexText(bytes, ':')
}
