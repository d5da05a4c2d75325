import {
  certificateFields,
  handshakeFacts,
  keyName,
  signatureName,
  versionName,
} from './facts/tls.ts'
import type { Ends } from './facts/names.ts'
import type { Memory } from './memory.ts'
import type { SourceFact } from './source.ts'
import { factOf, hostOf } from './text.ts'
import type { ZeekRow } from './zeek-row.ts'

const MOST_HOSTS = 64

/**
 * ssl.log. The certificate itself stands in x509.log, under a name that only this line ties to a host: whichever
 * comes first waits for the other.
 */
export function ssl(row: ZeekRow, ends: Ends, memory: Memory): SourceFact[] {
  const prefix = versionName(row.text('version'))?.startsWith('DTLS') === true ? 'dtls' : 'tls'
  const own = row.list('cert_chain_fps')[0] ?? row.list('cert_chain_fuids')[0]
  return [
    ...handshakeFacts({
      prefix,
      ends,
      version: row.text('version'),
      cipher: row.text('cipher'),
      serverName: row.text('server_name'),
      chosenProtocol: row.text('next_protocol'),
      ja3: row.text('ja3'),
      ja3s: row.text('ja3s'),
      ja4: row.text('ja4'),
    }),
    ...namesOf(row, prefix, ends),
    ...(prefix === 'tls' ? certificateOf(own, ends.server.ip, memory) : []),
  ]
}

/** Names that stand in ssl.log itself. */
function namesOf(row: ZeekRow, prefix: string, { client, server }: Ends): SourceFact[] {
  const shown = { subject: row.text('subject'), issuer: row.text('issuer'), isReversed: true }
  const returned = {
    subject: row.text('client_subject'),
    issuer: row.text('client_issuer'),
    isReversed: true,
  }
  return [
    ...certificateFields(prefix, shown).flatMap(({ field, value }) => factOf(server, field, value)),
    ...certificateFields(prefix, returned, true).flatMap(({ field, value }) =>
      factOf(client, field, value),
    ),
  ]
}

function certificateOf(
  name: string | undefined,
  ip: string | undefined,
  { certificates }: Memory,
): SourceFact[] {
  if (name === undefined || ip === undefined) return []
  const known = certificates.get(name) ?? { facts: [], hosts: [] }
  if (!known.hosts.includes(ip) && known.hosts.length < MOST_HOSTS) {
    certificates.set(name, { ...known, hosts: [...known.hosts, ip] })
  }
  return known.facts.flatMap(({ field, value }) => factOf({ ip }, field, value))
}

/** x509.log. Certificates of clients are not told apart here: they stay untold unless a server shows them. */
export function x509(row: ZeekRow, { certificates }: Memory): SourceFact[] {
  const name = row.text('fingerprint') ?? row.text('id')
  if (name === undefined) return []
  const facts = certificateFields('tls', {
    isReversed: true,
    subject: row.text('certificate.subject'),
    issuer: row.text('certificate.issuer'),
    serial: row.text('certificate.serial'),
    notBefore: millisOf(row, 'certificate.not_valid_before'),
    notAfter: millisOf(row, 'certificate.not_valid_after'),
    alternativeNames: [...row.list('san.dns'), ...row.list('san.ip')],
    key: keyName(
      row.text('certificate.key_type'),
      row.text('certificate.key_length'),
      row.text('certificate.curve'),
    ),
    signature: signatureName(row.text('certificate.sig_alg')),
    sha256: /^[\da-f]{64}$/.test(name) ? name : undefined,
  })
  const hosts = certificates.get(name)?.hosts ?? []
  certificates.set(name, { facts, hosts })
  return hosts.flatMap((ip) => facts.flatMap(({ field, value }) => factOf({ ip }, field, value)))
}

function millisOf(row: ZeekRow, name: string): number | undefined {
  const micros = row.micros(name)
  return micros === undefined ? undefined : micros / 1000
}

/** known_certs.log. */
export function knownCertificates(row: ZeekRow): SourceFact[] {
  const ip = hostOf(row.text('host'))
  if (ip === undefined) return []
  return certificateFields('tls', {
    isReversed: true,
    subject: row.text('subject'),
    issuer: row.text('issuer_subject'),
    serial: row.text('serial'),
  }).flatMap(({ field, value }) => factOf({ ip }, field, value))
}
