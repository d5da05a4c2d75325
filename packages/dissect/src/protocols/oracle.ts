import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

/** Packet types of TNS, as tshark names them. */
const TYPE = { connect: 1, accept: 2, refuse: 4, redirect: 5, data: 6, resend: 11 } as const
const LAST_TYPE = 15
const HEADER_LENGTH = 8
const MOST_BYTES = 4096

/** Oracle's TNS: service, program and host of a connection. Users are never read. */
export const oracle: Dissector = {
  protocol: 'oracle',
  over: 'tcp',
  ports: [1521, 1526],
  firstBytes: [0, 1, 2, 3, 4],
  appetite: 4,
  looksLike: (stream, context) => likeness(stream, context),

  length(stream) {
    if (stream.remaining < HEADER_LENGTH) return 0
    const length = (stream.peek() << 8) | stream.peek(1)
    // From version 315 on the length of later packets takes four bytes.
    const wide = length === 0 ? (stream.peek(2) << 8) | stream.peek(3) : length
    return wide < HEADER_LENGTH ? -1 : wide
  },

  *dissect(message, { from }) {
    const type = message.peek(4)
    const { bytes, position, end } = message
    const text = characters(bytes, position, Math.min(end, position + MOST_BYTES))
    if (type === TYPE.connect) yield* connectFacts(text, from)
    if (type !== TYPE.refuse && type !== TYPE.accept) return
    // The version as one number, four bits or more for each part.
    const number = Number(/\(VSNNUM=(\d{6,10})\)/.exec(text)?.[1] ?? 0)
    if (number > 0) {
      const parts = [
        number >>> 24,
        (number >>> 20) & 15,
        (number >>> 12) & 255,
        (number >>> 8) & 15,
      ]
      yield* factOf(from, 'oracle.version', parts.join('.'))
    }
    yield* factOf(from, 'oracle.error', /\(ERR=(\d+)\)/.exec(text)?.[1])
  },
}

function likeness(stream: Cursor, { serverPort }: MessageContext): Likeness {
  const available = stream.remaining
  const length = stream.u16()
  const checksum = stream.u16()
  const type = stream.u8()
  if (available < HEADER_LENGTH || checksum !== 0 || length < HEADER_LENGTH) return 'no'
  if (type < 1 || type > LAST_TYPE || stream.skip(1).u16() !== 0) return 'no'
  if (type === TYPE.connect) {
    const { bytes, position, end } = stream
    const text = characters(bytes, position, Math.min(end, position + MOST_BYTES))
    if (/\((?:DESCRIPTION|CONNECT_DATA|ADDRESS)=/i.test(text)) return 'strong'
    return length >= 50 && serverPort === 1521 ? 'weak' : 'no'
  }
  return length === available && serverPort === 1521 ? 'weak' : 'no'
}

/** The descriptor of a connection: pairs in brackets. */
function* connectFacts(text: string, from: MessageContext['from']): Generator<Fact> {
  const valueOf = (name: string) => new RegExp(`\\(${name}=([^()]{1,128})\\)`, 'i').exec(text)?.[1]
  const client = /\(CID=((?:\([^()]*\)){1,8})\)/i.exec(text)?.[1] ?? ''
  const ofClient = (name: string) =>
    new RegExp(`\\(${name}=([^()]{1,128})\\)`, 'i').exec(client)?.[1]
  yield* factOf('server', 'oracle.service', valueOf('SERVICE_NAME') ?? valueOf('SID'))
  yield* factOf(from, 'oracle.program', ofClient('PROGRAM')?.split(/[\\/]/).at(-1))
  yield* factOf(from, 'oracle.client-host', ofClient('HOST'))
}
