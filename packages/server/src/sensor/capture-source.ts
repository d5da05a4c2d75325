import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { constants, createGunzip, createZstdDecompress } from 'node:zlib'

const CHUNK_BYTES = 1 << 20
/** No capture packs so well; a file made to keep us busy for days does. */
const MOST_TIMES = 500
const TRUSTED_BYTES = 256 * 1024 * 1024
const MAGICS = {
  gzip: [0x1f, 0x8b],
  zstd: [0x28, 0xb5, 0x2f, 0xfd],
} as const
const CAPTURE_MAGICS = new Set([
  0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0xa1b2cd34, 0x34cdb2a1, 0x0a0d0d0a,
])

/** A capture to read: a file, or `-` for standard input. */
export interface CaptureSource {
  readonly path: string
  /** Short name for people and for evidence. */
  readonly name: string
  /** Size on disk; undefined for standard input. */
  readonly bytes: number | undefined
}

/** The file or folder cannot be read at all; `message` says why and what to do. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput'
}

/**
 * Resolves what a person named: a file stands for itself, a folder for every capture in it and below
 * (known by content, sorted by path; other files are passed over), `-` for standard input.
 * Throws `UnreadableInput` for what is not there or may not be read.
 */
export async function findCaptures(paths: readonly string[]): Promise<CaptureSource[]> {
  const found: CaptureSource[] = []
  for (const path of paths) found.push(...(await capturesAt(path)))
  return found
}

async function capturesAt(path: string): Promise<CaptureSource[]> {
  if (path === '-') return [{ path, name: 'stdin', bytes: undefined }]
  const stat = explain(path, () => statSync(path))
  if (!stat.isDirectory()) {
    return [{ path, name: basename(path), bytes: stat.isFile() ? stat.size : undefined }]
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch((error) => {
    throw unreadable(path, error)
  })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  return files
    .sort()
    .filter(looksLikeCapture)
    .map((file) => ({
      path: file,
      name: file.slice(path.length).replace(/^[/\\]+/, ''),
      bytes: statSync(file).size,
    }))
}

/** True when the first bytes are those of a pcap, pcapng, gzip or Zstandard file that is named like a capture. */
function looksLikeCapture(path: string): boolean {
  const head = explain(path, () => readHead(path))
  if (head.length < 4) return false
  if (CAPTURE_MAGICS.has(head.readUInt32BE(0))) return true
  return compressionOf(head) !== undefined && /\.(pcap|pcapng|cap|dmp|trace)[^/]*$/i.test(path)
}

function readHead(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(4)
    return head.subarray(0, readSync(file, head, 0, 4, 0))
  } finally {
    closeSync(file)
  }
}

function compressionOf(head: Uint8Array): keyof typeof MAGICS | undefined {
  const kinds = Object.keys(MAGICS) as (keyof typeof MAGICS)[]
  return kinds.find((kind) => MAGICS[kind].every((byte, index) => head[index] === byte))
}

export interface Chunk {
  /** Bytes of the capture, uncompressed; valid only until the next chunk is asked for. */
  readonly bytes: Uint8Array
  /** How far this is into the file on disk, for progress. */
  readonly position: number
}

/**
 * Reads a capture in pieces of about 1 MiB, gzip and Zstandard undone. Plain files go through one buffer that is
 * used again for each piece; `from` skips that many of their bytes. Throws `UnreadableInput` when the system or the
 * decompression fails.
 */
export async function* readChunks(source: CaptureSource, from = 0): AsyncGenerator<Chunk> {
  const isFile = source.bytes !== undefined
  const isPlain =
    isFile && compressionOf(explain(source.path, () => readHead(source.path))) === undefined
  yield* isPlain ? readPlain(source.path, from) : readStream(source.path)
}

function* readPlain(path: string, from: number): Generator<Chunk> {
  const file = explain(path, () => openSync(path, 'r'))
  try {
    const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
    for (let position = from; ;) {
      const length = explain(path, () => readSync(file, buffer, 0, CHUNK_BYTES, position))
      if (length === 0) return
      position += length
      yield { bytes: buffer.subarray(0, length), position }
    }
  } finally {
    closeSync(file)
  }
}

async function* readStream(path: string): AsyncGenerator<Chunk> {
  const raw: Readable =
    path === '-' ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES })
  let position = 0
  const count = async function* () {
    for await (const chunk of raw as AsyncIterable<Buffer>) {
      position += chunk.length
      yield chunk
    }
  }
  try {
    const pieces = count()
    const first = await pieces.next()
    if (first.done === true) return
    const all = async function* () {
      yield first.value
      yield* pieces
    }
    let unpacked = 0
    for await (const bytes of decompress(all(), compressionOf(first.value))) {
      unpacked += bytes.length
      if (unpacked > TRUSTED_BYTES && unpacked > position * MOST_TIMES) {
        throw new UnreadableInput(`${path}: it unpacks to over ${MOST_TIMES} times its size`)
      }
      yield { bytes, position }
    }
  } catch (error) {
    throw unreadable(path, error)
  } finally {
    raw.destroy()
  }
}

function decompress(
  pieces: AsyncIterable<Buffer>,
  kind: keyof typeof MAGICS | undefined,
): AsyncIterable<Buffer> {
  if (kind === undefined) return pieces
  // A file cut short must give all that is in it: without this flush the last block is lost.
  const inflate =
    kind === 'gzip'
      ? createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH })
      : createZstdDecompress({ chunkSize: CHUNK_BYTES })
  return pipeline(Readable.from(pieces), inflate, () => {})
}

function explain<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw unreadable(path, error)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  EIO: 'the disk reported an error',
  Z_DATA_ERROR: 'the compressed data is damaged',
  Z_BUF_ERROR: 'the compressed data ends too early',
}

function unreadable(path: string, error: unknown): UnreadableInput {
  if (error instanceof UnreadableInput) return error
  const { code, message } = error as NodeJS.ErrnoException
  const why = REASONS[code ?? ''] ?? message
  return new UnreadableInput(`${path === '-' ? 'standard input' : path}: ${why}`)
}
