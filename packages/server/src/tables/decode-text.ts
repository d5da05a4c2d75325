/** Text of a file, and the encoding it was in: by its mark, as UTF-8 where it is that, else as Windows-1252. */
export function decodeText(bytes: Uint8Array): {
  readonly text: string
  readonly encoding: string
} {
  const encoding = markedEncoding(bytes) ?? unmarkedUtf16(bytes)
  if (encoding !== undefined)
    return { text: new TextDecoder(encoding).decode(bytes), encoding: encoding.toUpperCase() }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' }
  } catch {
    // Holds every letter of Latin-1 and those that Windows puts between.
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Latin-1' }
  }
}

function markedEncoding(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined
}

/** Every other byte is zero where Western text is in UTF-16. */
function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, 400)
  const zeros = [0, 0]
  head.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  })
  if ((zeros[1] ?? 0) > head.length * 0.35) return 'utf-16le'
  return (zeros[0] ?? 0) > head.length * 0.35 ? 'utf-16be' : undefined
}
