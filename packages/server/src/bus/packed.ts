import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { toJson } from '../store/column-types.ts'

/** A payload as it is stored. Who makes large ones in a thread of its own packs them there. */
export class Packed {
  /** JSON. */
  readonly text: string
  /** The same, squeezed (zstd), where that is worth it. */
  readonly squeezed: Buffer | undefined

  constructor(text: string, squeezed?: Uint8Array) {
    this.text = text
    this.squeezed =
      squeezed && Buffer.from(squeezed.buffer, squeezed.byteOffset, squeezed.byteLength)
  }
}

/** Letters from which a message is squeezed: then that costs less than to carry it to the disk. */
const LONG = 32_768
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }

/** Packs plain data; what is packed already is left as it is. */
export function pack(payload: unknown): Packed {
  if (payload instanceof Packed) return payload
  const text = toJson(payload)
  return text.length < LONG ? new Packed(text) : new Packed(text, zstdCompressSync(text, FAST))
}

/** The JSON that was squeezed. */
export function unsqueeze(bytes: Uint8Array): string {
  return zstdDecompressSync(bytes).toString()
}
