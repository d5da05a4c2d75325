import { leaseFacts } from './facts/lease.ts'
import type { LineOutcome, LineReader, LogSource, SourceFact } from './source.ts'
import { countOf, factOf, hostOf, macOf, microsOf, subjectOf } from './text.ts'

/** ISC dhcpd's lease file (`dhcpd.leases`): a block for each state of each lease. */
export const dhcpdLeases: LogSource = {
  name: 'dhcp',
  recognise: (head) => /^lease \d[\d.]{6,14} \{/m.test(head) || /^# .*isc-dhcp-/m.test(head),
  open: () => new BlockReader(),
}

/** Statements of a lease block that are read (dhcpd.leases(5)). */
const STATEMENT =
  /^\s*(starts|binding state|hardware ethernet|client-hostname|uid|set vendor-class-identifier =|option agent\.circuit-id|option agent\.remote-id) (.*);/
const MOST_STATEMENTS = 64

class BlockReader implements LineReader {
  #ip: string | undefined
  #values = new Map<string, string>()

  line(text: string): LineOutcome {
    const start = /^lease (\S{7,15}) \{/.exec(text)
    if (start !== null) {
      const isOpen = this.#ip !== undefined
      this.#ip = start[1]
      this.#values = new Map()
      return isOpen ? { reason: 'a lease begins before the one above has ended' } : undefined
    }
    if (this.#ip === undefined) return undefined
    if (text.startsWith('}')) return this.#finish(this.#ip)
    const statement = STATEMENT.exec(text)
    if (statement !== null && this.#values.size < MOST_STATEMENTS) {
      this.#values.set(statement[1]!, statement[2]!)
    }
    return undefined
  }

  end(): LineOutcome {
    return this.#ip === undefined ? undefined : { reason: 'the last lease breaks off' }
  }

  #finish(ip: string): LineOutcome {
    const values = this.#values
    this.#ip = undefined
    const time = leaseTime(values.get('starts'))
    if (time === undefined) return { reason: 'its start cannot be read' }
    const facts = leaseFacts({
      mac: values.get('hardware ethernet'),
      ip: values.get('binding state') === 'active' ? ip : undefined,
      hostname: unquote(values.get('client-hostname')),
      vendorClass: unquote(values.get('set vendor-class-identifier =')),
      circuitId: unquote(values.get('option agent.circuit-id')),
      remoteId: unquote(values.get('option agent.remote-id')),
    })
    return facts.length === 0 ? undefined : { time, facts }
  }
}

/** `4 2024/05/02 10:00:00` (day of the week, UTC) or `epoch 1714644000`. */
function leaseTime(text: string | undefined): number | undefined {
  const epoch = /^epoch (\d{1,12})/.exec(text ?? '')?.[1]
  if (epoch !== undefined) return Number(epoch) * 1e6
  const [, day, clock] = /^\d (\d{4}\/\d\d\/\d\d) (\d\d:\d\d:\d\d)$/.exec(text ?? '') ?? []
  return day === undefined ? undefined : microsOf(`${day.replaceAll('/', '-')} ${clock}Z`)
}

function unquote(text: string | undefined): string | undefined {
  const inner = /^"(.*)"$/.exec(text ?? '')?.[1]
  // Octal escapes stand for what is no text.
  return inner === undefined || /\\\d{3}/.test(inner) ? undefined : inner.replaceAll(/\\(.)/g, '$1')
}

const DNSMASQ_LEASE =
  /^(\d{1,12}) ((?:[0-9a-f]{2}:){5}[0-9a-f]{2}) (\d[\d.]{6,14}) (\S{1,255}) (\S{1,512})$/i

/** dnsmasq's lease file: end of the lease, MAC, address, name, client id; `*` for what is not known. */
export const dnsmasqLeases: LogSource = {
  name: 'dhcp',
  recognise: (head) => DNSMASQ_LEASE.test(head.split('\n', 1)[0] ?? ''),
  open: ({ modified }) => ({
    line(text) {
      const match = DNSMASQ_LEASE.exec(text)
      // Leases of IPv6 follow under a line of their own.
      if (match === null) return isOtherLease(text) ? undefined : { reason: 'it is no lease' }
      const [, , mac, ip, hostname, clientId] = match
      // The file says only when leases end: it was true when it was written.
      const facts = leaseFacts({ mac, ip, hostname, clientId })
      return { time: Math.floor(modified) * 1000, facts }
    },
  }),
}

function isOtherLease(text: string): boolean {
  return text === '' || text.startsWith('duid ') || /^\d{1,12} T?\d{1,12} [0-9a-f:]+ /i.test(text)
}

/** Kea's lease files (memfile), for IPv4 and IPv6: the first line names the columns. */
export const keaLeases: LogSource = {
  name: 'dhcp',
  recognise: (head) => /^address,(?:hwaddr,client_id|duid),valid_lifetime,expire,/.test(head),
  open: () => new KeaReader(),
}

const ASSIGNED = '0'

class KeaReader implements LineReader {
  #columns: readonly string[] = []

  line(text: string): LineOutcome {
    if (text === '') return undefined
    const cells = text.split(',', 64)
    if (this.#columns.length === 0 || text.startsWith('address,')) {
      this.#columns = cells
      return undefined
    }
    const value = (name: string) => {
      const cell = cells[this.#columns.indexOf(name)]
      return cell === undefined || cell === '' ? undefined : cell.replaceAll('&#x2c', ',')
    }
    const expire = countOf(value('expire'), 1e11)
    const lifetime = countOf(value('valid_lifetime'), 1e11)
    if (expire === undefined || lifetime === undefined) {
      return { reason: 'its expire or valid_lifetime cannot be read' }
    }
    if (value('state') !== ASSIGNED && value('state') !== undefined) return undefined
    // Infinite leases have no end to count back from.
    const time = Math.max(0, expire - lifetime) * 1e6
    return { time, facts: value('duid') === undefined ? leaseOf(value) : leaseOf6(value) }
  }
}

type Cell = (name: string) => string | undefined

function leaseOf(value: Cell): SourceFact[] {
  return leaseFacts({
    mac: value('hwaddr'),
    ip: value('address'),
    clientId: value('client_id'),
    hostname: value('hostname'),
    leaseTime: value('valid_lifetime'),
  })
}

function leaseOf6(value: Cell): SourceFact[] {
  const subject = subjectOf(macOf(value('hwaddr')), hostOf(value('address')))
  const duid = value('duid')?.replaceAll(':', '').toLowerCase()
  // Type 0 is an address, 2 a prefix.
  if (value('lease_type') === '2' || subject.ip === undefined) return []
  return [
    ...factOf(subject, 'dhcpv6.address', subject.ip),
    ...factOf(subject, 'dhcpv6.duid', /^[0-9a-f]{8,260}$/.test(duid ?? '') ? duid : undefined),
    ...factOf(subject, 'dhcpv6.fqdn', value('hostname')?.replace(/\.$/, '')),
  ]
}
