import { inflateRawSync } from 'node:zlib'
import { BadDocument } from '@wardkeeper/core'

const END = 0x06054b50
const ENTRY = 0x02014b50

export interface ZipEntry {
  readonly name: string
  read(): Uint8Array
}

/** Text packs to a tenth or so; what was made to unpack without end packs to a thousandth. */
const MOST_RATIO = 100

/**
 * Entries of a zip file (APPNOTE 6.3, stored and deflated, no encryption, no zip64), each unpacked up to a bound, and
 * all that are read together up to that bound or a hundred times what the file has, whichever is more.
 */
export function readZip(bytes: Uint8Array, maxBytes: number): readonly ZipEntry[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const most = Math.max(maxBytes, file.length * MOST_RATIO)
  let total = 0
  const readCounted = (place: Place): Uint8Array => {
    const unpacked = readEntry(file, place, maxBytes)
    total += unpacked.length
    if (total <= most) return unpacked
    throw new BadDocument(
      `The zip file unpacks to more than ${most.toLocaleString('en')} bytes in all: it was made to fill the memory. Unpack it elsewhere and hand in the document alone.`,
    )
  }
  try {
    const end = findEnd(file)
    const entries: ZipEntry[] = []
    let at = file.readUInt32LE(end + 16)
    for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
      if (file.readUInt32LE(at) !== ENTRY) throw new BadDocument('The zip file is damaged.')
      const [packed, nameLength] = [file.readUInt32LE(at + 20), file.readUInt16LE(at + 28)]
      const [extra, comment] = [file.readUInt16LE(at + 30), file.readUInt16LE(at + 32)]
      const [method, start] = [file.readUInt16LE(at + 10), file.readUInt32LE(at + 42)]
      const name = file.toString('utf8', at + 46, at + 46 + nameLength)
      entries.push({ name, read: () => readCounted({ name, method, start, packed }) })
      at += 46 + nameLength + extra + comment
    }
    return entries
  } catch (error) {
    if (error instanceof BadDocument) throw error
    throw new BadDocument('The zip file is cut short or damaged. Fetch it again.')
  }
}

function findEnd(file: Buffer): number {
  for (let at = file.length - 22; at >= Math.max(0, file.length - 65_557); at--) {
    if (file.readUInt32LE(at) === END) return at
  }
  throw new BadDocument('This is no zip file, or it is cut short. Fetch it again.')
}

interface Place {
  readonly name: string
  readonly method: number
  readonly start: number
  readonly packed: number
}

function readEntry(
  file: Buffer,
  { name, method, start, packed }: Place,
  maxBytes: number,
): Uint8Array {
  try {
    const from = start + 30 + file.readUInt16LE(start + 26) + file.readUInt16LE(start + 28)
    const body = file.subarray(from, from + packed)
    if (body.length < packed) throw new BadDocument(`${name} in the zip file is cut short.`)
    if (method === 0 && packed <= maxBytes) return body
    if (method === 8) return inflateRawSync(body, { maxOutputLength: maxBytes })
  } catch (error) {
    if (error instanceof BadDocument) throw error
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BadDocument(`${name} unpacks to more than ${maxBytes.toLocaleString('en')} bytes.`)
    }
    throw new BadDocument(`${name} in the zip file is damaged. Fetch it again.`)
  }
  throw new BadDocument(`${name} in the zip file is packed in a way that is not understood.`)
}

/** The first file of a zip. */
export function unzipFirst(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const [first] = readZip(bytes, maxBytes)
  if (first === undefined) throw new BadDocument('The zip file is empty.')
  return first.read()
}
