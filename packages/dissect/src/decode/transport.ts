import { LAYER } from './layer.ts'
import { word } from './link.ts'
import { ICMP, ICMP6, type Packet, SCTP, TCP, UDP } from './packet.ts'

/** Ports, flags and payload of the transport; a header that is cut short leaves zeros. */
export function readTransport(p: Packet): number {
  p.payloadBytes = Math.max(0, p.wireEnd - p.at)
  // An extension header may claim to reach beyond the frame.
  p.payload = Math.min(p.at, p.end)
  p.payloadEnd = p.end
  switch (p.transport) {
    case TCP:
      readTcp(p)
      break
    case UDP:
      readUdp(p)
      break
    case ICMP:
      readIcmp(p, answerOfIcmp)
      break
    case ICMP6:
      readIcmp(p, answerOfIcmp6)
      break
    case SCTP:
      readPorts(p)
      break
    default:
  }
  return LAYER.flow
}

function readPorts(p: Packet): boolean {
  const { bytes, at } = p
  if (p.end - at < 4) return false
  p.sourcePort = (bytes[at]! << 8) | bytes[at + 1]!
  p.targetPort = (bytes[at + 2]! << 8) | bytes[at + 3]!
  return true
}

/** TCP (RFC 9293 section 3.1). */
function readTcp(p: Packet): void {
  const { bytes, at } = p
  if (!readPorts(p) || p.end - at < 14) {
    takePayload(p, p.wireEnd - at, 0)
    return
  }
  p.seq = word(bytes, at + 4)
  p.tcpFlags = bytes[at + 13]!
  const header = (bytes[at + 12]! >>> 4) * 4
  const isWhole = header >= 20 && at + header <= p.wireEnd
  takePayload(p, isWhole ? header : p.wireEnd - at, p.wireEnd - at - header)
}

/** UDP (RFC 768). */
function readUdp(p: Packet): void {
  const { bytes, at } = p
  if (!readPorts(p) || p.end - at < 8) {
    takePayload(p, p.wireEnd - at, 0)
    return
  }
  const stated = (bytes[at + 4]! << 8) | bytes[at + 5]!
  const room = p.wireEnd - at
  takePayload(p, 8, (stated >= 8 ? Math.min(stated, room) : room) - 8)
}

function takePayload(p: Packet, header: number, length: number): void {
  p.payload = Math.min(p.at + header, p.end)
  p.payloadBytes = Math.max(0, length)
  p.payloadEnd = Math.min(p.end, p.payload + p.payloadBytes)
}

/** ICMP and ICMPv6: type and counterpart take the place of ports (RFC 792, RFC 4443). */
function readIcmp(p: Packet, answerOf: (type: number) => number): void {
  if (p.end - p.at < 2) return
  const type = p.bytes[p.at]!
  const answer = answerOf(type)
  // Advertisements also come unasked, so they say nothing of who began.
  p.isAnswer = answer < 0 && type !== 9 && type !== 134 && type !== 136
  p.sourcePort = type
  p.targetPort = answer === 0 ? p.bytes[p.at + 1]! : Math.abs(answer) - 1
  takePayload(p, 8, p.wireEnd - p.at - 8)
}

/**
 * One more than the type that answers a request; for an answer the same of its request, negative; zero for messages
 * that have no counterpart.
 */
function answerOfIcmp(type: number): number {
  switch (type) {
    case 8:
      return 1
    case 0:
      return -9
    case 13:
    case 15:
    case 17:
      return type + 2
    case 14:
    case 16:
    case 18:
      return -type
    case 10:
      return 10
    case 9:
      return -11
    default:
      return 0
  }
}

function answerOfIcmp6(type: number): number {
  switch (type) {
    case 128:
    case 133:
    case 135:
    case 139:
    case 144:
      return type + 2
    case 129:
    case 134:
    case 136:
    case 140:
    case 145:
      return -type
    default:
      return 0
  }
}
