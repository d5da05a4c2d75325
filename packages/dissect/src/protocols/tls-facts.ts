import type { Cursor } from '../cursor.ts'
import type { Fact, Side } from '../dissector.ts'
import { BytesMemo } from '../memo.ts'
import { addFact } from '../printable.ts'
import { cipherWeakness } from './tls-ciphers.ts'
import { alpn, chosenVersion, clientMarks, type Hello, ja3s, serverName } from './tls-hello.ts'
import { type Certificate, readCertificate } from './x509.ts'

/** The protocols whose handshake is that of TLS. */
type Wrapper = 'tls' | 'dtls' | 'quic'

/** Letter of the transport in a JA4. */
const TRANSPORT = { tls: 't', dtls: 'd', quic: 'q' } as const

const VERSION_NAME: Readonly<Record<number, string>> = {
  0x0002: 'SSL 2.0',
  0x0300: 'SSL 3.0',
  0x0301: 'TLS 1.0',
  0x0302: 'TLS 1.1',
  0x0303: 'TLS 1.2',
  0x0304: 'TLS 1.3',
  0xfeff: 'DTLS 1.0',
  0xfefd: 'DTLS 1.2',
  0xfefc: 'DTLS 1.3',
}

/** A version of TLS or DTLS in words; of an unknown one, its number. */
export function versionName(version: number): string {
  return VERSION_NAME[version] ?? hex(version)
}

interface HelloFields {
  readonly sni: string
  readonly contacts: string
  readonly alpn: string
  readonly clientVersion: string
  readonly ja3: string
  readonly ja4: string
  readonly version: string
  readonly cipher: string
  readonly weakCipher: string
  readonly alpnChosen: string
  readonly ja3s: string
}

const FIELDS: Readonly<Record<Wrapper, HelloFields>> = {
  tls: fieldsOf('tls'),
  dtls: fieldsOf('dtls'),
  quic: fieldsOf('quic'),
}

function fieldsOf(prefix: Wrapper): HelloFields {
  return {
    sni: `${prefix}.sni`,
    contacts: `${prefix}.contacts`,
    alpn: `${prefix}.alpn`,
    clientVersion: `${prefix}.client-version`,
    ja3: `${prefix}.ja3`,
    ja4: `${prefix}.ja4`,
    version: `${prefix}.version`,
    cipher: `${prefix}.cipher`,
    weakCipher: `${prefix}.weak-cipher`,
    alpnChosen: `${prefix}.alpn-chosen`,
    ja3s: `${prefix}.ja3s`,
  }
}

/** Facts of a ClientHello; `prefix` is the protocol that carried it, and so the first part of each field. */
export function clientFacts(prefix: Wrapper, from: Side, hello: Hello | undefined): Fact[] {
  const facts: Fact[] = []
  if (hello === undefined) return facts
  const fields = FIELDS[prefix]
  const asked = serverName(hello)
  // An address is no name, though some clients send it as one (RFC 6066 §3 forbids that).
  const name = /^[\d.]+$|:/.test(asked) ? '' : asked
  addFact(facts, from === 'client' ? 'server' : 'client', fields.sni, name)
  addFact(facts, from, fields.contacts, name)
  addFact(facts, from, fields.alpn, alpnText(hello))
  const marks = clientMarks(hello, TRANSPORT[prefix])
  addFact(facts, from, fields.clientVersion, versionName(marks.version))
  addFact(facts, from, fields.ja3, marks.ja3)
  addFact(facts, from, fields.ja4, marks.ja4)
  return facts
}

/** Facts of a ServerHello. */
export function serverFacts(prefix: Wrapper, from: Side, hello: Hello | undefined): Fact[] {
  const facts: Fact[] = []
  if (hello === undefined) return facts
  const fields = FIELDS[prefix]
  const version = chosenVersion(hello)
  const cipher = hello.ciphers[0] ?? 0
  addFact(facts, from, fields.version, versionName(version))
  addFact(facts, from, fields.cipher, hex(cipher))
  addFact(facts, from, fields.weakCipher, cipherWeakness(cipher))
  addFact(facts, from, fields.alpnChosen, alpnText(hello))
  addFact(facts, from, fields.ja3s, ja3s(hello))
  return facts
}

function alpnText(hello: Hello): string {
  const names = alpn(hello)
  if (names.length === 0) return ''
  return names.map((name) => String.fromCharCode(...name)).join(',')
}

/** Names with a blank in certificates of clients that are those of a program. */
const PROGRAMS: ReadonlySet<string> = new Set(['AnyDesk Client'])

/** Certificates of the servers of a site come with every connection. */
const KNOWN = new Map<string, BytesMemo<readonly Fact[]>>()
/** Certificates behind the sender's own that are looked at. */
const MOST_ISSUERS = 6

