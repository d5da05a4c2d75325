import { be16, be32, bytesOf, le16, le32, type Part } from './frames.ts'

export interface CaptureShape {
  readonly linkType?: number
  readonly byteOrder?: 'little' | 'big'
  /** Timestamp units in a second: pcap knows 10^6 and 10^9 only. */
  readonly perSecond?: number
  /** Microseconds of the first frame; each further frame comes a millisecond later. */
  readonly start?: number
}

const START = 1_700_000_000_000_000

/** A pcap file of these frames (draft-ietf-opsawg-pcap). */
export function pcap(frames: readonly Uint8Array[], shape: CaptureShape = {}): Uint8Array {
  const { linkType = 1, byteOrder = 'little', perSecond = 1e6, start = START } = shape
  const u16 = byteOrder === 'little' ? le16 : be16
  const u32 = byteOrder === 'little' ? le32 : be32
  const magic = perSecond === 1e9 ? 0xa1b23c4d : 0xa1b2c3d4
  const records = frames.map((frame, at) => {
    const time = start + at * 1000
    const fraction = Math.round(((time % 1e6) * perSecond) / 1e6)
    return bytesOf(
      u32(Math.floor(time / 1e6)),
      u32(fraction),
      u32(frame.length),
      u32(frame.length),
      frame,
    )
  })
  const header = [u32(magic), u16(2), u16(4), u32(0), u32(0), u32(262_144), u32(linkType)].flat()
  return bytesOf(header, ...records)
}

/** Writes pcapng blocks (draft-ietf-opsawg-pcapng); a file is blocks one after the other. */
export function pcapngBlocks(byteOrder: 'little' | 'big' = 'little') {
  const u16 = byteOrder === 'little' ? le16 : be16
  const u32 = byteOrder === 'little' ? le32 : be32
  const padded = (body: Uint8Array) => bytesOf(body, new Uint8Array((4 - (body.length % 4)) % 4))
  const block = (type: number, ...parts: readonly Part[]) => {
    const body = padded(bytesOf(...parts))
    return bytesOf(u32(type), u32(body.length + 12), body, u32(body.length + 12))
  }
  const option = (code: number, value: Uint8Array) =>
    bytesOf(u16(code), u16(value.length), padded(value))
  return {
    block,
    option,
    section: () => block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u32(-1), u32(-1)),
    interface: (linkType: number, options: Uint8Array = new Uint8Array(0), snapLength = 0) =>
      block(1, u16(linkType), u16(0), u32(snapLength), options),
    /** `time` in units of the interface. */
    enhanced: (interfaceId: number, time: number, frame: Uint8Array, original = frame.length) =>
      block(
        6,
        u32(interfaceId),
        u32(Math.floor(time / 2 ** 32)),
        u32(time % 2 ** 32),
        u32(frame.length),
        u32(original),
        padded(frame),
      ),
    simple: (frame: Uint8Array, original = frame.length) => block(3, u32(original), frame),
    obsolete: (interfaceId: number, time: number, frame: Uint8Array) =>
      block(
        2,
        u16(interfaceId),
        u16(0),
        u32(Math.floor(time / 2 ** 32)),
        u32(time % 2 ** 32),
        u32(frame.length),
        u32(frame.length),
        padded(frame),
      ),
  }
}

/** A pcapng file of one section and one interface in microseconds. */
export function pcapng(frames: readonly Uint8Array[], shape: CaptureShape = {}): Uint8Array {
  const { linkType = 1, byteOrder = 'little', start = START } = shape
  const write = pcapngBlocks(byteOrder)
  const packets = frames.map((frame, at) => write.enhanced(0, start + at * 1000, frame))
  return bytesOf(write.section(), write.interface(linkType), ...packets)
}
