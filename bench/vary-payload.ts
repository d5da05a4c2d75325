/**
 * What tells one conversation from another that is alike: numbers of questions, random bytes, session ids, names. In a
 * copy of a capture they are made that copy's own, the same way in both directions, so that it stays a conversation.
 */

const TCP = 6
const UDP = 17
const DNS_PORTS = [53, 137, 5353, 5355]
const HANDSHAKE = 0x16
const HELLO_RANDOM = 11
const RANDOM_BYTES = 32
/** Lines of an HTTP head whose digits are times, sessions and the like. */
const OWN_LINE = /^(?:date|expires|last-modified|etag|cookie|set-cookie|authorization|age):.*$/gim
const HTTP_START = /^(?:[A-Z]{3,16} \S+ HTTP\/1\.|HTTP\/1\.[01] )/
const LONGEST_HEAD = 4096

/** Changes the payload of the IPv4 packet at `ip`, whose frame ends at `end`. */
export function varyPayload(out: Buffer, ip: number, end: number, copy: number): void {
  const transport = ip + (out[ip]! & 0x0f) * 4
  const isFragment = (out.readUInt16BE(ip + 6) & 0x1fff) !== 0
  if (copy === 0 || isFragment || transport + 20 > end) return
  const stop = Math.min(end, ip + out.readUInt16BE(ip + 2))
  if (out[ip + 9] === UDP) varyDatagram(out, transport, stop, copy)
  else if (out[ip + 9] === TCP)
    varySegment(out, transport + (out[transport + 12]! >> 4) * 4, stop, copy)
}

function varyDatagram(out: Buffer, udp: number, stop: number, copy: number): void {
  const ports = [out.readUInt16BE(udp), out.readUInt16BE(udp + 2)]
  const payload = udp + 8
  const has = (...wanted: readonly number[]) => ports.some((port) => wanted.includes(port))
  if (has(...DNS_PORTS) && payload + 12 < stop) {
    out.writeUInt16BE((out.readUInt16BE(payload) + copy * 257) & 0xffff, payload)
    if (!has(137)) varyName(out, payload + 12, stop, copy)
  } else if (has(67, 68) && payload + 34 < stop) {
    out[payload + 7]! += copy
    out[payload + 33]! += copy
  } else if (has(123) && payload + 48 <= stop) {
    // Originate, receive and transmit timestamps: their lowest byte.
    for (const at of [31, 39, 47]) out[payload + at]! += copy
  }
}

/** Another first letter for the first label of the question. */
function varyName(out: Buffer, at: number, stop: number, copy: number): void {
  const first = out[at + 1]!
  if (at + 1 < stop && out[at]! > 0 && out[at]! < 64 && first >= 0x61 && first <= 0x7a) {
    out[at + 1] = 0x61 + ((first - 0x61 + copy) % 26)
  }
}

function varySegment(out: Buffer, payload: number, stop: number, copy: number): void {
  if (payload + 6 >= stop) return
  if (
    out[payload] === HANDSHAKE &&
    out[payload + 1] === 3 &&
    (out[payload + 5]! === 1 || out[payload + 5]! === 2)
  ) {
    varyHello(out, payload, stop, copy)
    return
  }
  const head = out.toString('latin1', payload, Math.min(stop, payload + LONGEST_HEAD))
  if (!HTTP_START.test(head)) return
  for (const { 0: line, index } of head.matchAll(OWN_LINE)) {
    for (let at = line.indexOf(':'); at < line.length; at++) {
      const byte = out[payload + index + at]!
      if (byte >= 0x30 && byte <= 0x39)
        out[payload + index + at] = 0x30 + ((byte - 0x30 + copy) % 10)
    }
  }
}

/** The random bytes and the session id of a TLS hello. */
function varyHello(out: Buffer, payload: number, stop: number, copy: number): void {
  const random = payload + HELLO_RANDOM
  const session = random + RANDOM_BYTES
  if (session >= stop) return
  for (let at = random; at < session; at++) out[at]! ^= copy
  const ends = Math.min(stop, session + 1 + out[session]!)
  for (let at = session + 1; at < ends; at++) out[at]! ^= copy
}
