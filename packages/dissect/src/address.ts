/** Lower-case hexadecimal of the bytes, with `separator` between them. */
export function hexText(bytes: Uint8Array, separator = ''): string {
  let text = ''
  for (let at = 0; at < bytes.length; at++) {
    if (at > 0) text += separator
    text += HEX[bytes[at]!]!
  }
  return text
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  (byte + 0x100).toString(16).slice(1),
)

/** A MAC address as `aa:bb:cc:dd:ee:ff` from its upper 16 and lower 32 bits. */
export function macText(high: number, low: number): string {
  const start = `${HEX[(high >>> 8) & 255]}:${HEX[high & 255]}:${HEX[low >>> 24]}`
  return `${start}:${HEX[(low >>> 16) & 255]}:${HEX[(low >>> 8) & 255]}:${HEX[low & 255]}`
}

/** An IPv4 address from its 32 bits. */
export function ipv4Text(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`
}

/** A MAC address as `aa:bb:cc:dd:ee:ff`; nothing unless it is six bytes of one real station. */
export function stationMac(bytes: Uint8Array): string | undefined {
  if (bytes.length !== 6 || (bytes[0]! & 1) === 1) return undefined
  return bytes.some((byte) => byte !== 0) ? hexText(bytes, ':') : undefined
}

/** Canonical text of a 4 byte or 16 byte address (RFC 5952); empty for any other length. */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`
  return bytes.length === 16 ? ipv6Text(bytes) : ''
}

/** Canonical text of an address of one host; nothing for unspecified, loopback, multicast and broadcast. */
export function hostIp(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) {
    const first = bytes[0]!
    return first === 0 || first === 127 || first >= 224 ? undefined : ipText(bytes)
  }
  if (bytes.length !== 16 || bytes[0] === 0xff) return undefined
  // The unspecified address and loopback: fifteen zero bytes.
  const isLow = bytes.subarray(0, 15).every((byte) => byte === 0)
  return isLow ? undefined : ipText(bytes)
}

function ipv6Text(bytes: Uint8Array): string {
  const words: number[] = []
  for (let at = 0; at < 16; at += 2) words.push((bytes[at]! << 8) | bytes[at + 1]!)
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff) {
    return `::ffff:${ipText(bytes.subarray(12))}`
  }
  const { start, length } = longestZeros(words)
  const text = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':')
  if (length < 2) return text(words)
  return `${text(words.slice(0, start))}::${text(words.slice(start + length))}`
}

/** The first of the longest runs of zero words. */
function longestZeros(words: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 }
  for (let at = 0; at < words.length; at++) {
    let stop = at
    while (words[stop] === 0) stop++
    if (stop - at > best.length) best = { start: at, length: stop - at }
  }
  return best
}