/**
 * Certificates up to TLS 1.2 (RFC 5246 §7.4.2): the first is the sender's own, those behind it are of the authorities that
 * vouch for one another.
 */
export function certificateFacts(prefix: Wrapper, from: Side, message: Cursor): readonly Fact[] {
  const list = message.take(message.u24())
  const own = list.view(list.u24())
  const facts = knownFacts(prefix, from, own)
  const issuers: Fact[] = []
  let below = own
  let count = 1
  for (; count <= MOST_ISSUERS && list.remaining > 3; count++) {
    const bytes = list.view(list.u24())
    if (!list.ok) break
    for (const fact of authorityFacts(prefix, from, below, bytes)) issuers.push(fact)
    below = bytes
  }
  if (facts.length === 0) return issuers
  const chain = { subject: from, field: `${prefix}.certificate-chain`, value: String(count) }
  return [...facts, chain, ...issuers]
}

function knownFacts(prefix: Wrapper, from: Side, bytes: Uint8Array): readonly Fact[] {
  const place = `${prefix} ${from}`
  let memo = KNOWN.get(place)
  if (memo === undefined) KNOWN.set(place, (memo = new BytesMemo()))
  const known = memo.get(bytes)
  if (known !== undefined) return known
  const certificate = readCertificate(bytes)
  const facts = certificate === undefined ? [] : ownFacts(prefix, from, certificate)
  memo.set(bytes, facts)
  return facts
}

/** Of an authority: of one that issued the certificate before it. Another that stands there may be anybody's. */
function authorityFacts(prefix: Wrapper, from: Side, below: Uint8Array, bytes: Uint8Array): Fact[] {
  const issued = certificateOf(below)
  const own = certificateOf(bytes)
  const isIssuer = issued && own && isSameName(issued.issuer, own.subject)
  return isIssuer ? issuerFacts(prefix, from, own) : []
}

function isSameName(one: Certificate['subject'], other: Certificate['subject']): boolean {
  return (
    one.commonName === other.commonName &&
    one.organization === other.organization &&
    one.organizationalUnit === other.organizationalUnit
  )
}

const READ = new BytesMemo<{ readonly certificate: Certificate | undefined }>()

function certificateOf(bytes: Uint8Array): Certificate | undefined {
  const known = READ.get(bytes)
  if (known !== undefined) return known.certificate
  const certificate = readCertificate(bytes)
  READ.set(bytes, { certificate })
  return certificate
}

/** Shortest RSA key, in bits, that authorities may still have (CA/Browser Forum, Baseline Requirements §6.1.5). */
const LEAST_RSA = 2048

function issuerFacts(prefix: Wrapper, from: Side, issuer: Certificate): Fact[] {
  const facts: Fact[] = []
  const { subject, key, signature, isSelfIssued } = issuer
  // Behind the certificate of a client may stand another one of a person.
  const name = from === 'client' ? undefined : (subject.commonName ?? subject.organization)
  addFact(facts, from, `${prefix}.certificate-chain-cn`, name)
  const bits = /^RSA (\d+)$/.exec(key)?.[1]
  const isShort = bits !== undefined && Number(bits) < LEAST_RSA
  addFact(facts, from, `${prefix}.certificate-chain-weak`, isShort ? key : undefined)
  // Nobody checks how a root signed itself.
  const isForgeable = !isSelfIssued && /\bwith (?:MD[25]|SHA-1)\b/.test(signature)
  addFact(facts, from, `${prefix}.certificate-chain-weak`, isForgeable ? signature : undefined)
  return facts
}

function ownFacts(prefix: Wrapper, from: Side, own: Certificate): Fact[] {
  const facts: Fact[] = []
  const say = (name: string, value: string | undefined) =>
    addFact(facts, from, `${prefix}.certificate-${name}`, value)
  // The certificate of a person, on a smart card, names that person; a device has no blank in its name.
  const name = own.subject.commonName ?? ''
  const isPerson = from === 'client' && /\s/.test(name) && !PROGRAMS.has(name)
  say('subject-cn', isPerson ? undefined : own.subject.commonName)
  say('subject-o', own.subject.organization)
  say('subject-ou', own.subject.organizationalUnit)
  say('issuer-cn', own.issuer.commonName)
  say('issuer-o', own.issuer.organization)
  for (const name of own.alternativeNames) say('san', name)
  say('serial', own.serial)
  say('not-before', own.notBefore)
  say('not-after', own.notAfter)
  say('self-signed', own.isSelfIssued ? 'yes' : undefined)
  say('key', own.key)
  say('signature', own.signature)
  say('sha256', own.fingerprint)
  return facts
}

const hex = (value: number) => `0x${value.toString(16).padStart(4, '0')}`
