import { exchangeFacts } from './facts/http.ts'
import { leaseFacts } from './facts/lease.ts'
import { type Ends, nameFacts } from './facts/names.ts'
import { bannerFacts } from './facts/ssh.ts'
import type { SourceFact } from './source.ts'
import { factOf, hostOf, ipOf, macOf } from './text.ts'
import type { ZeekRow } from './zeek-row.ts'

/** dns.log and mdns.log: one line for each question with what came back. */
export function dns(row: ZeekRow, ends: Ends): SourceFact[] {
  const query = row.text('query')?.toLowerCase().replace(/\.$/, '')
  if (query === undefined || query === '') return []
  return nameFacts({
    ends,
    port: row.number('id.resp_p') ?? 0,
    query,
    queryType: row.text('qtype_name'),
    answers: answersOf(query, row.list('answers')),
    isAuthoritative: row.isTrue('AA'),
    isRecursive: row.isTrue('RA') && row.text('rcode_name') === 'NOERROR',
  })
}

/** Zeek lists what each record says, not whose it is: an alias hands its name on to what follows. */
function answersOf(query: string, answers: readonly string[]) {
  let name = query
  return answers.flatMap((value) => {
    if (ipOf(value) !== undefined || query.endsWith('.arpa')) return [{ name, value }]
    // A name holds no blank: texts and signatures do.
    if (/^[\w.-]+$/.test(value)) name = value.toLowerCase()
    return []
  })
}

/** dhcp.log: one line for each exchange. `client_software` comes with Zeek's DHCP software policy. */
export function dhcp(row: ZeekRow): SourceFact[] {
  const messages = row.list('msg_types').map((type) => type.toLowerCase())
  const isBound = messages.length === 0 || messages.includes('ack')
  const server = hostOf(row.text('server_addr'))
  const lease = row.number('lease_time')
  return [
    ...leaseFacts({
      mac: row.text('mac') ?? row.text('client_chaddr'),
      ip: isBound ? (row.text('assigned_addr') ?? row.text('assigned_ip')) : undefined,
      hostname: row.text('host_name'),
      fqdn: row.text('client_fqdn'),
      requested: row.text('requested_addr'),
      leaseTime: lease === undefined ? undefined : String(Math.round(lease)),
      server,
      vendorClass: row.text('client_software'),
      circuitId: row.text('circuit_id'),
      remoteId: row.text('agent_remote_id'),
      messages: messages.filter((type) => FROM_CLIENT.includes(type)),
    }),
    ...(server === undefined
      ? []
      : [
          ...factOf({ ip: server }, 'dhcp.domain', row.text('domain')),
          ...messages
            .filter((type) => FROM_SERVER.includes(type))
            .flatMap((type) => factOf({ ip: server }, 'dhcp.message-type', type)),
        ]),
  ]
}

const FROM_CLIENT: readonly string[] = ['discover', 'request', 'decline', 'release', 'inform']
const FROM_SERVER: readonly string[] = ['offer', 'ack', 'nak']

/** http.log: the user's name is looked at only to know that there was one; the target only for its shape. */
export function http(row: ZeekRow, ends: Ends): SourceFact[] {
  return exchangeFacts({
    ends,
    method: row.text('method'),
    host: row.text('host'),
    target: row.text('uri'),
    userAgent: row.text('user_agent'),
    status: row.text('status_code'),
    hasBasicLogin: row.has('username') && row.text('username') !== '',
    contentTypes: [...row.list('orig_mime_types'), ...row.list('resp_mime_types')],
  })
}

export function ssh(row: ZeekRow, { client, server }: Ends): SourceFact[] {
  const hassh = row.text('hassh')
  const hasshServer = row.text('hasshServer')
  return [
    ...bannerFacts(client, row.text('client')),
    ...bannerFacts(server, row.text('server')),
    ...factOf(client, 'ssh.hassh', /^[\da-f]{32}$/.test(hassh ?? '') ? hassh : undefined),
    ...factOf(
      server,
      'ssh.hassh-server',
      /^[\da-f]{32}$/.test(hasshServer ?? '') ? hasshServer : undefined,
    ),
  ]
}

/** ntlm.log: machines and domains, never the user. */
export function ntlm(row: ZeekRow, { client, server }: Ends): SourceFact[] {
  return [
    ...factOf(client, 'ntlm.workstation', row.text('hostname')),
    ...factOf(server, 'ntlm.netbios-computer', row.text('server_nb_computer_name')),
    ...factOf(server, 'ntlm.dns-computer', row.text('server_dns_computer_name')),
    ...factOf(server, 'ntlm.dns-forest', row.text('server_tree_name')),
  ]
}

/** radius.log: which station has which address; the user's name is not read. */
export function radius(row: ZeekRow, { client }: Ends): SourceFact[] {
  const mac = macOf(row.text('mac'))
  const ip = hostOf(row.text('framed_addr'))
  return [
    ...(mac === undefined || ip === undefined
      ? []
      : factOf({ mac, ip }, 'radius.framed-address', ip)),
    ...factOf(client, 'radius.message', 'access-request'),
  ]
}
