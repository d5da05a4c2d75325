/** What an image file really is, told by its bytes and not by its name. */
export interface Image {
  readonly mediaType: 'image/png' | 'image/jpeg'
  /** Pixels. */
  readonly width: number
  readonly height: number
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** Reads type and size of a PNG or JPEG; undefined for anything else. */
export function readImage(bytes: Uint8Array): Image | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const image = PNG.every((byte, at) => bytes[at] === byte) ? readPng(view) : readJpeg(view)
  return image !== undefined && image.width > 0 && image.height > 0 ? image : undefined
}

/** PNG, section 11.2.2: IHDR comes first, width and height are its first words. */
function readPng(view: DataView): Image | undefined {
  const isHeader = view.byteLength >= 33 && view.getUint32(12) === 0x49484452
  if (!isHeader) return undefined
  return { mediaType: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
}

/** JPEG (ITU T.81), annex B: segments until the frame header, which carries the size. */
function readJpeg(view: DataView): Image | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined
  for (let at = 2; at + 9 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) {
      at++
      continue
    }
    if (isFrameHeader(marker)) {
      return {
        mediaType: 'image/jpeg',
        width: view.getUint16(at + 7),
        height: view.getUint16(at + 5),
      }
    }
    const length = view.getUint16(at + 2)
    if (length < 2) return undefined
    at += 2 + length
  }
  return undefined
}

/** SOF0 to SOF15 without the three that are tables. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}
