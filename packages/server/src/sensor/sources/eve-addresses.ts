import type { EveEvent } from './eve-event.ts'
import { leaseFacts } from './facts/lease.ts'
import type { SourceFact } from './source.ts'
import { factOf, hostOf, macOf } from './text.ts'

/**
 * DHCP. The `params` of Suricata leave out every option that it has no name for, so they are no parameter list
 * unless all are numbers.
 */
export function dhcp(event: EveEvent): SourceFact[] {
  const body = event.at('dhcp')
  const kind = body.text('dhcp_type')
  const isReply = body.text('type') === 'reply'
  const server = hostOf(event.text('src_ip'))
  const list = body.texts('params')
  return [
    ...leaseFacts({
      mac: body.text('client_mac'),
      ip: kind === 'ack' ? (hostOf(body.text('assigned_ip')) ?? body.text('client_ip')) : undefined,
      hostname: isReply ? undefined : body.text('hostname'),
      requested: body.text('requested_ip'),
      leaseTime: body.text('lease_time'),
      server: isReply && kind === 'ack' ? server : undefined,
      vendorClass: body.text('vendor_class_identifier'),
      parameterList: list.every((each) => /^\d{1,3}$/.test(each)) ? list.join(',') : undefined,
      clientId: body.text('client_id'),
      relay: body.text('relay_ip'),
      messages: isReply || kind === undefined ? [] : [kind],
    }),
    ...(isReply && server !== undefined ? replyFacts(body, server, kind) : []),
  ]
}

function replyFacts(body: EveEvent, ip: string, kind: string | undefined): SourceFact[] {
  // Behind a relay the source of what is logged may be the relay.
  if (hostOf(body.text('relay_ip')) !== undefined) return []
  return [
    ...factOf({ ip }, 'dhcp.message-type', kind),
    ...factOf({ ip }, 'dhcp.router', body.texts('routers').join(',')),
    ...factOf({ ip }, 'dhcp.name-servers', body.texts('dns_servers').join(',')),
  ]
}

/** ARP of Suricata 8: who claims an address. */
export function arp(body: EveEvent): SourceFact[] {
  const mac = macOf(body.text('src_mac'))
  const ip = hostOf(body.text('src_ip'))
  if (mac === undefined || ip === undefined) return []
  return [
    ...factOf({ mac, ip }, 'arp.address', ip),
    ...factOf({ mac, ip }, 'arp.reply', body.text('opcode') === 'reply' ? ip : undefined),
  ]
}
