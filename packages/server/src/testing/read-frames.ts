import { CaptureReader } from '@wardkeeper/dissect'

/** The frames of a capture, each in hexadecimal. */
export function readCapture(capture: Uint8Array): string[] {
  const frames: string[] = []
  const reader = new CaptureReader({
    frame(bytes, offset, captured) {
      frames.push(Buffer.from(bytes.subarray(offset, offset + captured)).toString('hex'))
    },
  })
  reader.push(capture)
  reader.end()
  return frames
}
