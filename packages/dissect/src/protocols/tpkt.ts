import { Cursor } from '../cursor.ts'
import type { Likeness, MessageContext, Side } from '../dissector.ts'

/** Version of a TPKT (RFC 1006 §6). */
export const TPKT = 3
export const COTP = { request: 0xe0, confirm: 0xd0, data: 0xf0 } as const
const HEAD = 4
/** Octets of one message that are put together from several data units. */
const LONGEST = 1 << 16
const LAST = 0x80

/** A transport protocol data unit (X.224, RFC 905): its code, fixed part after the code, and user data. */
export interface TransportUnit {
  readonly code: number
  /** What is left of the header. */
  readonly header: Cursor
  readonly data: Cursor
}

/** Length of the TPKT at the start of a stream; zero while incomplete, negative when it is none. */
export function tpktLength(stream: Cursor): number {
  if (stream.remaining > 0 && stream.peek() !== TPKT) return -1
  if (stream.remaining < HEAD) return 0
  const length = (stream.peek(2) << 8) | stream.peek(3)
  return stream.peek(1) === 0 && length > HEAD ? length : -1
}

/** The transport unit in a whole TPKT. */
export function readUnit(message: Cursor): TransportUnit {
  message.skip(HEAD)
  const header = message.take(message.u8())
  const code = header.u8() & 0xf0
  return { code, header, data: message.take(message.remaining) }
}

/** What is put together of each direction until its last data unit. */
interface Waiting {
  client: Uint8Array | undefined
  server: Uint8Array | undefined
}

/** User data of a TPKT once it is whole; nothing for other units, for empty ones, and while more is to come. */
export function readUserData(
  message: Cursor,
  context: MessageContext,
  waiting: Waiting,
): Cursor | undefined {
  const { code, header, data } = readUnit(message)
  if (code !== COTP.data || !message.ok) return undefined
  const isLast = (header.u8() & LAST) !== 0
  const before = waiting[context.from]
  if (before === undefined && isLast) return data.remaining > 0 ? data : undefined
  const bytes = joined(before, data.view(data.remaining))
  waiting[context.from] = isLast || bytes.length > LONGEST ? undefined : bytes
  return isLast && bytes.length > 0 ? new Cursor(bytes) : undefined
}

/** State of a dissector that reads user data. */
export function newWaiting(): Record<Side, Uint8Array | undefined> {
  return { client: undefined, server: undefined }
}

function joined(before: Uint8Array | undefined, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array((before?.length ?? 0) + bytes.length)
  if (before !== undefined) all.set(before)
  all.set(bytes, before?.length ?? 0)
  return all
}

/** Asks `isMine` about the user data of the first TPKT. */
export function likenessOfData(message: Cursor, isMine: (data: Cursor) => boolean): Likeness {
  const length = tpktLength(message)
  if (length <= 0) return length < 0 ? 'no' : 'incomplete'
  const { remaining } = message
  if (remaining < 7) return 'incomplete'
  if (message.peek(4) !== 2 || message.peek(5) !== COTP.data) return 'no'
  if (remaining < Math.min(length, HEAD + 32)) return 'incomplete'
  const end = Math.min(message.end, message.position + length)
  return isMine(new Cursor(message.bytes, message.position + 7, end)) ? 'strong' : 'no'
}
