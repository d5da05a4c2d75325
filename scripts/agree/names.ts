import { DISSECTORS } from '../../packages/dissect/src/index.ts'

/**
 * Names that `protocol` of a flow may have, beside those of the dissectors: what is to be named, whether or not a
 * dissector for it exists. What another program names so is compared even where we say nothing.
 */
const AIMED_AT =
  `dhcp dhcpv6 dns mdns llmnr nbns nbdgm ssdp ws-discovery slp ntp ptp snmp syslog radius tftp http
 http2 tls dtls quic ssh smb dcerpc kerberos ldap rdp vnc telnet ftp ftp-data smtp pop3 imap sip rtp rtcp rtsp mqtt
 coap amqp kafka mssql mysql postgresql oracle mongodb redis nfs rpc iscsi ipp stun ipsec openvpn wireguard socks
 websocket netflow dicom hl7 fhir astm poct1a sdc phd intellivue ge-s5 medibus bcc bacnet modbus enip s7comm
 s7comm-plus opc-ua dnp3 iec104 mms profinet knxip fox lontalk fins hart-ip ge-srtp bsap synchrophasor ethercat ads
 melsec dlms bittorrent teamviewer anydesk ntlm`
    .split(/\s+/)
    .filter((name) => name !== '')

/** Transports, and what a link carries without IP. */
const BELOW = ['tcp', 'udp', 'icmp', 'icmp6', 'igmp', 'sctp', 'esp', 'gre', 'arp']

/** Tunnels over UDP that are flows by these names. */
const TUNNELS = ['capwap', 'geneve', 'gtp', 'teredo', 'vxlan']

const KNOWN = new Set([
  ...TUNNELS,
  ...AIMED_AT,
  ...BELOW,
  ...DISSECTORS.map(({ protocol }) => protocol),
])

/** True for a name that our engine gives or should give. */
export function isOurName(name: string): boolean {
  return KNOWN.has(name)
}
