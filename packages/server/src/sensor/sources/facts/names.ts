import type { SourceFact } from '../source.ts'
import { factOf, hostOf } from '../text.ts'

/** Whom a conversation is between, as far as the log says it. */
export interface Ends {
  readonly client: SourceFact['subject']
  readonly server: SourceFact['subject']
}

/** A question and its answers, as logs of DNS, mDNS and LLMNR write them. */
export interface NameLookup {
  readonly ends: Ends
  /** Port of the server: it tells the cousins of DNS apart. */
  readonly port: number
  /** Lower case, without the final dot. */
  readonly query: string
  readonly queryType: string | undefined
  /** What the name, over any aliases, led to: addresses with the name that they belong to, or names of an address. */
  readonly answers: readonly { readonly name: string; readonly value: string }[]
  readonly isAuthoritative: boolean
  readonly isRecursive: boolean
}

const REVERSE = /\.(?:in-addr|ip6)\.arpa$/
const SERVICE = /^(?:[^.]+\._sub\.)?(_[^.]+\._(?:tcp|udp))\.local$/
const MOST_ANSWERS = 32

/** Which of the protocols that share the format of DNS is spoken on a port. */
export function nameProtocol(port: number): 'dns' | 'mdns' | 'llmnr' | 'nbns' {
  if (port === 5353) return 'mdns'
  if (port === 5355) return 'llmnr'
  return port === 137 ? 'nbns' : 'dns'
}

/** What a lookup tells; names of NetBIOS carry no suffix in logs, so nothing is told of them. */
export function nameFacts(lookup: NameLookup): SourceFact[] {
  const protocol = nameProtocol(lookup.port)
  if (protocol === 'mdns') return multicastFacts(lookup)
  if (protocol === 'llmnr') return localFacts(lookup)
  return protocol === 'dns' ? dnsFacts(lookup) : []
}

function dnsFacts(lookup: NameLookup): SourceFact[] {
  const { ends, query, queryType, isAuthoritative, isRecursive } = lookup
  return [
    ...(REVERSE.test(query)
      ? []
      : [
          ...factOf(ends.client, 'dns.query', query),
          ...factOf(ends.client, 'dns.query-type', queryType),
        ]),
    ...factOf(ends.server, 'dns.recursion', isRecursive ? 'true' : undefined),
    ...factOf(ends.server, 'dns.authoritative', isAuthoritative ? 'true' : undefined),
    ...addressFacts(lookup),
  ]
}

function addressFacts({ query, answers }: NameLookup): SourceFact[] {
  const reversed = reverseAddress(query)
  return answers.slice(0, MOST_ANSWERS).flatMap(({ name, value }) => {
    if (reversed !== undefined) return factOf({ ip: reversed }, 'dns.name', value.toLowerCase())
    const ip = hostOf(value)
    if (ip === undefined) return []
    const alias = name === query ? undefined : query
    return [...factOf({ ip }, 'dns.name', name), ...factOf({ ip }, 'dns.alias', alias)]
  })
}

/** mDNS: who asks which service; and whose name an address has. */
function multicastFacts({ ends, query, answers }: NameLookup): SourceFact[] {
  const names = answers.slice(0, MOST_ANSWERS).flatMap(({ name, value }) => {
    const ip = hostOf(value)
    return ip !== undefined && name.endsWith('.local') ? factOf({ ip }, 'mdns.hostname', name) : []
  })
  const service = answers.length === 0 ? SERVICE.exec(query)?.[1] : undefined
  return [...factOf(ends.client, 'mdns.query', service), ...names]
}

function localFacts({ ends, query, answers }: NameLookup): SourceFact[] {
  const names = answers.slice(0, MOST_ANSWERS).flatMap(({ name, value }) => {
    const ip = hostOf(value)
    return ip === undefined ? [] : factOf({ ip }, 'llmnr.name', name)
  })
  const asked = answers.length > 0 || REVERSE.test(query) ? undefined : query
  return [...factOf(ends.client, 'llmnr.query', asked), ...names]
}

/** The address inside a reverse name (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseAddress(name: string): string | undefined {
  const four = /^((?:\d{1,3}\.){4})in-addr\.arpa$/.exec(name)?.[1]
  if (four !== undefined) return hostOf(four.split('.').slice(0, 4).toReversed().join('.'))
  const six = /^((?:[\da-f]\.){32})ip6\.arpa$/.exec(name)?.[1]
  if (six === undefined) return undefined
  const digits = six.replaceAll('.', '').split('').toReversed().join('')
  return hostOf(digits.replaceAll(/(.{4})(?=.)/g, '$1:'))
}
