import type { Cursor } from '../cursor.ts'
import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { cipherWeakness } from './tls-ciphers.ts'
import {
  alpn,
  chosenVersion,
  type Hello,
  highestVersion,
  ja3,
  ja3s,
  ja4,
  serverName,
} from './tls-hello.ts'
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

/** Facts of a ClientHello; `prefix` is the protocol that carried it, and so the first part of each field. */
export function* clientFacts(
  prefix: Wrapper,
  from: Side,
  hello: Hello | undefined,
): Generator<Fact> {
  if (hello === undefined) return
  const asked = serverName(hello)
  // An address is no name, though some clients send it as one (RFC 6066 §3 forbids that).
  const name = /^[\d.]+$|:/.test(asked) ? '' : asked
  yield* factOf(from === 'client' ? 'server' : 'client', `${prefix}.sni`, name)
  yield* factOf(from, `${prefix}.contacts`, name)
  yield* factOf(from, `${prefix}.alpn`, alpnText(hello))
  const version = highestVersion(hello)
  yield* factOf(from, `${prefix}.client-version`, versionName(version))
  yield* factOf(from, `${prefix}.ja3`, ja3(hello))
  yield* factOf(from, `${prefix}.ja4`, ja4(hello, TRANSPORT[prefix]))
}

/** Facts of a ServerHello. */
export function* serverFacts(
  prefix: Wrapper,
  from: Side,
  hello: Hello | undefined,
): Generator<Fact> {
  if (hello === undefined) return
  const version = chosenVersion(hello)
  const cipher = hello.ciphers[0] ?? 0
  yield* factOf(from, `${prefix}.version`, versionName(version))
  yield* factOf(from, `${prefix}.cipher`, hex(cipher))
  yield* factOf(from, `${prefix}.weak-cipher`, cipherWeakness(cipher))
  yield* factOf(from, `${prefix}.alpn-chosen`, alpnText(hello))
  yield* factOf(from, `${prefix}.ja3s`, ja3s(hello))
}

function alpnText(hello: Hello): string {
  return alpn(hello)
    .map((name) => String.fromCharCode(...name))
    .join(',')
}

/** Certificates up to TLS 1.2 (RFC 5246 §7.4.2): the first is the sender's own. */
export function* certificateFacts(prefix: Wrapper, from: Side, message: Cursor): Generator<Fact> {
  const list = message.take(message.u24())
  const certificate = readCertificate(list.view(list.u24()))
  if (certificate !== undefined) yield* ownFacts(prefix, from, certificate)
}

function* ownFacts(prefix: Wrapper, from: Side, own: Certificate): Generator<Fact> {
  const say = (name: string, value: string | undefined) =>
    factOf(from, `${prefix}.certificate-${name}`, value)
  // The certificate of a person, on a smart card, names that person; a device has no blank in its name.
  const isPerson = from === 'client' && /\s/.test(own.subject.commonName ?? '')
  yield* say('subject-cn', isPerson ? undefined : own.subject.commonName)
  yield* say('subject-o', own.subject.organization)
  yield* say('subject-ou', own.subject.organizationalUnit)
  yield* say('issuer-cn', own.issuer.commonName)
  yield* say('issuer-o', own.issuer.organization)
  for (const name of own.alternativeNames) yield* say('san', name)
  yield* say('serial', own.serial)
  yield* say('not-before', own.notBefore)
  yield* say('not-after', own.notAfter)
  yield* say('self-signed', own.isSelfIssued ? 'yes' : undefined)
  yield* say('key', own.key)
  yield* say('signature', own.signature)
  yield* say('sha256', own.fingerprint)
}

const hex = (value: number) => `0x${value.toString(16).padStart(4, '0')}`
