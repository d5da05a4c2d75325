import { readFileSync } from 'node:fs'
import { isOurName } from './names.ts'
import { namesOf, observeCapture } from './observe-capture.ts'
import type { Pair } from './pairs.ts'
import { Tally } from './tally.ts'

/**
 * How tcpdump's text of a packet shows its protocol, the surest first. What ICMP complains about is printed after it,
 * so ICMP stands before what it could quote.
 */
const MARKS: readonly (readonly [RegExp, string])[] = [
  [/\bARP[, ]|^\S* ?(?:[0-9a-f]{2} ){1,6}.*\bRequest who-has /, 'arp'],
  [/\bICMP6/, 'icmp6'],
  [/\bICMP /, 'icmp'],
  [/: igmp |\bIGMP /i, 'igmp'],
  [/\bBOOTP\/DHCP/, 'dhcp'],
  [/\bdhcp6/, 'dhcpv6'],
  [/\bLLDP,/, 'lldp'],
  [/\bCDPv\d/, 'cdp'],
  [/\bSTP 802/, 'stp'],
  [/\bPTPv\d/, 'ptp'],
  [/\bNTPv\d/, 'ntp'],
  [/\bisakmp\b|\bUDP-encap\b|\bisakmp-nat/, 'ipsec'],
  [/\bESP\(spi/, 'esp'],
  [/\bRADIUS,/, 'radius'],
  [/: (?:\[[^\]]*\] )?quic,/, 'quic'],
  [/\budp\/rtcp|\budp\/vat/, 'rtcp'],
  [/\budp\/rtp/, 'rtp'],
  [/NBT UDP PACKET\(137\)/, 'nbns'],
  [/NBT UDP PACKET\(138\)/, 'nbdgm'],
  [/SMB PACKET:|NBT Session Packet/, 'smb'],
  [/\bNFS re(?:quest|ply)/, 'nfs'],
  [/\bRESP\b/, 'redis'],
  [/: HTTP\b/, 'http'],
  [/: SIP\b/, 'sip'],
  [/: SMTP\b/, 'smtp'],
  [/: FTP\b/, 'ftp'],
  [/\|snmp\]|C="|\bGetRequest\(/, 'snmp'],
  [
    /\|domain\]| domain \[|\.53(?:53)? > .*: \d+\S* |: (?:\[[^\]]*\] )?\d+\S* (?:\[[^\]]*\] )*[A-Z0-9]+\? |\.53: .*\? /,
    'dns',
  ],
  [/\bFlags \[[FSRPUEWen.]+\]|\bproto TCP|: tcp \d/, 'tcp'],
  [/: sctp\b|\bproto SCTP/, 'sctp'],
  [/\bUDP, length|\bproto UDP|next-header UDP/, 'udp'],
  // What GRE carries is read without it.
  [/\bGREv\d(?![^]*\bIP6? )/, 'gre'],
  [/proto ICMP/, 'icmp'],
  [/next-header ICMPv6/, 'icmp6'],
  [/proto IGMP/, 'igmp'],
]

/** What tcpdump writes where a packet ends early or contradicts itself: its protocol is then that of its port. */
const DAMAGE = /\[\||\(invalid\)|\[?bad length|bad cksum|length \d+ < \d+|\[ERROR|\[length \d/
const PACKET = /^\s*(\d+) {2}/

/** Compares the first packet of each of tcpdump's outputs. */
export async function compareTcpdump(pairs: readonly Pair[]): Promise<Tally[]> {
  const whole = new Tally('tcpdump: protocol of the first packet printed', 95)
  const damaged = new Tally('tcpdump: the same, packets that it finds damaged')
  const seen = new Set<string>()
  for (const { capture, truth } of pairs) {
    const packet = firstPacket(readFileSync(truth, 'latin1'))
    if (packet === undefined) {
      whole.leaveOut('tcpdump printed no packet')
      continue
    }
    const expected = MARKS.find(([mark]) => mark.test(packet.text))?.[1]
    const tally = DAMAGE.test(packet.text) ? damaged : whole
    // The same capture with other options says the same again.
    const key = `${capture.path} ${packet.frame} ${expected}`
    if (seen.has(key)) continue
    seen.add(key)
    if (expected === undefined || !isOurName(expected)) {
      tally.leaveOut('tcpdump names a protocol that has no name of ours')
      continue
    }
    const { flows, linkProtocols } = await observeCapture(capture, packet.frame)
    const names = [...new Set([...flows.flatMap(namesOf), ...linkProtocols])]
    tally.compare(names.includes(expected), {
      capture: capture.name,
      place: `frame ${packet.frame}`,
      theirs: expected,
      ours: names.join('+') || 'nothing',
    })
  }
  return [whole, damaged]
}

function firstPacket(text: string): { frame: number; text: string } | undefined {
  const lines = text.split('\n')
  const frame = Number(PACKET.exec(lines[0] ?? '')?.[1])
  if (!(frame > 0)) return undefined
  const next = lines.findIndex((line, at) => at > 0 && PACKET.test(line))
  return { frame, text: lines.slice(0, next < 0 ? lines.length : next).join('\n') }
}
