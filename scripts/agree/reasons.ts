import type { Disagreement } from './tally.ts'

/** Why we differ, looked into and judged: ours is right, or theirs, or both may be. */
interface Reason {
  /** Part of the name of the comparison. */
  readonly in: string
  /** Regular expression over `capture place theirs > ours`. */
  readonly where: RegExp
  readonly reason: string
}

const REASONS: readonly Reason[] = [
  {
    in: 'nDPI',
    where: /fuzz-\d.* > (unknown|no such flow)$/,
    reason:
      'the capture is fuzzed and the only message too damaged to show its protocol; nDPI goes by the port',
  },
  {
    in: 'nDPI: protocol',
    where: /ah\.pcapng ah /,
    reason: 'we take the authentication header off and report the flow that it protects',
  },
  {
    in: 'nDPI: protocol',
    where: /\(Match by port\) > unknown$/,
    reason: 'nDPI goes by the port; the bytes that there are do not fit that protocol',
  },
  {
    in: 'nDPI: protocol',
    where: /quic_sh\.pcap.* QUIC > unknown$/,
    reason:
      'packets with the short header of QUIC alone: encrypted but for one byte, nDPI goes by port and shape',
  },
  {
    in: 'nDPI: protocol',
    where: /radius_false_positive\.pcap.* QUIC > unknown$/,
    reason: 'a refusal in the form of early QUIC that has no version in it: a gap',
  },
  {
    in: 'nDPI: protocol',
    where: /(bittorrent_utp|lru_ipv6_caches)\.pcap.* BitTorrent/,
    reason: 'uTP alone, or peers that nDPI remembers from other flows (its cache)',
  },
  {
    in: 'nDPI: protocol',
    where: /websocket\.pcap .* WebSocket > unknown$/,
    reason: 'met in mid-stream without the upgrade: two bytes of header prove too little',
  },
  {
    in: 'nDPI: protocol',
    where: /stun\.pcap tcp .*STUN/,
    reason: 'STUN behind lengths of two bytes (RFC 4571), which we do not read: a gap',
  },
  {
    in: 'nDPI: protocol',
    where: /stun\.pcap udp 2600:.*no such flow/,
    reason: 'nDPI prints an address with two gaps, which is none',
  },
  {
    in: 'nDPI: protocol',
    where: /rtp\.pcapng tcp .* RTP > unknown$/,
    reason: 'RTP behind lengths of two bytes (RFC 4571), which we do not read: a gap',
  },
  {
    in: 'nDPI: protocol',
    where: /sip_hello\.pcap.* SIP > /,
    reason: 'the word hello on the port of SIP, from both ends',
  },
  {
    in: 'JA4',
    where: / dd2d.* > dd3/,
    reason: 'the hello supports DTLS 1.3: the definition counts that version',
  },
  {
    in: 'JA4',
    where: / ds3d.* > d00/,
    reason: 'a version from before the standard has no code in the definition',
  },
  {
    in: 'JA4',
    where: /tls_invalid_reads/,
    reason: 'an ALPN that is not of letters and digits counts by its hexadecimal digits',
  },
  {
    in: 'Zeek conn: packets',
    where: /gtp2_different_udp_port\.pcap/,
    reason:
      'Zeek puts datagrams together before it counts: 42 of 91 packets are later fragments, with 42 headers of 20 bytes',
  },
  {
    in: 'Zeek conn: addresses',
    where: /pppoe.* 547 /,
    reason:
      'the server was seen first; 547 is the port of DHCPv6 servers, so the other end is the client',
  },
  {
    in: 'Zeek conn: service',
    where: /gridftp/,
    reason: 'TLS inside the Base64 of FTP commands (RFC 2228), which we do not read: a gap',
  },
  {
    in: 'Zeek ssl',
    where: /gridftp/,
    reason: 'TLS inside the Base64 of FTP commands (RFC 2228), which we do not read: a gap',
  },
  {
    in: 'Zeek bacnet',
    where: /error-reject-abort/,
    reason:
      'the speaker stands behind a BACnet router: it is told in bacnet.routed-device, not as the router',
  },
  {
    in: 'Zeek dce_rpc',
    where: /smb1-transaction/,
    reason: 'a named pipe inside an SMB 1 transaction, which we do not read: a gap',
  },
  {
    in: 'Arkime: protocol list, above',
    where: /synthetic.* (s7comm|snmp|dnp3|netflow) > unknown$/,
    reason: 'made by a program for tests: lengths, checksums or tags are not those of the protocol',
  },
  {
    in: 'Arkime: protocol list, above',
    where: / tds > unknown$/,
    reason: 'the login of TDS 4 and 5 (Sybase), not that of Microsoft',
  },
  {
    in: 'Arkime: protocol list, above',
    where: /adb_synthetic.* tls > /,
    reason: 'inside the Android debug bridge, which we do not read: a gap',
  },
  {
    in: 'Arkime: protocol list, above',
    where: /stun\.pcap .* stun > unknown$/,
    reason: 'RSP/2.0 on the port of STUN: another protocol',
  },
  {
    in: 'Arkime: protocol list, above',
    where: /bt-(tcp|udp)\.pcap|fbzero/,
    reason:
      "BitTorrent Sync, and a service's own early QUIC over TCP: relatives of the protocols, not these",
  },
  {
    in: 'Arkime: protocol list, above',
    where: /sctp-www/,
    reason: 'over SCTP, of which we read no payload: a gap',
  },
  {
    in: 'Arkime: protocol list, above',
    where: /socks5-reverse/,
    reason: 'the server greets, as clients of SOCKS do: a proxy called the other way round, a gap',
  },
  {
    in: 'Arkime: protocol list, above',
    where: / ntlm > (smtp|imap|pop3)$/,
    reason: 'NTLM in the sign-in of mail, which we do not read: a gap',
  },
  {
    in: 'Arkime: protocol list, above',
    where: / http2 > tls$/,
    reason: 'told by the ALPN alone: the flow is encrypted, the ALPN a field of ours',
  },
  {
    in: 'Arkime: protocol list, above',
    where: /arkime_synthetic.* http > sip$/,
    reason: 'an answer of SIP that Arkime also takes for HTTP',
  },
  {
    in: 'Arkime: protocol list, transports',
    where: / gre > /,
    reason: 'we take GRE off and report the flow inside; Arkime lists both in one session',
  },
  {
    in: 'Arkime: protocol list, transports',
    where: /ah-esp/,
    reason: 'ESP behind an authentication header: we report ESP, Arkime the outer protocol number',
  },
  {
    in: 'Arkime: protocol list, transports',
    where: /vxlan\.pcap .* arp > /,
    reason: 'ARP inside VXLAN: to Arkime part of the session, to us a message of the inner link',
  },
  {
    in: 'Arkime: protocol list, transports',
    where: /arkime_synthetic.* (icmp|udp) > no such flow$/,
    reason: 'inside tunnels that we do not take off: a gap',
  },
  {
    in: 'tcpdump: protocol of',
    where: /lldp_/,
    reason:
      'LLDP without the parts that every message has to begin with: it says nothing that we could keep',
  },
  {
    in: 'tcpdump: the same',
    where: /ipv6_39_byte/,
    reason: 'the IP header itself is cut short: no flow can be told',
  },
  {
    in: 'tcpdump: the same',
    where: /./,
    reason: 'tcpdump goes by the port; the bytes do not show the protocol',
  },
]

/** Our reason for a disagreement, if one was found. */
export function reasonFor(comparison: string, one: Disagreement): string | undefined {
  const text = `${one.capture} ${one.place} ${one.theirs} > ${one.ours}`
  return REASONS.find((reason) => comparison.includes(reason.in) && reason.where.test(text))?.reason
}
