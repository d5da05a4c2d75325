import { type Lease, leaseFacts } from './facts/lease.ts'
import { BoundedMap } from './memory.ts'
import type { LineOutcome, LineReader, LogSource, SourceFact } from './source.ts'
import { readSyslog } from './syslog.ts'
import { hostOf, microsOf } from './text.ts'

/** Kea's own log: time, level, logger, message. */
const KEA = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) [A-Z]+ +\[kea-dhcp4\.[\w.-]+\/[\d.]+\] (.*)$/
const MOST_EXCHANGES = 10_000

/** Lines of DHCP servers in syslog (ISC dhcpd, dnsmasq, Kea), and Kea's own log. Other programs are passed over. */
export const dhcpSyslog: LogSource = {
  name: 'syslog',
  recognise(head) {
    const [first = ''] = head.split('\n', 1)
    const line = first.replace(/\r$/, '')
    return KEA.test(line) || readSyslog(line, Date.now()) !== undefined
  },
  open: ({ modified }) => new SyslogReader(modified),
}

class SyslogReader implements LineReader {
  readonly #modified: number
  readonly #dnsmasq = new DnsmasqExchanges()

  constructor(modified: number) {
    this.#modified = modified
  }

  line(text: string): LineOutcome {
    if (text === '') return undefined
    const kea = KEA.exec(text)
    if (kea !== null) return tell(microsOf(kea[1]), keaLease(kea[2]!))
    const line = readSyslog(text, this.#modified)
    if (line === undefined) return { reason: 'it is no syslog line' }
    const { time, program, message } = line
    if (program === 'dnsmasq-dhcp') return told(time, this.#dnsmasq.read(message))
    if (program.startsWith('kea-dhcp4')) return tell(time, keaLease(message))
    return program === 'dhcpd' ? tell(time, dhcpdLease(message)) : undefined
  }
}

function tell(time: number | undefined, lease: Lease | undefined): LineOutcome {
  if (time === undefined) return { reason: 'its time cannot be read' }
  return lease === undefined ? undefined : told(time, leaseFacts(lease))
}

function told(time: number, facts: readonly SourceFact[]): LineOutcome {
  return facts.length === 0 ? undefined : { time, facts }
}

const MAC = '((?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2})'
const NAME = String.raw`(?: \(([^()]{1,255})\))?`
const VIA = String.raw` via (\S{1,64})`
const DHCPD = {
  discover: new RegExp(`^DHCP(DISCOVER) from ${MAC}${NAME}${VIA}`, 'i'),
  request: new RegExp(
    String.raw`^DHCP(REQUEST) for (\S{7,15})(?: \(\S{7,15}\))? from ${MAC}${NAME}${VIA}`,
    'i',
  ),
  release: new RegExp(
    String.raw`^DHCP(RELEASE|DECLINE) of (\S{7,15}) from ${MAC}${NAME}${VIA}`,
    'i',
  ),
  ack: new RegExp(String.raw`^DHCP(ACK) on (\S{7,15}) to ${MAC}${NAME}${VIA}`, 'i'),
} as const

/** What ISC dhcpd says of one message. An answer names the client that it goes to. */
export function dhcpdLease(message: string): Lease | undefined {
  const discover = DHCPD.discover.exec(message)
  if (discover !== null) {
    const [, , mac, hostname, via] = discover
    return { mac, hostname, relay: hostOf(via), messages: ['discover'] }
  }
  const asked = DHCPD.request.exec(message) ?? DHCPD.release.exec(message)
  if (asked !== null) {
    const [, kind, ip, mac, hostname, via] = asked
    const requested = kind === 'REQUEST' ? ip : undefined
    return { mac, hostname, requested, relay: hostOf(via), messages: [kind!.toLowerCase()] }
  }
  const ack = DHCPD.ack.exec(message)
  if (ack === null) return undefined
  const [, , ip, mac, hostname, via] = ack
  return { mac, ip, hostname, relay: hostOf(via) }
}

const KEA_LEASE = new RegExp(
  String.raw`^DHCP4_LEASE_(?:ALLOC|RENEW) \[hwtype=\d+ ${MAC}\](?:, cid=\[([^\]]{0,200})\])?, tid=0x[0-9a-f]+: lease (\S{7,15}) has been (?:allocated|renewed)(?: for (\d{1,10}) seconds)?`,
  'i',
)

/** What Kea says of a lease that it gave. */
export function keaLease(message: string): Lease | undefined {
  const match = KEA_LEASE.exec(message)
  if (match === null) return undefined
  const [, mac, clientId, ip, leaseTime] = match
  return { mac, clientId, ip, leaseTime }
}

const DNSMASQ = new RegExp(
  String.raw`^DHCP(DISCOVER|REQUEST|RELEASE|DECLINE|INFORM|ACK)\([^)]{1,32}\) (?:(\d[\d.]{6,14}) )?${MAC}(?: (\S{1,255}))?`,
  'i',
)
const DETAIL = /^(vendor class|client provides name|requested options): (.{1,512})$/

/** What is told of one exchange before and after its client is named (`log-dhcp`). */
interface Exchange {
  mac?: string
  vendorClass?: string
  hostname?: string
  /** Codes of the options asked for, as far as the lines have told them. */
  options: string[]
}

/** Lines of dnsmasq; those of `log-dhcp` are tied together by the number of the exchange before them. */
class DnsmasqExchanges {
  readonly #exchanges = new BoundedMap<Exchange>(MOST_EXCHANGES)

  read(message: string): SourceFact[] {
    const [, number, rest = message] = /^(\d{1,10}) (.*)$/.exec(message) ?? []
    const exchange: Exchange = number === undefined ? { options: [] } : this.#exchangeOf(number)
    const [, what, value = ''] = DETAIL.exec(rest) ?? []
    if (what === 'requested options') {
      // A long list goes on in the next line.
      exchange.options.push(...(value.match(/\b\d{1,3}(?=:)/g) ?? []))
      return []
    }
    if (what === 'vendor class') exchange.vendorClass = value
    if (what === 'client provides name') exchange.hostname = value
    return [...listFacts(exchange), ...messageFacts(rest, exchange)]
  }

  #exchangeOf(number: string): Exchange {
    const known = this.#exchanges.get(number) ?? { options: [] }
    this.#exchanges.set(number, known)
    return known
  }
}

/** The list is whole once a line speaks of something else. */
function listFacts(exchange: Exchange): SourceFact[] {
  const { mac, options } = exchange
  if (mac === undefined || options.length === 0) return []
  exchange.options = []
  return leaseFacts({ mac, parameterList: options.join(',') })
}

function messageFacts(text: string, exchange: Exchange): SourceFact[] {
  const match = DNSMASQ.exec(text)
  if (match === null) return []
  const [, kind, ip, mac, hostname] = match
  exchange.mac = mac!
  const isAck = kind === 'ACK'
  return leaseFacts({
    mac,
    vendorClass: exchange.vendorClass,
    hostname: (isAck ? hostname : undefined) ?? exchange.hostname,
    ip: isAck ? ip : undefined,
    requested: kind === 'REQUEST' ? ip : undefined,
    messages: isAck ? [] : [kind!.toLowerCase()],
  })
}
