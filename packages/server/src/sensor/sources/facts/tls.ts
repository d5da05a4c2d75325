import { isIP } from 'node:net'
import type { SourceFact } from '../source.ts'
import { factOf } from '../text.ts'
import type { Ends } from './names.ts'

/** A handshake as a log tells it; texts as the log writes them. */
export interface Handshake {
  readonly prefix: 'tls' | 'dtls' | 'quic'
  readonly ends: Ends
  /** `TLSv12`, `TLS 1.2`, `TLSv1` ... */
  readonly version?: string | undefined
  /** IANA name of the cipher suite chosen. */
  readonly cipher?: string | undefined
  readonly serverName?: string | undefined
  readonly chosenProtocol?: string | undefined
  readonly ja3?: string | undefined
  readonly ja3s?: string | undefined
  readonly ja4?: string | undefined
}

/** A certificate as a log tells it. Times in milliseconds since 1970. */
export interface LoggedCertificate {
  readonly subject?: string | undefined
  /** Names are written from the end (RFC 4514), as Zeek does; Suricata writes them as they stand. */
  readonly isReversed?: boolean
  readonly issuer?: string | undefined
  readonly serial?: string | undefined
  readonly notBefore?: number | undefined
  readonly notAfter?: number | undefined
  readonly alternativeNames?: readonly string[]
  readonly key?: string | undefined
  readonly signature?: string | undefined
  readonly sha256?: string | undefined
}

const DIGEST = /^[\da-f]{32}$/
const JA4 = /^[tdq]\w{9}_[\da-f]{12}_[\da-f]{12}$/
const MOST_NAMES = 16

export function handshakeFacts(handshake: Handshake): SourceFact[] {
  const { prefix, ends, serverName, version, cipher, chosenProtocol, ja3, ja3s, ja4 } = handshake
  const { client, server } = ends
  const name = serverName === undefined || isIP(serverName) > 0 ? undefined : serverName
  return [
    ...factOf(server, `${prefix}.sni`, name),
    ...factOf(client, `${prefix}.contacts`, name),
    ...factOf(server, `${prefix}.version`, versionName(version)),
    ...factOf(server, `${prefix}.weak-cipher`, cipherWeakness(cipher)),
    ...factOf(server, `${prefix}.alpn-chosen`, chosenProtocol),
    ...factOf(client, `${prefix}.ja3`, ja3 !== undefined && DIGEST.test(ja3) ? ja3 : undefined),
    ...factOf(server, `${prefix}.ja3s`, ja3s !== undefined && DIGEST.test(ja3s) ? ja3s : undefined),
    ...factOf(client, `${prefix}.ja4`, ja4 !== undefined && JA4.test(ja4) ? ja4 : undefined),
  ]
}

/** `TLSv12`, `TLS 1.2` and the like in the words of the wire; undefined for what names no version. */
export function versionName(text: string | undefined): string | undefined {
  const match = /^(D?TLS|SSL) ?v?(\d)\.?(\d)?\b/.exec(text ?? '')
  if (match === null) return undefined
  const [, family, major, minor = '0'] = match
  return `${family} ${major}.${minor}`
}

const WEAKNESSES: readonly (readonly [RegExp, string])[] = [
  [/_WITH_NULL_/, 'no encryption'],
  [/_EXPORT/, 'export'],
  [/_anon_/i, 'anonymous'],
  [/_RC4_/, 'RC4'],
  [/_3DES_/, '3DES'],
  [/_DES_/, 'DES'],
]

/** What is wrong with a cipher suite of this name. */
export function cipherWeakness(cipher: string | undefined): string | undefined {
  return cipher === undefined ? undefined : WEAKNESSES.find(([mark]) => mark.test(cipher))?.[1]
}

/** What a certificate says, as fields of `prefix`, without whom it is about. */
export function certificateFields(
  prefix: string,
  certificate: LoggedCertificate,
  isClient = false,
): Omit<SourceFact, 'subject'>[] {
  const subject = readName(certificate.subject, certificate.isReversed)
  const issuer = readName(certificate.issuer, certificate.isReversed)
  const { serial, notBefore, notAfter, alternativeNames = [], key, signature } = certificate
  const say = (name: string, value: string | undefined) =>
    factOf({ ip: '-' }, `${prefix}.certificate-${name}`, value)
  // A client's certificate with a blank in its name is that of a person.
  const isPerson = isClient && /\s/.test(subject.get('CN') ?? '')
  const isSelfSigned =
    certificate.subject !== undefined && certificate.subject === certificate.issuer
  return [
    ...say('subject-cn', isPerson ? undefined : subject.get('CN')),
    ...say('subject-o', subject.get('O')),
    ...say('subject-ou', subject.get('OU')),
    ...say('issuer-cn', issuer.get('CN')),
    ...say('issuer-o', issuer.get('O')),
    ...alternativeNames.slice(0, MOST_NAMES).flatMap((name) => say('san', name)),
    ...say(
      'serial',
      serial
        ?.replaceAll(':', '')
        .toLowerCase()
        .replace(/^(?:00)+(?=..)/, ''),
    ),
    ...say('not-before', isoOf(notBefore)),
    ...say('not-after', isoOf(notAfter)),
    ...say('self-signed', isSelfSigned ? 'yes' : undefined),
    ...say('key', key),
    ...say('signature', signature),
    ...say('sha256', certificate.sha256),
  ].map(({ field, value }) => ({ field, value }))
}

function isoOf(milliseconds: number | undefined): string | undefined {
  if (milliseconds === undefined || !(Math.abs(milliseconds) < 8e15)) return undefined
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** The parts of a distinguished name in text; of each kind the first as the certificate has it. */
export function readName(
  text: string | undefined,
  isReversed = false,
): ReadonlyMap<string, string> {
  const parts = new Map<string, string>()
  for (const part of (text ?? '').slice(0, 2048).split(/(?<!\\),\s*/)) {
    const at = part.indexOf('=')
    if (at < 1) continue
    const kind = part.slice(0, at).trim().toUpperCase()
    if (isReversed || !parts.has(kind)) {
      parts.set(kind, part.slice(at + 1).replaceAll(/\\([,+"\\<>;=# ])/g, '$1'))
    }
  }
  return parts
}

const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^(md2|md5|sha1|sha256|sha384|sha512)WithRSAEncryption$/i, 'RSA'],
  [/^ecdsa-with-(sha1|sha256|sha384|sha512)$/i, 'ECDSA'],
  [/^dsa(?:_with_|With)(sha1|sha256)$/i, 'DSA'],
]

/** OpenSSL's name of a signature algorithm in the words of the wire. */
export function signatureName(text: string | undefined): string | undefined {
  for (const [pattern, family] of SIGNATURES) {
    const digest = pattern.exec(text ?? '')?.[1]?.toUpperCase()
    if (digest !== undefined) return `${family} with ${digest.replace(/^SHA/, 'SHA-')}`
  }
  return undefined
}

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

/** `RSA 2048`, `EC P-256`. */
export function keyName(
  type: string | undefined,
  length: string | undefined,
  curve: string | undefined,
): string | undefined {
  if (type === 'rsa') return `RSA ${length ?? ''}`.trim()
  if (type === 'ecdsa') return `EC ${CURVES[curve ?? ''] ?? curve ?? ''}`.trim()
  return type?.toUpperCase()
}
