import { hostIp } from '../address.ts'
import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { addFact } from '../printable.ts'
import {
  characterStrings,
  CLASS,
  dnsLikeness,
  isDnsHeader,
  nameText,
  readDnsMessage,
  readName,
  TYPE,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
} from './dns-message.ts'
import { isNetbiosName } from './nbns-name.ts'

/** Questions of one flow that are kept: a tunnel asks without end. */
const MOST_QUERIES = 256
const MOST_ANSWERS = 32
/** mDNS, LLMNR and NBNS speak the same format on ports of their own. */
const COUSINS: readonly number[] = [5353, 5355, 137]
const UPDATE = 5

const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  10: 'NULL',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  35: 'NAPTR',
  43: 'DS',
  48: 'DNSKEY',
  64: 'SVCB',
  65: 'HTTPS',
  251: 'IXFR',
  252: 'AXFR',
  255: 'ANY',
  257: 'CAA',
}

/** DNS in datagrams (RFC 1035): the names that a client asks for, and the names of addresses. */
export const dns: Dissector = {
  protocol: 'dns',
  over: 'udp',
  ports: [53],
  appetite: Infinity,

  looksLike: (message, context) => likeness(message, context),
  dissect: (message, context) => messageFacts(message, context),
}

/** DNS over a stream: each message after its length (RFC 1035 §4.2.2). */
export const dnsTcp: Dissector = {
  protocol: 'dns',
  over: 'tcp',
  ports: [53],
  appetite: Infinity,

  looksLike(stream, context) {
    const length = stream.u16()
    if (stream.ok && length < 12) return 'no'
    if (stream.remaining < 12) return 'incomplete'
    return likeness(stream.take(Math.min(length, stream.remaining)), context)
  },

  length(stream) {
    const length = stream.u16()
    if (!stream.ok) return 0
    return length < 12 ? -1 : length + 2
  },

  dissect: (message, context) => messageFacts(message.skip(2), context),
}

function likeness(message: Cursor, context: MessageContext): Likeness {
  const { clientPort, serverPort } = context
  const isCousin = COUSINS.includes(serverPort) || COUSINS.includes(clientPort)
  if (isCousin && serverPort !== 53 && clientPort !== 53) return 'no'
  if (isNetbiosName(message, 12)) return 'no'
  const isOnPort = serverPort === 53 || clientPort === 53
  const start = message.position
  const found = dnsLikeness(message)
  if (found !== 'no' || !isOnPort) return found
  // A damaged question behind a sound header, where such questions are asked.
  message.position = start
  message.ok = true
  return isDnsHeader(message) ? 'weak' : 'no'
}

function messageFacts(cursor: Cursor, context: MessageContext): Fact[] {
  const facts: Fact[] = []
  const message = readDnsMessage(cursor)
  const { from } = context
  const other: Side = from === 'client' ? 'server' : 'client'
  if (message.opcode === UPDATE) {
    // The update section stands where the authorities do (RFC 2136 §2).
    if (!message.isResponse) addAddressFacts(facts, message.authorities, message)
    return facts
  }
  if (message.opcode !== 0) return facts
  const asked = typeof context.state === 'number' ? context.state : 0
  // An answer repeats the question; it counts only where the question itself was not seen.
  if (asked < MOST_QUERIES && (!message.isResponse || asked === 0)) {
    context.state = asked + 1
    const asker = message.isResponse ? other : from
    for (const question of message.questions.slice(0, 4)) addQueryFacts(facts, asker, question)
  }
  if (message.isResponse) addResponseFacts(facts, message, from)
  return facts
}

function addQueryFacts(
  facts: Fact[],
  asker: Side,
  { labels, type, class: netClass }: DnsQuestion,
): void {
  // Reverse names say nothing about the asker but whose log it keeps.
  if (labels.length === 0 || netClass !== CLASS.IN || labels.at(-1)?.toLowerCase() === 'arpa')
    return
  addFact(facts, asker, 'dns.query', nameText(labels).toLowerCase())
  addFact(facts, asker, 'dns.query-type', TYPE_NAMES[type] ?? String(type))
}

function addResponseFacts(facts: Fact[], message: DnsMessage, teller: Side): void {
  if (message.isRecursionAvailable && message.responseCode === 0) {
    facts.push({ subject: teller, field: 'dns.recursion', value: 'true' })
  }
  if (message.isAuthoritative) {
    facts.push({ subject: teller, field: 'dns.authoritative', value: 'true' })
  }
  addAddressFacts(facts, message.answers, message)
  // Beside an answer stand the addresses of the servers that it names.
  addAddressFacts(facts, message.additionals, message, false)
  for (const { labels, type, class: netClass, data } of message.answers.slice(0, 4)) {
    if (netClass !== CLASS.CHAOS || type !== TYPE.TXT) continue
    if (!/^version\.(bind|server)$/i.test(nameText(labels))) continue
    for (const text of characterStrings(data)) {
      addFact(facts, teller, 'dns.version', text.utf8(text.remaining))
    }
  }
}

function addAddressFacts(
  facts: Fact[],
  records: readonly DnsRecord[],
  message: DnsMessage,
  areAnswers = true,
): void {
  if (records.length === 0) return
  const asked = nameText(message.questions[0]?.labels ?? []).toLowerCase()
  for (const { labels, type, class: netClass, data } of records.slice(0, MOST_ANSWERS)) {
    if (netClass !== CLASS.IN) continue
    if (type === TYPE.PTR) {
      const ip = reverseAddress(labels)
      const name = nameText(readName(data, message.start)).toLowerCase()
      if (ip !== undefined) addFact(facts, { ip }, 'dns.name', name)
      continue
    }
    const ip = addressOf(type, data)
    if (ip === undefined) continue
    const name = nameText(labels).toLowerCase()
    addFact(facts, { ip }, 'dns.name', name)
    // A name that leads here over CNAMEs is what the service is called.
    const isAlias = areAnswers && message.opcode === 0 && asked !== name
    if (isAlias) addFact(facts, { ip }, 'dns.alias', asked)
  }
}

/** The host address of an A or AAAA record. */
export function addressOf(type: number, data: Cursor): string | undefined {
  if (type === TYPE.A && data.remaining === 4) return hostIp(data.view(4))
  return type === TYPE.AAAA && data.remaining === 16 ? hostIp(data.view(16)) : undefined
}

/** The host address that a name below in-addr.arpa or ip6.arpa stands for (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseAddress(labels: readonly string[]): string | undefined {
  const [zone, arpa] = labels.slice(-2).map((label) => label.toLowerCase())
  const digits = labels.slice(0, -2).reverse()
  if (arpa !== 'arpa') return undefined
  if (zone === 'in-addr' && digits.length === 4) {
    const isDecimal = digits.every((digit) => /^\d{1,3}$/.test(digit) && Number(digit) < 256)
    return isDecimal ? hostIp(Uint8Array.from(digits.map(Number))) : undefined
  }
  if (zone !== 'ip6' || digits.length !== 32) return undefined
  if (!digits.every((digit) => /^[0-9a-f]$/i.test(digit))) return undefined
  const bytes = Array.from({ length: 16 }, (_, at) =>
    Number.parseInt(digits[2 * at]! + digits[2 * at + 1]!, 16),
  )
  return hostIp(Uint8Array.from(bytes))
}
