import type { Cursor } from '../cursor.ts'
import { md5, sha256 } from '../digest.ts'
import { TextMemo } from '../memo.ts'

/** A ClientHello or ServerHello (RFC 8446 §4.1), GREASE values (RFC 8701) still in it. */
export interface Hello {
  /** Version of the message itself, as on the wire. */
  readonly version: number
  /** Offered by a client; the one chosen by a server. */
  readonly ciphers: readonly number[]
  /** In the order of the wire. */
  readonly extensions: readonly Extension[]
}

export interface Extension {
  readonly type: number
  readonly bytes: Uint8Array
}

export const EXTENSION = {
  serverName: 0,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  supportedVersions: 43,
} as const

const MOST_EXTENSIONS = 256

/**
 * Body of a ClientHello, after type and length; that of DTLS has a cookie (RFC 6347 §4.2.1). Undefined when it is cut or
 * malformed.
 */
export function readClientHello(body: Cursor, hasCookie = false): Hello | undefined {
  const version = body.u16()
  body.skip(32)
  body.skip(body.u8())
  if (hasCookie) body.skip(body.u8())
  const ciphers = listOf16(body.take(body.u16()))
  body.skip(body.u8())
  return body.ok ? { version, ciphers, extensions: readExtensions(body) } : undefined
}

/** Body of a ServerHello, after type and length. */
export function readServerHello(body: Cursor): Hello | undefined {
  const version = body.u16()
  body.skip(32)
  body.skip(body.u8())
  const cipher = body.u16()
  body.skip(1)
  return body.ok ? { version, ciphers: [cipher], extensions: readExtensions(body) } : undefined
}

function readExtensions(body: Cursor): Extension[] {
  const extensions: Extension[] = []
  if (body.remaining < 2) return extensions
  const list = body.take(body.u16())
  while (list.remaining > 0 && extensions.length < MOST_EXTENSIONS) {
    const type = list.u16()
    const bytes = list.view(list.u16())
    if (list.ok) extensions.push({ type, bytes })
  }
  return extensions
}

/** Values kept by clients to see that servers ignore what they do not know (RFC 8701). */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff)
}

/** JA3: MD5 over version, ciphers, extensions, groups and point formats in the order of the wire. */
export function ja3({ version, ciphers, extensions }: Hello): string {
  const joined = (values: readonly number[]) => values.filter((v) => !isGrease(v)).join('-')
  const types = extensions.map(({ type }) => type)
  const groups = prefixed16(bytesOf(extensions, EXTENSION.supportedGroups))
  const formats = [...bytesOf(extensions, EXTENSION.pointFormats).subarray(1)]
  const parts = [version, joined(ciphers), joined(types), joined(groups), formats.join('-')]
  return md5(parts.join(','))
}

const SERVER_MARKS = new TextMemo<string>()

/** JA3S: MD5 over version, chosen cipher and extensions of a ServerHello. */
export function ja3s({ version, ciphers, extensions }: Hello): string {
  let text = `${version},${ciphers[0] ?? 0},`
  for (let at = 0; at < extensions.length; at++) {
    text += at === 0 ? extensions[at]!.type : `-${extensions[at]!.type}`
  }
  return SERVER_MARKS.get(text, () => md5(text))
}

/** What tells the software of clients apart. */
export interface ClientMarks {
  /** The highest version that is offered. */
  readonly version: number
  readonly ja3: string
  readonly ja4: string
}

const CLIENT_MARKS = new TextMemo<ClientMarks>()
/** Numbers in a hello up to which it is looked for among those seen before. */
const MOST_NUMBERS = 1024

/** Marks of a ClientHello: the same software says hello in the same words. */
export function clientMarks(hello: Hello, transport: 't' | 'q' | 'd'): ClientMarks {
  const make = (): ClientMarks => ({
    version: highestVersion(hello),
    ja3: ja3(hello),
    ja4: ja4(hello, transport),
  })
  const key = keyOf(hello, transport)
  return key === undefined ? make() : CLIENT_MARKS.get(key, make)
}

/** All that the marks are made of, one character for each number and the count before each list. */
function keyOf({ version, ciphers, extensions }: Hello, transport: string): string | undefined {
  if (ciphers.length > MOST_NUMBERS) return undefined
  const numbers: number[] = [transport.charCodeAt(0), version, 0]
  for (const cipher of ciphers) if (!isGrease(cipher)) numbers.push(cipher)
  numbers[2] = numbers.length
  for (const { type, bytes } of extensions) {
    if (isGrease(type)) continue
    numbers.push(type)
    if (!MARKING.has(type)) continue
    if (numbers.length + bytes.length > MOST_NUMBERS) return undefined
    const count = numbers.push(0) - 1
    addBytes(numbers, type, bytes)
    numbers[count] = numbers.length - count
  }
  return String.fromCharCode(...numbers)
}

/** Extensions whose content is part of a mark. */
const MARKING: ReadonlySet<number> = new Set([
  EXTENSION.supportedGroups,
  EXTENSION.pointFormats,
  EXTENSION.signatureAlgorithms,
  EXTENSION.alpn,
  EXTENSION.supportedVersions,
])

