import type { SourceFact } from '../source.ts'
import { factOf, hostOf, ipOf, macOf, subjectOf } from '../text.ts'

/** What a DHCP server, or one who listened to it, says of a client. Texts as the log writes them. */
export interface Lease {
  readonly mac: string | undefined
  /** Address that the client has now: acknowledged, not only offered. */
  readonly ip?: string | undefined
  readonly hostname?: string | undefined
  readonly fqdn?: string | undefined
  readonly requested?: string | undefined
  /** Seconds. */
  readonly leaseTime?: string | undefined
  /** Server that gave the lease (option 54). */
  readonly server?: string | undefined
  readonly vendorClass?: string | undefined
  /** Codes of option 55, decimal, comma separated. */
  readonly parameterList?: string | undefined
  /** Hexadecimal, `01:00:11:22 ...` with its type byte. */
  readonly clientId?: string | undefined
  /** Relay agent, by its address. */
  readonly relay?: string | undefined
  readonly circuitId?: string | undefined
  readonly remoteId?: string | undefined
  /** Messages of the client: `discover`, `request` ... */
  readonly messages?: readonly string[]
}

const HOSTNAME = /^[\w][\w.-]{0,252}$/

export function leaseFacts(lease: Lease): SourceFact[] {
  const mac = macOf(lease.mac)
  const client = subjectOf(mac, undefined)
  const ip = hostOf(lease.ip)
  const bound = subjectOf(mac, ip)
  const leased = mac !== undefined && ip !== undefined
  const hostname = nameOf(lease.hostname)
  return [
    ...factOf(bound, 'dhcp.address', leased ? ip : undefined),
    ...factOf(bound, 'dhcp.lease-time', leased ? lease.leaseTime : undefined),
    ...factOf(bound, 'dhcp.server-id', leased ? hostOf(lease.server) : undefined),
    ...factOf(mac === undefined ? bound : client, 'dhcp.hostname', hostname),
    ...factOf(client, 'dhcp.fqdn', nameOf(lease.fqdn)),
    ...factOf(client, 'dhcp.requested-address', hostOf(lease.requested)),
    ...factOf(client, 'dhcp.vendor-class', lease.vendorClass),
    ...factOf(client, 'dhcp.parameter-list', lease.parameterList),
    ...factOf(client, 'dhcp.client-id', hexOf(lease.clientId)),
    ...factOf(client, 'dhcp.circuit-id', lease.circuitId),
    ...factOf(client, 'dhcp.remote-id', lease.remoteId),
    ...(lease.messages ?? []).flatMap((message) => factOf(client, 'dhcp.message-type', message)),
    ...relayFacts(lease.relay),
  ]
}

function relayFacts(text: string | undefined): SourceFact[] {
  const ip = hostOf(ipOf(text))
  return ip === undefined ? [] : factOf({ ip }, 'dhcp.relay-agent', ip)
}

/** A host name as RFC 2132 allows it, and the underscores that devices send; a final dot goes. */
function nameOf(text: string | undefined): string | undefined {
  const name = text?.replace(/\.$/, '') ?? ''
  return HOSTNAME.test(name) ? name : undefined
}

/** Octets in hexadecimal, with or without colons, as `aa:bb`. */
function hexOf(text: string | undefined): string | undefined {
  const digits = text?.replaceAll(':', '').toLowerCase() ?? ''
  if (!/^(?:[\da-f]{2}){2,64}$/.test(digits)) return undefined
  return digits.replaceAll(/(..)(?=.)/g, '$1:')
}
