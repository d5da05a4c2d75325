import { Cursor, latin1, utf8 } from '../cursor.ts'
import { sha256 } from '../digest.ts'
import { table } from '../table.ts'
import { BER, type BerElement, berElements, berOid, expectBer, readBer } from './ber.ts'

/** The parts of a distinguished name that say who made or runs a thing (RFC 5280 §4.1.2.4). */
export interface DistinguishedName {
  readonly commonName: string | undefined
  readonly organization: string | undefined
  readonly organizationalUnit: string | undefined
}

/** What a certificate says of its device (RFC 5280 §4.1). */
export interface Certificate {
  readonly subject: DistinguishedName
  readonly issuer: DistinguishedName
  /** Subject and issuer are the same name. */
  readonly isSelfIssued: boolean
  /** Hexadecimal, without leading zero octets. */
  readonly serial: string
  /** ISO 8601 in UTC, to the second. */
  readonly notBefore: string
  readonly notAfter: string
  /** DNS names and IPv4 addresses, at most 16. */
  readonly alternativeNames: readonly string[]
  /** `RSA 2048`, `EC P-256`, or the algorithm's identifier. */
  readonly key: string
  readonly signature: string
  /** SHA-256 of the whole certificate. */
  readonly fingerprint: string
}

const NAME_PART = table<keyof DistinguishedName>({
  '2.5.4.3': 'commonName',
  '2.5.4.10': 'organization',
  '2.5.4.11': 'organizationalUnit',
})

const ALGORITHM = table<string>({
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.113549.1.1.2': 'RSA with MD2',
  '1.2.840.113549.1.1.4': 'RSA with MD5',
  '1.2.840.113549.1.1.5': 'RSA with SHA-1',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.113549.1.1.11': 'RSA with SHA-256',
  '1.2.840.113549.1.1.12': 'RSA with SHA-384',
  '1.2.840.113549.1.1.13': 'RSA with SHA-512',
  '1.3.14.3.2.29': 'RSA with SHA-1',
  '1.2.840.10040.4.1': 'DSA',
  '1.2.840.10040.4.3': 'DSA with SHA-1',
  '1.2.840.10045.2.1': 'EC',
  '1.2.840.10045.4.1': 'ECDSA with SHA-1',
  '1.2.840.10045.4.3.2': 'ECDSA with SHA-256',
  '1.2.840.10045.4.3.3': 'ECDSA with SHA-384',
  '1.2.840.10045.4.3.4': 'ECDSA with SHA-512',
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.33': 'P-224',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
})

const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17'
const EXPLICIT_VERSION = 0xa0
const EXPLICIT_EXTENSIONS = 0xa3
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87
const MOST_NAMES = 16

/** Reads a certificate in DER; undefined when it is not one. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  const outer = expectBer(new Cursor(der), BER.sequence)
  const inner = expectBer(outer, BER.sequence)
  const first = readBer(inner)
  const serial = first.tag === EXPLICIT_VERSION ? expectBer(inner, BER.integer) : first.body
  const signature = algorithmName(expectBer(inner, BER.sequence))
  const issuer = expectBer(inner, BER.sequence)
  const validity = expectBer(inner, BER.sequence)
  const subject = expectBer(inner, BER.sequence)
  const key = keyName(expectBer(inner, BER.sequence))
  if (!inner.ok || !subject.ok) return undefined
  return {
    isSelfIssued: isSame(issuer, subject),
    subject: readName(subject),
    issuer: readName(issuer),
    serial: hexOf(serial.view(Math.min(serial.remaining, 32))).replace(/^(00)+(?=..)/, ''),
    notBefore: readTime(readBer(validity)),
    notAfter: readTime(readBer(validity)),
    alternativeNames: [...alternativeNames(inner)].slice(0, MOST_NAMES),
    key,
    signature,
    fingerprint: sha256(der),
  }
}

/** A distinguished name: a sequence of sets of attributes; of each kind the first counts. */
export function readName(name: Cursor): DistinguishedName {
  const parts: Partial<Record<keyof DistinguishedName, string>> = {}
  for (const { body: set } of berElements(name, 32)) {
    const attribute = expectBer(set, BER.sequence)
    const part = NAME_PART[berOid(expectBer(attribute, BER.oid))]
    if (part !== undefined) parts[part] ??= readString(readBer(attribute))
  }
  return {
    commonName: parts.commonName,
    organization: parts.organization,
    organizationalUnit: parts.organizationalUnit,
  }
}

