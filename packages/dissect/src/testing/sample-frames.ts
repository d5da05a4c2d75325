import { DISSECTORS } from '../index.ts'
import {
  be16,
  bytesOf,
  CLIENT,
  ethernet,
  ipv4,
  ipv6,
  type Said,
  SERVER,
  tcpFrames,
  udpFrames,
} from './frames.ts'
import type { Sample } from './samples/sample.ts'

/** Bytes of a message that one frame has room for. */
const ROOM = 1400

/** Frames that carry a sample as its dissector would meet it. */
export function sampleFrames({ protocol, over, from, bytes }: Sample): Uint8Array[] {
  const dissector = DISSECTORS.find((one) => one.protocol === protocol && one.over === over)
  if (over === 'ethernet') return [linkFrame(dissector?.etherTypes?.[0] ?? 0x88b5, bytes)]
  if (over === 'ip') {
    const number = dissector?.ipProtocols?.[0] ?? 0
    const [etherType, packet] = number === 58 ? [0x86dd, ipv6] : [0x0800, ipv4]
    return [
      ethernet({ etherType }, packet({ protocol: number, ttl: dissector?.ttl ?? 255 }, bytes)),
    ]
  }
  const ends = { client: CLIENT, server: { ...SERVER, port: dissector?.ports?.[0] ?? 9 } }
  if (over === 'udp') return udpFrames(ends, [[from, bytes.slice(0, ROOM)]])
  const segments = Array.from({ length: Math.ceil(bytes.length / ROOM) }, (_, at): Said => {
    return [from, bytes.slice(at * ROOM, (at + 1) * ROOM)]
  })
  return tcpFrames(ends, segments)
}

/** A frame of this EtherType, or with LLC or SNAP, as `Dissector.etherTypes` counts them (IEEE 802.2, RFC 1042). */
function linkFrame(type: number, bytes: Uint8Array): Uint8Array {
  if (type >= 0x0600 && type <= 0xffff) return ethernet({ etherType: type }, bytes)
  const oui = Math.floor(type / 65_536)
  const snap = [0xaa, 0xaa, 3, oui >>> 16, ...be16(oui & 0xffff), ...be16(type & 0xffff)]
  const message = bytesOf(type > 0xffff ? snap : [type, type, 3], bytes)
  return ethernet({ etherType: message.length }, message)
}
