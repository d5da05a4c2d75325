import { be16, bytesOf, le16 } from '../frames.ts'
import type { Sample } from './sample.ts'

const NPORT = bytesOf([0, 0x55, 0x55, 0x55], le16(0x511a), [0x00, 0x90, 0xe8, 0xaa, 0xbb, 0xcc])
const moxaMessage = (kind: number, ...parts: readonly Uint8Array[]) => {
  const body = bytesOf(...parts)
  return bytesOf(kind, 0, be16(body.length + 8), [0, 0, 0, 1], body)
}
export const MOXA = {
  discover: moxaMessage(0x01),
  found: moxaMessage(0x81, NPORT, bytesOf([192, 168, 127, 254])),
  name: moxaMessage(0x90, NPORT, bytesOf('ICU ventilators', new Uint8Array(25))),
  serial: moxaMessage(0x96, NPORT, bytesOf(new Uint8Array(8), le16(4711), new Uint8Array(6))),
}

const field = (code: number, ...parts: readonly (string | number[])[]) => {
  const body = bytesOf(...parts)
  return bytesOf(code, body.length, body)
}
const digi = (kind: number, ...parts: readonly Uint8Array[]) => {
  const body = bytesOf(...parts)
  return bytesOf('DIGI', be16(kind), be16(body.length), body)
}
const DIGI_MAC = [0x00, 0x40, 0x9d, 0x11, 0x22, 0x33]
export const ADDP = {
  discover: digi(1, bytesOf([255, 255, 255, 255, 255, 255])),
  found: digi(
    2,
    field(0x01, DIGI_MAC),
    field(0x02, [10, 0, 0, 9]),
    field(0x04, 'lab-gateway'),
    field(0x0d, 'Digi One SP'),
    field(0x07, [3]),
    field(0x08, 'Version 82000770_J 04/14/2008'),
    field(0x12, [1]),
  ),
  reboot: digi(5, bytesOf(DIGI_MAC, [7], 'PLANTED')),
}

export const LANTRONIX = {
  discover: bytesOf([0, 0, 0, 0xf6]),
  found: bytesOf([0, 0, 0, 0xf7], new Uint8Array(20), [0x00, 0x20, 0x4a, 0x01, 0x02, 0x03]),
  askSetup: bytesOf([0, 0, 0, 0xf8]),
  setup: bytesOf([0, 0, 0, 0xf9], 'PLANTED', new Uint8Array(113)),
}

const samplesOf = (
  protocol: string,
  messages: Readonly<Record<string, Uint8Array>>,
): readonly Sample[] =>
  Object.entries(messages).map(([name, bytes]) => ({
    protocol,
    over: 'udp',
    from: /^(?:discover|reboot|askSetup)$/.test(name) ? 'client' : 'server',
    bytes,
  }))

export const SAMPLES: readonly Sample[] = [
  ...samplesOf('moxa', MOXA),
  ...samplesOf('addp', ADDP),
  ...samplesOf('lantronix', LANTRONIX),
]
