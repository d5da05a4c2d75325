const ACRONYMS = new Map(
  `AE ARP ASTM BACnet BMD CDP CIP CN CoAP CPU CT CVE DCERPC DHCP DHCPv6 DICOM DNP3 DNS EAP
ECG EEG EtherNet FHIR FTP GE GRE HL7 HTTP HTTPS ICMP ICU ID IEC IGMP IKE IMAP IP
IPP IPv4 IPv6 ISO IT JA3 JA4 JA4S KNX LDAP LLDP LLMNR LPD MAC MDL MLLP MQTT MR
MRI MySQL NAS NBNS NetBIOS NTP OID ONVIF OPC OS OT OU OUI PACS PC PLC POCT1 POP3
PostgreSQL QUIC RADIUS RDP RIS RTCP RTP RTSP SCTP SDC SIP SMB SMB1 SMBv1 SMTP SNI
SNMP SOAP SSDP SSH STUN TCP TFTP TLS UDP UDI UID UPS URL USB UUID VLAN VNC VoIP
WSD mDNS`
    .split(/\s/)
    .map((word): [string, string] => [word.toLowerCase(), word]),
)

/** A code as words: `infusion-pump` to "Infusion pump", `not-in-use` to "Not in use". */
export function say(code: string): string {
  const words = code.split(/[-_]/).map((word) => ACRONYMS.get(word.toLowerCase()) ?? word)
  const text = words.join(' ')
  return text.charAt(0) === text.charAt(0).toLowerCase() &&
    !ACRONYMS.has(words[0]?.toLowerCase() ?? '')
    ? text.charAt(0).toUpperCase() + text.slice(1)
    : text
}

/** An observation field as words: `dhcp.vendor-class` to "DHCP vendor class". */
export function sayField(field: string): string {
  const words = field.split(/[.-]/).map((word) => ABBREVIATED[word] ?? word)
  return say(words.join('-'))
}

/** Words that a protocol shortens and nobody else does. */
const ABBREVIATED: Readonly<Record<string, string>> = {
  descr: 'description',
  ent: 'entity',
  rev: 'revision',
  sys: 'system',
}

/** How sure, in words; always shown beside the number. */
export function sayConfidence(confidence: number): string {
  if (confidence >= 0.95) return 'very sure'
  if (confidence >= 0.8) return 'sure'
  if (confidence >= 0.6) return 'likely'
  if (confidence >= 0.4) return 'unsure'
  return 'a guess'
}

/** Weight of evidence (log-odds) in words. */
export function sayWeight(weight: number): string {
  const size = Math.abs(weight)
  if (size >= 3) return 'decisive'
  if (size >= 1.5) return 'strong'
  if (size >= 0.7) return 'moderate'
  return 'weak'
}

const counts = new Intl.NumberFormat('en-GB')

export function sayCount(count: number): string {
  return counts.format(count)
}

/** "1 device", "3 devices". */
export function sayMany(count: number, one: string, more = `${one}s`): string {
  return `${sayCount(count)} ${count === 1 ? one : more}`
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes in decimal units. */
export function sayBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1)
  const value = bytes / 1000 ** power
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
const STEPS = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** The clock of a page stands still for so long. */
export const CLOCK_MS = 30_000

/** "3 minutes ago", "in 2 hours"; what a clock that stands still takes for the near future has just happened. */
export function sayAgo(time: string, now: number): string {
  const distance = Date.parse(time) - now
  const step = STEPS.find(([, size]) => Math.abs(distance) >= size)
  if (!step) return distance > CLOCK_MS ? 'in a moment' : 'just now'
  return relative.format(Math.round(distance / step[1]), step[0])
}

export function sayExact(time: string): string {
  return exact.format(new Date(time))
}

/** A date without a time, as written in a contract. */
export function sayDate(date: string): string {
  return day.format(new Date(`${date}T00:00:00Z`))
}