function addBytes(numbers: number[], type: number, bytes: Uint8Array): void {
  // Values kept free come at random in the lists of 16 bits, and make no difference to a mark.
  const start = type === EXTENSION.supportedVersions ? 1 : 2
  const isList = type !== EXTENSION.pointFormats && type !== EXTENSION.alpn
  if (!isList) for (let at = 0; at < bytes.length; at++) numbers.push(bytes[at]!)
  for (let at = start; isList && at + 1 < bytes.length; at += 2) {
    const value = (bytes[at]! << 8) | bytes[at + 1]!
    if (!isGrease(value)) numbers.push(value)
  }
}

const JA4_VERSION: Readonly<Record<number, string>> = {
  0x0304: '13',
  0x0303: '12',
  0x0302: '11',
  0x0301: '10',
  0x0300: 's3',
  0x0002: 's2',
  0xfeff: 'd1',
  0xfefd: 'd2',
  0xfefc: 'd3',
}

/** JA4 of a client, as its BSD-licensed definition has it. `transport` is `t` for TCP, `q` QUIC, `d` DTLS. */
export function ja4(hello: Hello, transport: 't' | 'q' | 'd' = 't'): string {
  const ciphers = hello.ciphers.filter((value) => !isGrease(value))
  const types = hello.extensions.map(({ type }) => type).filter((value) => !isGrease(value))
  const sni = types.includes(EXTENSION.serverName) ? 'd' : 'i'
  const version = JA4_VERSION[highestVersion(hello)] ?? '00'
  const head = `${transport}${version}${sni}${count(ciphers)}${count(types)}${alpnMark(hello)}`
  const sorted = types.filter((type) => type !== EXTENSION.serverName && type !== EXTENSION.alpn)
  const algorithms = prefixed16(bytesOf(hello.extensions, EXTENSION.signatureAlgorithms))
  const signed = algorithms
    .filter((value) => !isGrease(value))
    .map(hex16)
    .join(',')
  const extensions = sorted.map(hex16).toSorted().join(',')
  const tail = signed === '' ? extensions : `${extensions}_${signed}`
  return `${head}_${hashed(ciphers.map(hex16).toSorted().join(','))}_${types.length === 0 ? hashed('') : hashed(tail)}`
}

/** The highest version a client offers: of the supported_versions extension, else of the message. */
export function highestVersion({ version, extensions }: Hello): number {
  const offered = bytesOf(extensions, EXTENSION.supportedVersions).subarray(1)
  const versions = pairs(offered).filter((value) => !isGrease(value))
  if (versions.length === 0) return version
  // DTLS counts downwards.
  return version >= 0xfe00 ? Math.min(version, ...versions) : Math.max(...versions)
}

/** The version a server chose (RFC 8446 §4.2.1). */
export function chosenVersion({ version, extensions }: Hello): number {
  return pairs(bytesOf(extensions, EXTENSION.supportedVersions))[0] ?? version
}

/** Host names of the server_name extension (RFC 6066 §3); the first is what clients send. */
export function serverName(hello: Hello): string {
  const bytes = bytesOf(hello.extensions, EXTENSION.serverName)
  if (bytes.length < 5 || bytes[2] !== 0) return ''
  const length = (bytes[3]! << 8) | bytes[4]!
  return latin(bytes.subarray(5, 5 + length))
}

/** Application protocols offered or chosen (RFC 7301 §3.1). */
export function alpn(hello: Hello): Uint8Array[] {
  const bytes = bytesOf(hello.extensions, EXTENSION.alpn)
  const names: Uint8Array[] = []
  for (let at = 2; at < bytes.length && names.length < 32; at += 1 + bytes[at]!) {
    names.push(bytes.subarray(at + 1, at + 1 + bytes[at]!))
  }
  return names
}

/**
 * First and last character of the first protocol offered; of its hexadecimal where these are no letters or digits.
 * Beyond ASCII the published expected values have a 9 for each, other than the text of the definition.
 */
function alpnMark(hello: Hello): string {
  const first = alpn(hello)[0]
  if (first === undefined || first.length === 0) return '00'
  const isForeign = first[0]! > 0x7f || first.at(-1)! > 0x7f
  if (isForeign)
    return [first[0]!, first.at(-1)!]
      .map((b) => (b > 0x7f ? '9' : latin(Uint8Array.of(b))))
      .join('')
  const text = latin(first)
  const ends = text[0]! + text.at(-1)!
  if (/^[0-9a-z]{2}$/i.test(ends)) return ends
  return hexByte(first[0]!)[0]! + hexByte(first.at(-1)!)[1]!
}

function bytesOf(extensions: readonly Extension[], type: number): Uint8Array {
  return extensions.find((extension) => extension.type === type)?.bytes ?? new Uint8Array(0)
}

function listOf16(list: Cursor): number[] {
  return pairs(list.view(list.remaining))
}

function prefixed16(bytes: Uint8Array): number[] {
  return pairs(bytes.subarray(2))
}

function pairs(bytes: Uint8Array): number[] {
  const values: number[] = []
  for (let at = 0; at + 1 < bytes.length; at += 2) values.push((bytes[at]! << 8) | bytes[at + 1]!)
  return values
}

const count = (values: readonly number[]) => String(Math.min(values.length, 99)).padStart(2, '0')
const hex16 = (value: number) => value.toString(16).padStart(4, '0')
const hexByte = (value: number) => value.toString(16).padStart(2, '0')
const hashed = (text: string) => (text === '' ? '000000000000' : sha256(text).slice(0, 12))
const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(0, 256))
