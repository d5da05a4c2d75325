import { BlockCipher, bytesOfHex, expandLabel, hmac } from '../block-cipher.ts'

const VERSION_1 = 0x00000001
const VERSION_2 = 0x6b3343cf
const SALT_1 = '38762cf7f55934b34d179ae6a4c80cadccbb7f0a'
const SALT_2 = '0dede3def700a6db819381be6e269dcbf9bd2ed9'
/** Highest draft of the IETF and the salt that it used until the next one; facebook's own versions count as drafts. */
const DRAFT_SALTS: readonly (readonly [number, string])[] = [
  [22, '7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a'],
  [28, 'c3eef712c72ebb5a11a7d2432bb46365bef9f502'],
  [32, 'afbfec289993d24c9e9786f19c6111e04390a899'],
  [34, SALT_1],
]
const GOOGLE_SALTS: Readonly<Record<number, string>> = {
  0x51303530: '504574efd066fe2f9d945cfcdbd3a7f0d3b56b45',
  0x54303530: '7ff579e5acd072915580304c43a2367c60488310',
  0x54303531: '7a4edef4e7ccee5fa4506c19124fc8ccda6e033d',
}
const FACEBOOK_DRAFTS: Readonly<Record<number, number>> = {
  0xfaceb001: 22,
  0xfaceb002: 27,
  0xfaceb00e: 27,
  0xfaceb010: 34,
  0xfaceb013: 34,
}

/** What opens the Initial packets of a client (RFC 9001 §5.2). */
export interface InitialKeys {
  readonly packet: BlockCipher
  readonly nonce: Uint8Array
  readonly header: BlockCipher
}

/** The name of a QUIC version; nothing for numbers that no version has. */
export function quicVersion(version: number): string | undefined {
  if (version === VERSION_1) return '1'
  if (version === VERSION_2) return '2'
  const draft = draftOf(version)
  if (version in FACEBOOK_DRAFTS) return `mvfst draft ${draft}`
  if (draft !== undefined) return `draft ${draft}`
  const text = String.fromCharCode(
    version >>> 24,
    ...[16, 8, 0].map((at) => (version >>> at) & 0xff),
  )
  return /^[QT]0[2-5]\d$/.test(text) ? text : undefined
}

/** Keys of a version from the first connection id that the client chose; nothing where the salt is not known. */
export function initialKeys(version: number, connection: Uint8Array): InitialKeys | undefined {
  const salt = saltOf(version)
  if (salt === undefined) return undefined
  const secret = expandLabel(hmac(bytesOfHex(salt), connection), 'client in', 32)
  const label = version === VERSION_2 ? 'quicv2' : 'quic'
  return {
    packet: new BlockCipher(expandLabel(secret, `${label} key`, 16)),
    nonce: expandLabel(secret, `${label} iv`, 12),
    header: new BlockCipher(expandLabel(secret, `${label} hp`, 16)),
  }
}

/** True when the long header packet of this type and version is an Initial (RFC 9000 §17.2.2, RFC 9369 §3.2). */
export function isInitial(version: number, first: number): boolean {
  return ((first >> 4) & 3) === (version === VERSION_2 ? 1 : 0)
}

function draftOf(version: number): number | undefined {
  const isDraft = version >>> 8 === 0xff0000 && (version & 0xff) >= 10 && (version & 0xff) <= 34
  return isDraft ? version & 0xff : FACEBOOK_DRAFTS[version]
}

function saltOf(version: number): string | undefined {
  if (version === VERSION_1) return SALT_1
  if (version === VERSION_2) return SALT_2
  const draft = draftOf(version)
  if (draft === undefined) return GOOGLE_SALTS[version]
  return draft < 22 ? undefined : DRAFT_SALTS.find(([last]) => draft <= last)?.[1]
}
