/** A frame of a recording: microseconds since 1970 and bytes. */
export interface Frame {
  readonly time: number
  readonly bytes: Uint8Array
}

/** Reads the classic little-endian microsecond file that tcpdump writes here; a cut tail is left out. */
export function readPcap(file: Uint8Array): Frame[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (view.getUint32(0, true) !== 0xa1b2c3d4)
    throw new Error('not a little-endian microsecond pcap')
  const frames: Frame[] = []
  for (let at = 24; at + 16 <= file.length;) {
    const length = view.getUint32(at + 8, true)
    const time = view.getUint32(at, true) * 1e6 + view.getUint32(at + 4, true)
    const bytes = file.subarray(at + 16, at + 16 + length)
    if (bytes.length < length) break
    frames.push({ time, bytes })
    at += 16 + length
  }
  return frames
}

/** Reads back what `writePcapng` writes, for the checks of a recording. */
export function readPcapng(file: Uint8Array): Frame[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const frames: Frame[] = []
  for (let at = 0; at + 12 <= file.length; at += view.getUint32(at + 4, true)) {
    if (view.getUint32(at, true) !== 6) continue
    const time = view.getUint32(at + 12, true) * 2 ** 32 + view.getUint32(at + 16, true)
    const length = view.getUint32(at + 20, true)
    frames.push({ time, bytes: file.subarray(at + 28, at + 28 + length) })
  }
  return frames
}

/** Puts an 802.1Q tag (EtherType 0x8100) after the two addresses. */
export function withTag(frame: Uint8Array, vlan: number): Uint8Array {
  const tagged = new Uint8Array(frame.length + 4)
  tagged.set(frame.subarray(0, 12))
  tagged.set([0x81, 0x00, vlan >> 8, vlan & 0xff], 12)
  tagged.set(frame.subarray(12), 16)
  return tagged
}

const text = new TextEncoder()

function option(code: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? text.encode(value) : value
  const padded = new Uint8Array(4 + Math.ceil(bytes.length / 4) * 4)
  new DataView(padded.buffer).setUint16(0, code, true)
  new DataView(padded.buffer).setUint16(2, bytes.length, true)
  padded.set(bytes, 4)
  return padded
}

function block(type: number, body: readonly Uint8Array[]): Uint8Array {
  const length = 12 + body.reduce((sum, part) => sum + part.length, 0)
  const out = new Uint8Array(length)
  const view = new DataView(out.buffer)
  view.setUint32(0, type, true)
  view.setUint32(4, length, true)
  let at = 8
  for (const part of body) {
    out.set(part, at)
    at += part.length
  }
  view.setUint32(length - 4, length, true)
  return out
}

function words(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer)
}

/** Writes a pcapng section with one Ethernet interface (draft-ietf-opsawg-pcapng). */
export function writePcapng(frames: readonly Frame[], comment: string): Uint8Array {
  const noEnd = new Uint8Array(4)
  const section = [words(0x1a2b3c4d, 1, 0xffffffff, 0xffffffff), option(1, comment)]
  const capture = [words(1, 0), option(2, 'clinical'), option(9, new Uint8Array([6]))]
  const packets = frames.map(({ time, bytes }) => {
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4)
    padded.set(bytes)
    const high = Math.floor(time / 2 ** 32)
    return block(6, [words(0, high, time % 2 ** 32, bytes.length, bytes.length), padded])
  })
  const head = [block(0x0a0d0d0a, [...section, noEnd]), block(1, [...capture, noEnd])]
  return Buffer.concat([...head, ...packets])
}
