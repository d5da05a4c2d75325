import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, FactSubject, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { addressOf } from './dns.ts'
import {
  characterStrings,
  dnsLikeness,
  nameText,
  readDnsMessage,
  readName,
  TYPE,
  type DnsQuestion,
  type DnsRecord,
} from './dns-message.ts'

const PORT = 5353
const MOST_FACTS = 128

/** Keys of TXT records that tell what a device is; everything else there may be private. */
const TXT_KEYS: ReadonlySet<string> = new Set([
  'am',
  'bridgeid',
  'deviceid',
  'fn',
  'fv',
  'fw',
  'fwversion',
  'gid',
  'hwversion',
  'id',
  'mac',
  'manufacturer',
  'md',
  'mdl',
  'mf',
  'mfg',
  'mn',
  'model',
  'modelid',
  'modelname',
  'name',
  'nm',
  'note',
  'os',
  'osvers',
  'osxvers',
  'platform',
  'product',
  'rmodel',
  'serial',
  'serialnumber',
  'sn',
  'srcvers',
  'swversion',
  'ty',
  'type',
  'usb_mdl',
  'usb_mfg',
  'uuid',
  'vendor',
  'version',
  'vs',
])

/** Multicast DNS and DNS-based service discovery (RFC 6762, RFC 6763): a device's own name, services and model. */
export const mdns: Dissector = {
  protocol: 'mdns',
  over: 'udp',
  ports: [PORT],
  appetite: Infinity,

  looksLike(message, { clientPort, serverPort }) {
    const isPort = serverPort === PORT || (clientPort === PORT && serverPort !== 53)
    return isPort ? dnsLikeness(message, 255) : 'no'
  },

  *dissect(cursor, { from }) {
    const message = readDnsMessage(cursor)
    const { start, isResponse, questions, answers, authorities, additionals } = message
    // Answers inside a question are what the asker has heard of others; its authorities are names that it is about
    // to claim for itself (RFC 6762 §7.1, §8.2).
    const own = isResponse ? [...answers, ...additionals] : authorities
    if (!isResponse) yield* questionFacts(questions, from)
    let left = MOST_FACTS
    for (const fact of recordFacts(own, start, from)) {
      if (left-- === 0) return
      yield fact
    }
  },
}

function* questionFacts(questions: readonly DnsQuestion[], from: Side): Generator<Fact> {
  for (const { labels, type } of questions) {
    const service = type === TYPE.PTR ? serviceOf(labels) : undefined
    if (service !== undefined) yield* factOf(from, 'mdns.query', service)
  }
}

function* recordFacts(records: readonly DnsRecord[], start: number, from: Side): Generator<Fact> {
  const owners = ownersOf(records, start, from)
  for (const record of records) {
    const { labels, type, data } = record
    const owner = owners.ofRecord(labels)
    if (type === TYPE.A || type === TYPE.AAAA) {
      yield* nameFacts(record, owners.areMany ? undefined : from)
    } else if (type === TYPE.PTR) {
      yield* pointerFacts(labels, readName(data, start), owners)
    } else if (type === TYPE.SRV) {
      yield* instanceFacts(labels, owner)
    } else if (type === TYPE.TXT) {
      yield* textFacts(data, owner)
    } else if (type === TYPE.HINFO) {
      const [hardware, system] = characterStrings(data)
      yield* factOf(owner, 'mdns.hardware', hardware?.utf8(hardware.remaining))
      yield* factOf(owner, 'mdns.os', system?.utf8(system.remaining))
    }
  }
}

/** Whom the records of one message belong to. */
interface Owners {
  /** True when the message speaks of several hosts, as one does that a gateway carried over or a proxy sends. */
  readonly areMany: boolean
  ofRecord(labels: readonly string[]): FactSubject
}

/**
 * Everything belongs to the sender, unless addresses of several hosts are in the message: then a record belongs to the
 * address of its own host, which for a service its SRV record names.
 */
function ownersOf(records: readonly DnsRecord[], start: number, from: FactSubject): Owners {
  const addresses = new Map<string, string>()
  const hosts = new Map<string, string>()
  for (const { labels, type, data } of records) {
    const key = nameText(labels).toLowerCase()
    const at = data.position
    const ip = addressOf(type, data)
    if (ip !== undefined && !addresses.has(key)) addresses.set(key, ip)
    if (type === TYPE.SRV) {
      hosts.set(key, nameText(readName(data.skip(6), start)).toLowerCase())
    }
    data.position = at
  }
  const areMany = addresses.size > 1
  return {
    areMany,
    ofRecord(labels) {
      if (!areMany) return from
      const key = nameText(labels).toLowerCase()
      const ip = addresses.get(hosts.get(key) ?? key)
      return ip === undefined ? from : { ip }
    },
  }
}

/** The name of an address, said of the address and of its owner. */
function* nameFacts(
  { labels, type, data }: DnsRecord,
  owner: FactSubject | undefined,
): Generator<Fact> {
  const ip = addressOf(type, data)
  if (ip === undefined || labels.at(-1)?.toLowerCase() !== 'local') return
  const name = nameText(labels)
  yield* factOf({ ip }, 'mdns.hostname', name)
  if (owner !== undefined) yield* factOf(owner, 'mdns.hostname', name)
}

function* pointerFacts(
  labels: readonly string[],
  target: readonly string[],
  owners: Owners,
): Generator<Fact> {
  // The list of all service types points to types; a type points to its instances.
  const isList = labels[0] === '_services' && labels[1] === '_dns-sd'
  const service = serviceOf(isList ? target : labels)
  if (service === undefined) return
  yield* factOf(owners.ofRecord(target), 'mdns.service', service)
  if (!isList) yield* instanceFacts(target, owners.ofRecord(target))
}

function* instanceFacts(labels: readonly string[], owner: FactSubject): Generator<Fact> {
  const service = serviceOf(labels.slice(1))
  if (service === undefined) return
  yield* factOf(owner, 'mdns.service', service)
  yield* factOf(owner, 'mdns.instance', labels[0])
}

function* textFacts(data: Cursor, owner: FactSubject): Generator<Fact> {
  for (const pair of characterStrings(data)) {
    const text = pair.utf8(pair.remaining)
    const equals = text.indexOf('=')
    const key = text.slice(0, Math.max(0, equals)).toLowerCase()
    if (!TXT_KEYS.has(key)) continue
    yield* factOf(owner, `mdns.txt.${key.replaceAll('_', '-')}`, text.slice(equals + 1))
  }
}

/** `_ipp._tcp` of `_ipp._tcp.local`, also below a subtype such as `_universal._sub` (RFC 6763 §7). */
function serviceOf(labels: readonly string[]): string | undefined {
  const start = labels[1] === '_sub' ? 2 : 0
  const [service, transport] = labels.slice(start, start + 2)
  if (!service?.startsWith('_') || (transport !== '_tcp' && transport !== '_udp')) return undefined
  return `${service}.${transport}`
}
