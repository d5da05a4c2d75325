const SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  ['gzip data: decompress it first', [0x1f, 0x8b]],
  ['Zstandard data: decompress it first', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz data: decompress it first', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ['bzip2 data: decompress it first', [0x42, 0x5a, 0x68]],
  ['lz4 data: decompress it first', [0x04, 0x22, 0x4d, 0x18]],
  ['a ZIP archive: unpack it first', [0x50, 0x4b, 0x03, 0x04]],
  ['a snoop capture: convert it with editcap', [0x73, 0x6e, 0x6f, 0x6f, 0x70, 0x00]],
  ['a Network Monitor capture: convert it with editcap', [0x47, 0x4d, 0x42, 0x55]],
  ['a program', [0x7f, 0x45, 0x4c, 0x46]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46]],
  ['an SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65]],
]

/** Says in words what bytes that are no capture look like, for the message to the person who passed them. */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'it is empty'
  for (const [name, signature] of SIGNATURES) {
    if (signature.every((byte, at) => bytes[at] === byte)) return `it looks like ${name}`
  }
  if (!bytes.every(isTextByte)) return 'it starts like no capture file'
  const text = String.fromCharCode(...bytes.subarray(0, 64)).trimStart()
  if (/^<(!doctype html|html)/i.test(text)) return 'it looks like an HTML page'
  if (text.startsWith('<')) return 'it looks like XML'
  if (text.startsWith('{') || text.startsWith('[')) return 'it looks like JSON'
  if (text.startsWith('version https://git-lfs')) {
    return 'it is a Git LFS pointer, not the file itself'
  }
  return 'it looks like text'
}

function isTextByte(byte: number): boolean {
  return byte >= 0x20 ? byte !== 0x7f : byte === 0x09 || byte === 0x0a || byte === 0x0d
}