/** Text of a directory string: BMPString is UTF-16, UTF8String UTF-8, all others are read as Latin-1. */
function readString({ tag, body }: BerElement): string {
  const bytes = body.view(Math.min(body.remaining, 512))
  if (tag === 0x0c) return utf8(bytes)
  if (tag !== 0x1e) return latin1(bytes)
  let text = ''
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode((bytes[at]! << 8) | bytes[at + 1]!)
  }
  return text
}

function algorithmName(algorithm: Cursor): string {
  const oid = berOid(expectBer(algorithm, BER.oid))
  return ALGORITHM[oid] ?? oid
}

function keyName(publicKey: Cursor): string {
  const algorithm = expectBer(publicKey, BER.sequence)
  const name = algorithmName(algorithm)
  if (name === 'EC') {
    const curve = berOid(expectBer(algorithm, BER.oid))
    return `EC ${ALGORITHM[curve] ?? curve}`
  }
  if (name !== 'RSA' && name !== 'RSA-PSS') return name
  const bits = expectBer(publicKey, BER.bitString).skip(1)
  const modulus = expectBer(expectBer(bits, BER.sequence), BER.integer)
  return modulus.remaining === 0 ? name : `${name} ${bitLength(modulus)}`
}

function bitLength(integer: Cursor): number {
  while (integer.remaining > 1 && integer.peek() === 0) integer.skip(1)
  return (integer.remaining - 1) * 8 + (32 - Math.clz32(integer.peek()))
}

/** UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 has them: always in UTC, with seconds. */
function readTime({ tag, body }: BerElement): string {
  const digits = body.text(body.remaining)
  const isShort = tag === BER.utcTime
  const parts = (isShort ? SHORT_TIME : LONG_TIME).exec(digits)
  if (!parts) return ''
  const [, year = '', month, day, hour, minute, second = '00'] = parts
  // Two digits below 50 are of this century (RFC 5280 §4.1.2.5.1).
  const century = isShort ? (Number(year) < 50 ? '20' : '19') : ''
  return `${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`
}

const SHORT_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?/
const LONG_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?/

function* alternativeNames(rest: Cursor): Generator<string> {
  for (const { tag, body } of berElements(rest, 4)) {
    if (tag !== EXPLICIT_EXTENSIONS) continue
    for (const { body: extension } of berElements(expectBer(body, BER.sequence), 64)) {
      if (berOid(expectBer(extension, BER.oid)) !== SUBJECT_ALTERNATIVE_NAME) continue
      if (extension.peek() === BER.boolean) readBer(extension)
      const names = expectBer(expectBer(extension, BER.octetString), BER.sequence)
      for (const { tag: kind, body: name } of berElements(names, 64)) {
        if (kind === DNS_NAME) yield name.text(Math.min(name.remaining, 256))
        if (kind === IP_ADDRESS && name.remaining === 4) yield [...name.view(4)].join('.')
      }
    }
  }
}

function isSame(left: Cursor, right: Cursor): boolean {
  if (left.remaining !== right.remaining) return false
  for (let at = 0; at < left.remaining; at++) if (left.peek(at) !== right.peek(at)) return false
  return true
}

function hexOf(bytes: Uint8Array): string {
  let digits = ''
  for (const byte of bytes) digits += byte.toString(16).padStart(2, '0')
  return digits
}
