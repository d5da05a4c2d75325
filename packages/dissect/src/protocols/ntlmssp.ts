import { Cursor } from '../cursor.ts'
import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const SIGNATURE = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00]
const MESSAGE = { negotiate: 1, challenge: 2, authenticate: 3 } as const
const NEGOTIATE_UNICODE = 0x00000001
const NEGOTIATE_VERSION = 0x02000000
const NTLM_REVISION = 15
const TARGET: Readonly<Record<number, string>> = {
  1: 'ntlm.netbios-computer',
  2: 'ntlm.netbios-domain',
  3: 'ntlm.dns-computer',
  4: 'ntlm.dns-domain',
  5: 'ntlm.dns-forest',
}
const MOST_TARGETS = 16

/**
 * Facts of the first NTLM message inside a security blob, whatever wraps it (MS-NLMP §2.2.1). The name of the user,
 * in an authenticate message, is not read.
 */
export function* ntlmFacts(blob: Uint8Array, from: Side): Generator<Fact> {
  const start = signatureAt(blob)
  if (start < 0) return
  const bytes = blob.subarray(start)
  const type = new Cursor(bytes, 8).u32le()
  if (type === MESSAGE.negotiate) yield* versionFacts(bytes, 12, 32, from)
  if (type === MESSAGE.challenge) {
    yield* targetFacts(bytes, from)
    yield* versionFacts(bytes, 20, 48, from)
  }
  if (type === MESSAGE.authenticate) {
    const isUnicode = (new Cursor(bytes, 60).u32le() & NEGOTIATE_UNICODE) !== 0
    const workstation = fieldAt(bytes, 44)
    yield* factOf(from, 'ntlm.workstation', isUnicode ? utf16(workstation) : latin(workstation))
    yield* versionFacts(bytes, 60, 64, from)
  }
}

function signatureAt(blob: Uint8Array): number {
  for (let at = blob.indexOf(SIGNATURE[0]!); at >= 0; at = blob.indexOf(SIGNATURE[0]!, at + 1)) {
    if (SIGNATURE.every((byte, index) => blob[at + index] === byte)) return at
  }
  return -1
}

/** Names of the machine that challenges, as attribute and value pairs (§2.2.2.1). */
function* targetFacts(bytes: Uint8Array, from: Side): Generator<Fact> {
  const pairs = new Cursor(fieldAt(bytes, 40))
  for (let count = 0; count < MOST_TARGETS && pairs.remaining >= 4; count++) {
    const field = TARGET[pairs.u16le()]
    const value = pairs.view(pairs.u16le())
    if (field !== undefined) yield* factOf(from, field, utf16(value))
  }
}

/** Version of the sender's system, where its flags say that there is one (§2.2.2.10). */
function* versionFacts(
  bytes: Uint8Array,
  flagsAt: number,
  versionAt: number,
  from: Side,
): Generator<Fact> {
  const flags = new Cursor(bytes, flagsAt).u32le()
  const version = new Cursor(bytes, versionAt)
  const text = `${version.u8()}.${version.u8()}.${version.u16le()}`
  // Old systems set the flag and have something else there, so the revision decides too.
  const isThere = (flags & NEGOTIATE_VERSION) !== 0 && version.skip(3).u8() === NTLM_REVISION
  // Samba and others always say 6.1.0, a build that Windows never had.
  if (isThere && !text.endsWith('.0')) yield* factOf(from, 'ntlm.os-version', text)
}

/** The bytes that a length and an offset at `at` point to. */
function fieldAt(bytes: Uint8Array, at: number): Uint8Array {
  const header = new Cursor(bytes, at)
  const length = header.u16le()
  const offset = header.skip(2).u32le()
  return header.ok && offset + length <= bytes.length
    ? bytes.subarray(offset, offset + length)
    : bytes.subarray(0, 0)
}

/** Little-endian UTF-16, at most 256 units of it. */
export function utf16(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at + 1 < bytes.length && text.length < 256; at += 2) {
    const unit = bytes[at]! | (bytes[at + 1]! << 8)
    if (unit === 0) break
    text += String.fromCharCode(unit)
  }
  return text
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 256))
}
