import { hostIp, stationMac } from '../address.ts'
import type { Dissector, Fact } from '../dissector.ts'

const ETHERNET = 1
const IEEE_802 = 6
const IPV4 = 0x0800
const REQUEST = 1
const REPLY = 2

/**
 * ARP over Ethernet for IPv4 (RFC 826): who claims which address, and who asks for whom.
 *
 * A spoofed claim shows as one address under two MACs in `arp.address`, or as an `arp.sender-mac` (subject: the
 * Ethernet source) that is not the subject's own MAC.
 */
export const arp: Dissector = {
  protocol: 'arp',
  over: 'ethernet',
  etherTypes: [0x0806],
  appetite: Infinity,

  looksLike(message) {
    const hardware = message.u16()
    const isMapped = message.u16() === IPV4 && message.u16() === 0x0604
    const operation = message.u16()
    if (!message.ok || !isMapped || (hardware !== ETHERNET && hardware !== IEEE_802)) return 'no'
    return operation === REQUEST || operation === REPLY ? 'strong' : 'no'
  },

  *dissect(message): Generator<Fact> {
    const operation = message.skip(6).u16()
    const senderMac = stationMac(message.view(6))
    const senderAddress = message.view(4)
    const target = hostIp(message.skip(6).view(4))
    if (!message.ok || senderMac === undefined) return
    yield { subject: 'client', field: 'arp.sender-mac', value: senderMac }
    const ip = hostIp(senderAddress)
    const isAsking = operation === REQUEST && target !== undefined && target !== ip
    if (ip === undefined) {
      // A probe before use (RFC 5227): the address is wanted, not yet owned.
      const isProbe = isAsking && senderAddress.every((byte) => byte === 0)
      if (isProbe) yield { subject: { mac: senderMac }, field: 'arp.probe', value: target }
      return
    }
    const subject = { mac: senderMac, ip }
    yield { subject, field: 'arp.address', value: ip }
    if (isAsking) yield { subject, field: 'arp.request', value: target }
    else if (target === ip) yield { subject, field: 'arp.gratuitous', value: ip }
    else if (operation === REPLY) yield { subject, field: 'arp.reply', value: ip }
  },
}
