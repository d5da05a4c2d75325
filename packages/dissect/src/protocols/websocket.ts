import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'

/** Bits of the first two bytes (RFC 6455 §5.2). */
const FINAL = 0x80
/** Extensions use the first reserved bit (RFC 7692); the others nobody does. */
const RESERVED = 0x30
const OPCODE = 0x0f
const MASKED = 0x80
const TEXT = 1
const BINARY = 2
const CONTROLS = 8
const OPCODES: readonly number[] = [0, TEXT, BINARY, 8, 9, 10]
const LONGEST_CONTROL = 125
/** Characters of a masked text that show by themselves that it is one. */
const PROOF = 16
const MOST_PROOF = 64

/** What a subprotocol of IANA's registry or of common use carries. */
const CARRIED: readonly (readonly [RegExp, string])[] = [
  [/^mqtt/, 'mqtt'],
  [/^amqp/, 'amqp'],
  [/^coap$/, 'coap'],
  [/^ocpp/, 'ocpp'],
  [/^opcua/, 'opc-ua'],
  [/^sip$/, 'sip'],
  [/^v1\d\.stomp$/, 'stomp'],
  [/^xmpp/, 'xmpp'],
]
/** Subprotocols that are told by their name: of IANA's registry, and of common use. */
const SUBPROTOCOLS: ReadonlySet<string> = new Set(
  `amqp aeq binary bfcp base64 c1.json coap chat dicom fhir graphql-transport-ws graphql-ws janus-protocol json jsonrpc
  mbws.huawei.com mqtt mqttv3.1 msrp ocpp1.2 ocpp1.5 ocpp1.6 ocpp2.0 ocpp2.0.1 ocpp2.1 onem2m.r2p0.json opcua+uacp
  opcua+uajson rtsp.onvif.org sip soap vnc v10.stomp v11.stomp v12.stomp wamp wamp.2.json wamp.2.msgpack webdriver-bidi
  xmpp`.split(/\s+/),
)

/**
 * WebSocket (RFC 6455): kind of what is sent. Payload is let go by. A flow that is met in the middle is known by a text of the
 * client alone: under its mask there is text again.
 */
export const websocket: Dissector = {
  protocol: 'websocket',
  over: 'tcp',
  firstBytes: [FINAL | TEXT],
  appetite: 8,
  looksLike: (stream) => likeness(stream),
  length: (stream) => headerLength(stream),

  *dissect(message, context) {
    const opcode = message.u8() & OPCODE
    const second = message.u8()
    context.pass(payloadLength(message, second))
    message.skip(second >= MASKED ? 4 : 0)
    if (!message.ok) return
    if (opcode === TEXT || opcode === BINARY) {
      const value = opcode === TEXT ? 'text' : 'binary'
      yield { subject: context.from, field: 'websocket.payload', value }
    }
  },
}

function headerLength(stream: Cursor): number {
  const { remaining } = stream
  if (remaining < 2) return 0
  const first = stream.u8()
  const second = stream.u8()
  const opcode = first & OPCODE
  const size = second & ~MASKED
  if ((first & RESERVED) !== 0 || !OPCODES.includes(opcode)) return -1
  if (opcode >= CONTROLS && (first < FINAL || size > LONGEST_CONTROL)) return -1
  const length = 2 + (size === 126 ? 2 : size === 127 ? 8 : 0) + (second >= MASKED ? 4 : 0)
  if (remaining < length) return 0
  return payloadLength(stream, second) < 0 ? -1 : length
}

/** Bytes of the payload; negative when they are not written in the shortest form. */
function payloadLength(stream: Cursor, second: number): number {
  const size = second & ~MASKED
  if (size < 126) return size
  if (size === 126) {
    const length = stream.u16()
    return length < 126 ? -1 : length
  }
  const length = stream.u32() * 2 ** 32 + stream.u32()
  return length < 65_536 || length > Number.MAX_SAFE_INTEGER ? -1 : length
}

function likeness(stream: Cursor): Likeness {
  const { bytes, position, end, remaining } = stream
  if (stream.u8() !== (FINAL | TEXT)) return 'no'
  const second = stream.u8()
  const length = second < MASKED ? -1 : payloadLength(stream, second)
  const mask = stream.position
  const start = mask + 4
  if (!stream.ok || length < PROOF || start - position + length > remaining) return 'no'
  const stop = Math.min(end, start + Math.min(length, MOST_PROOF))
  for (let at = start; at < stop; at++) {
    const character = bytes[at]! ^ bytes[mask + ((at - start) & 3)]!
    if (character < 0x20 ? !isWhite(character) : character > 0x7e) return 'no'
  }
  return 'weak'
}

function isWhite(character: number): boolean {
  return character === 0x09 || character === 0x0a || character === 0x0d
}

/** A subprotocol as it may be told: one that is known, as some put a key or the name of their user in its place. */
export function subprotocolName(text: string): string | undefined {
  return SUBPROTOCOLS.has(text) ? text : undefined
}

/** The protocol that a subprotocol is. */
export function protocolOfSubprotocol(name: string): string | undefined {
  return CARRIED.find(([pattern]) => pattern.test(name))?.[1]
}
