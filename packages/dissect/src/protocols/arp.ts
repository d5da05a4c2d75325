import { hostIp, stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'

const ETHERNET = 1
const IEEE_802 = 6
const IPV4 = 0x0800
const LENGTHS = 0x0604
const REQUEST = 1
const REPLY = 2
const REVERSE_REQUEST = 3
const REVERSE_REPLY = 4
/** The last operation in IANA's registry. */
const LAST_OPERATION = 25

/**
 * ARP (RFC 826) and RARP (RFC 903) over Ethernet for IPv4: who claims which address, who asks for whom, and who is given
 * one. Of ARP for other networks the kind of hardware is told and nothing else.
 *
 * A spoofed claim shows as one address under two MACs in `arp.address`, or as an `arp.sender-mac` (subject: the
 * Ethernet source) that is not the subject's own MAC.
 */
export const arp: Dissector = {
  protocol: 'arp',
  over: 'ethernet',
  etherTypes: [0x0806, 0x8035],
  appetite: Infinity,

  looksLike(message) {
    const { operation, isMapped } = readHead(message)
    if (!message.ok || operation === 0 || operation > LAST_OPERATION) return 'no'
    if (!isMapped) return 'weak'
    return operation <= REVERSE_REPLY ? 'strong' : 'no'
  },

  *dissect(message): Generator<Fact> {
    const { hardware, operation, isMapped } = readHead(message)
    if (!isMapped) {
      yield { subject: 'client', field: 'arp.hardware', value: String(hardware) }
      return
    }
    const senderMac = stationMac(message.view(6))
    const senderAddress = message.view(4)
    const targetMac = stationMac(message.view(6))
    const target = hostIp(message.view(4))
    if (!message.ok || senderMac === undefined) return
    yield { subject: 'client', field: 'arp.sender-mac', value: senderMac }
    if (operation >= REVERSE_REQUEST) yield* reverseFacts(operation, senderMac, targetMac, target)
    if (operation === REVERSE_REQUEST) return
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
    if (operation === REVERSE_REPLY) return
    if (isAsking) yield { subject, field: 'arp.request', value: target }
    else if (target === ip) yield { subject, field: 'arp.gratuitous', value: ip }
    else if (operation === REPLY) yield { subject, field: 'arp.reply', value: ip }
  },
}

function readHead(message: Cursor) {
  const hardware = message.u16()
  const isIpv4 = message.u16() === IPV4
  const isFitting = message.u16() === LENGTHS
  const operation = message.u16()
  const isMapped = isIpv4 && isFitting && (hardware === ETHERNET || hardware === IEEE_802)
  return { hardware, operation, isMapped }
}

/** Who asks for an address of its own, as a machine that was moved tells switches (RFC 903), and which one it is given. */
function* reverseFacts(
  operation: number,
  sender: string,
  target: string | undefined,
  ip: string | undefined,
): Generator<Fact> {
  if (target === undefined) return
  if (operation === REVERSE_REQUEST) {
    yield { subject: { mac: sender }, field: 'arp.reverse-request', value: target }
  } else if (ip !== undefined) {
    yield { subject: { mac: target, ip }, field: 'arp.reverse-reply', value: ip }
  }
}
