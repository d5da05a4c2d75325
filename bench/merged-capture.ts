import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CaptureReader } from '../packages/dissect/src/index.ts'
import { varyPayload } from './vary-payload.ts'

const ETHERNET = 1
/** 2026-01-01T00:00:00Z in microseconds. */
const START = 1_767_225_600_000_000
/** Captures begin this far apart, copies of all of them a second apart. */
const CAPTURE_STEP = 1000
const COPY_STEP = 1_000_000
const RECORD_HEADER = 16
const SNAP_LENGTH = 65_535

interface Frame {
  readonly bytes: Uint8Array
  /** Microseconds since the start of the first copy. */
  readonly time: number
}

/** Frames of every Ethernet capture below the folder, all starting at about the same time, sorted by time. */
export function collectFrames(folder: string): Frame[] {
  const frames: Frame[] = []
  let captures = 0
  for (const path of filesBelow(folder)) {
    const found = framesOf(path)
    const first = found[0]
    if (first === undefined) continue
    const offset = captures++ * CAPTURE_STEP - first.time
    // A clock that steps in the middle of a capture would stretch the whole.
    for (const { bytes, time } of found) {
      const at = time + offset
      if (at >= 0 && at < 3600e6) frames.push({ bytes, time: at })
    }
  }
  return frames.sort((one, other) => one.time - other.time)
}

/**
 * Writes a pcap file of `count` frames: copies of `frames`, each copy with addresses of its own, and with `isVaried`
 * with payload of its own wherever payload tells conversations apart.
 */
export function writeCopies(
  frames: readonly Frame[],
  count: number,
  path: string,
  isVaried = false,
): void {
  const file = openSync(path, 'w')
  const out = Buffer.alloc(1 << 22)
  let used = fileHeader(out)
  for (let copy = 0, written = 0; written < count; copy++) {
    for (const frame of frames) {
      if (written++ >= count) break
      if (used + RECORD_HEADER + frame.bytes.length > out.length) {
        writeSync(file, out, 0, used)
        used = 0
      }
      used = writeRecord(out, used, frame, copy, isVaried)
    }
  }
  writeSync(file, out, 0, used)
  closeSync(file)
}

function fileHeader(out: Buffer): number {
  out.writeUInt32LE(0xa1b2c3d4, 0)
  out.writeUInt16LE(2, 4)
  out.writeUInt16LE(4, 6)
  out.writeUInt32LE(SNAP_LENGTH, 16)
  out.writeUInt32LE(ETHERNET, 20)
  return 24
}

function writeRecord(
  out: Buffer,
  at: number,
  { bytes, time }: Frame,
  copy: number,
  isVaried: boolean,
): number {
  // Copies follow one another, each as fast as the whole was recorded; pcap readers want rising times.
  const micros = START + copy * COPY_STEP + Math.floor((time * COPY_STEP) / 3600e6)
  out.writeUInt32LE(Math.floor(micros / 1e6), at)
  out.writeUInt32LE(micros % 1e6, at + 4)
  out.writeUInt32LE(bytes.length, at + 8)
  out.writeUInt32LE(bytes.length, at + 12)
  const frame = at + RECORD_HEADER
  out.set(bytes, frame)
  shiftAddresses(out, frame, bytes.length, copy, isVaried)
  return frame + bytes.length
}

/** Moves the unicast addresses of the outer headers to a range of the copy's own; varies what they carry. */
function shiftAddresses(
  out: Buffer,
  frame: number,
  length: number,
  copy: number,
  isVaried: boolean,
): void {
  for (const mac of [frame, frame + 6]) if ((out[mac]! & 1) === 0) out[mac + 3]! += copy
  let type = frame + 12
  while (isTag(out.readUInt16BE(type)) && type + 6 < frame + length) type += 4
  const ip = type + 2
  const etherType = out.readUInt16BE(type)
  if (etherType === 0x0800 && ip + 20 <= frame + length) {
    for (const address of [ip + 12, ip + 16]) {
      if (out[address]! < 224 && out[address] !== 0) out[address + 1]! += copy
    }
    if (isVaried) varyPayload(out, ip, frame + length, copy)
  } else if (etherType === 0x86dd && ip + 40 <= frame + length) {
    for (const address of [ip + 8, ip + 24]) if (out[address] !== 0xff) out[address + 7]! += copy
  }
}

function isTag(etherType: number): boolean {
  return etherType === 0x8100 || etherType === 0x88a8
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(pcap|pcapng|cap|trace|gz)$/i.test(name))
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

function framesOf(path: string): Frame[] {
  const frames: Frame[] = []
  const reader = new CaptureReader({
    frame(bytes, offset, captured, original, linkType, time) {
      if (linkType !== ETHERNET || captured !== original || captured < 60) return
      if (captured <= SNAP_LENGTH)
        frames.push({ bytes: bytes.slice(offset, offset + captured), time })
    },
  })
  reader.push(unpacked(readFileSync(path)))
  return frames
}

function unpacked(bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes)
  } catch {
    return bytes
  }
}
