import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rm, stat, type FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { z } from 'zod'
import { unpack } from './decode.ts'
import { FeedRefused, type FeedDocument } from './feed.ts'

const pack = promisify(gzip)
const MAGIC = Buffer.from('WKB1')
/** Signed together with the manifest, so that a signature is good for bundles and nothing else. */
const CONTEXT = Buffer.from('wardkeeper feed bundle 1\0')
const MAX_MANIFEST = 100_000_000

const part = z.object({
  name: z.string().max(400),
  bytes: z.number().int().min(0),
  packed: z.number().int().min(0),
  /** SHA-256 of the document and of its packed form, in hexadecimal. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  packedHash: z.string().regex(/^[0-9a-f]{64}$/),
})

const manifest = z.object({
  format: z.literal(1),
  made: z.iso.datetime(),
  keyId: z.string(),
  feeds: z.array(
    z.object({
      id: z.string().max(60),
      source: z.string().max(1000),
      licence: z.string().max(1000),
      /** When the source was looked at. */
      seen: z.iso.datetime(),
      parts: z.array(part),
    }),
  ),
})
export type Manifest = z.infer<typeof manifest>

/** A key pair for bundles, as PEM texts. */
export function makeKeys(): { readonly privateKey: string; readonly publicKey: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string,
  }
}

/** Short name of a public key: people compare it by eye. */
export function keyIdOf(pem: string): string {
  const der = publicKeyOf(pem).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(der).digest('hex').slice(0, 16)
}

function publicKeyOf(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below.
  }
  throw new FeedRefused(
    'The key is no Ed25519 key in PEM form. Make one with: wardkeeper feed keygen',
  )
}

export interface BundleFeed {
  readonly id: string
  readonly source: string
  readonly licence: string
  readonly seen: number
  readonly documents: AsyncIterable<FeedDocument>
}

/** Writes a signed bundle. Parts go to disk as they come; the file has its name only when it is whole. */
export async function writeBundle(
  file: string,
  feeds: AsyncIterable<BundleFeed> | Iterable<BundleFeed>,
  privatePem: string,
  now: number,
): Promise<Manifest> {
  const key = createPrivateKey(privatePem)
  const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string
  const body = `${file}.parts`
  const out = createWriteStream(body, { mode: 0o600 })
  const made: Manifest['feeds'] = []
  try {
    for await (const feed of feeds) {
      const parts: Manifest['feeds'][number]['parts'] = []
      for await (const { name, bytes, problem } of feed.documents) {
        // What is doubtful here is not passed on with our signature.
        if (problem !== undefined) continue
        const packed = await pack(bytes)
        if (!out.write(packed)) await once(out, 'drain')
        parts.push({
          name,
          bytes: bytes.length,
          packed: packed.length,
          hash: hashOf(bytes),
          packedHash: hashOf(packed),
        })
      }
      const { id, source, licence, seen } = feed
      made.push({ id, source, licence, seen: new Date(seen).toISOString(), parts })
    }
    await new Promise<void>((resolve, reject) => {
      out.on('error', reject)
      out.end(() => resolve())
    })
    const head: Manifest = {
      format: 1,
      made: new Date(now).toISOString(),
      keyId: keyIdOf(publicPem),
      feeds: made,
    }
    const text = Buffer.from(JSON.stringify(head))
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.length)
    const target = createWriteStream(file, { mode: 0o644 })
    target.write(
      Buffer.concat([MAGIC, length, text, sign(undefined, Buffer.concat([CONTEXT, text]), key)]),
    )
    await pipeline(createReadStream(body), target)
    return head
  } finally {
    out.destroy()
    await rm(body, { force: true })
  }
}

export interface OpenBundle {
  readonly manifest: Manifest
  /** The key whose signature was checked; what the manifest says of its key is only a claim. */
  readonly keyId: string
  documentsOf(feedId: string, maxBytes: number): AsyncGenerator<FeedDocument, undefined>
  close(): Promise<void>
}

/** Opens a bundle that one of the trusted keys has signed; all else is refused before a part of it is looked at. */
export async function openBundle(
  file: string,
  trusted: readonly string[],
  now: number,
): Promise<OpenBundle> {
  if (trusted.length === 0) {
    throw new FeedRefused(
      'No public key is trusted for bundles. Put the .pub file of the maker of the bundle into the folder feed-keys.',
    )
  }
  const { size } = await stat(file)
  const handle = await open(file, 'r')
  try {
    const head = await readAt(handle, 0, 8)
    if (!head.subarray(0, 4).equals(MAGIC))
      throw new FeedRefused('This is no bundle of Wardkeeper (.wkb).')
    const length = head.readUInt32BE(4)
    if (length > MAX_MANIFEST || length + 72 > size) throw new FeedRefused(CUT)
    const text = await readAt(handle, 8, length)
    const signature = await readAt(handle, 8 + length, 64)
    const signed = Buffer.concat([CONTEXT, text])
    const signer = trusted.find((pem) => verify(undefined, signed, publicKeyOf(pem), signature))
    if (signer === undefined) {
      throw new FeedRefused(
        'The signature of the bundle does not fit a trusted key: it was changed, or made by somebody else. Nothing was imported.',
      )
    }
    const checked = manifest.safeParse(JSON.parse(text.toString('utf8')))
    if (!checked.success)
      throw new FeedRefused(
        'The bundle was made by another version of Wardkeeper. Nothing was imported.',
      )
    const body = checked.data.feeds
      .flatMap(({ parts }) => parts)
      .reduce((sum, { packed }) => sum + packed, 0)
    if (size < 72 + length + body) throw new FeedRefused(CUT)
    if (size > 72 + length + body)
      throw new FeedRefused(
        'The bundle is longer than it says: it was changed. Nothing was imported.',
      )
    const { made } = checked.data
    if (Date.parse(made) > now + 48 * 3_600_000) {
      throw new FeedRefused(
        `The bundle is dated ${made.slice(0, 10)}, which is in the future. Look at the clock of this machine.`,
      )
    }
    const late = checked.data.feeds.find(({ seen }) => Date.parse(seen) > Date.parse(made))
    if (late !== undefined) {
      throw new FeedRefused(
        `The bundle was made on ${made.slice(0, 10)} and says that ${late.id} was looked at after that: its dates are wrong. Nothing was imported.`,
      )
    }
    return {
      manifest: checked.data,
      keyId: keyIdOf(signer),
      documentsOf: (feedId, maxBytes) =>
        readParts(handle, checked.data, 72 + length, feedId, maxBytes),
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

const CUT = 'The bundle is cut short: copy it again. Nothing was imported.'

async function* readParts(
  handle: FileHandle,
  { feeds }: Manifest,
  start: number,
  feedId: string,
  maxBytes: number,
): AsyncGenerator<FeedDocument, undefined> {
  let at = start
  for (const { id, parts } of feeds) {
    for (const { name, packed, packedHash, hash } of parts) {
      if (id === feedId) {
        const raw = await readAt(handle, at, packed)
        if (hashOf(raw) !== packedHash)
          throw new FeedRefused(`${name} in the bundle was changed. Nothing was imported.`)
        const bytes = await unpack(raw, maxBytes)
        if (hashOf(bytes) !== hash)
          throw new FeedRefused(`${name} in the bundle was changed. Nothing was imported.`)
        yield { name, bytes, isSigned: true }
      }
      at += packed
    }
  }
  return undefined
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, position)
  if (bytesRead < length) throw new FeedRefused(CUT)
  return buffer
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
