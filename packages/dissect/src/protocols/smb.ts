import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { decodeNetbios } from './nbns-name.ts'
import { readSmb1 } from './smb1.ts'
import { readSmb2 } from './smb2.ts'

/** Packet types of the NetBIOS session service (RFC 1002 §4.3.1); direct hosting has the first only. */
const SESSION = { message: 0x00, request: 0x81, granted: 0x82, refused: 0x83, alive: 0x85 } as const
const HEADER = 4
const SMB1_MARK = 0xff
const SMB2_MARK = 0xfe
const ENCRYPTED_MARK = 0xfd

/** SMB 1 to 3 until a session stands: dialect, signing, names and versions of both systems (MS-CIFS, MS-SMB2). */
export const smb: Dissector = {
  protocol: 'smb',
  over: 'tcp',
  ports: [445, 139],
  firstBytes: Object.values(SESSION),
  appetite: 12,
  looksLike,

  length(stream) {
    const type = stream.peek()
    if (!(Object.values(SESSION) as number[]).includes(type)) return -1
    if (stream.remaining < HEADER) return 0
    const length = (stream.peek(1) << 16) | (stream.peek(2) << 8) | stream.peek(3)
    if (type !== SESSION.message) return length <= 0x1ff ? HEADER + length : -1
    if (length === 0 || stream.remaining < HEADER + 4) return HEADER + length
    return isMarked(stream) ? HEADER + length : -1
  },

  *dissect(message, context) {
    const type = message.u8()
    message.skip(3)
    if (type === SESSION.request) return yield* sessionFacts(message, context)
    if (type !== SESSION.message || message.remaining < 4) return
    const mark = message.peek()
    const body = message.view(message.remaining)
    if (mark === SMB1_MARK) yield* readSmb1(body, context)
    if (mark === SMB2_MARK) yield* readSmb2(body, context.from)
    if (mark === ENCRYPTED_MARK) {
      yield { subject: context.from, field: 'smb.encryption', value: 'SMB 3' }
      context.enough()
    }
  },
}

function looksLike(message: Cursor): Likeness {
  const type = message.peek()
  if (type === SESSION.request) return requestLikeness(message)
  if (type === SESSION.granted || type === SESSION.alive) {
    return message.remaining === 4 && message.peek(3) === 0 ? 'weak' : 'no'
  }
  if (type !== SESSION.message) return 'no'
  if (message.remaining < HEADER + 4) return message.peek(1) === 0 ? 'incomplete' : 'no'
  return isMarked(message) ? 'strong' : 'no'
}

/** Two encoded names of 34 bytes (RFC 1002 §4.3.2). */
function requestLikeness(message: Cursor): Likeness {
  if (message.remaining < 6) return 'incomplete'
  const isLength = message.peek(1) === 0 && message.peek(2) === 0 && message.peek(3) === 68
  return isLength && message.peek(4) === 0x20 ? 'strong' : 'no'
}

function isMarked(stream: Cursor): boolean {
  const mark = stream.peek(HEADER)
  const isName =
    stream.peek(HEADER + 1) === 0x53 &&
    stream.peek(HEADER + 2) === 0x4d &&
    stream.peek(HEADER + 3) === 0x42
  return isName && (mark === SMB1_MARK || mark === SMB2_MARK || mark === ENCRYPTED_MARK)
}

function* sessionFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const called = sessionName(message)
  const calling = sessionName(message)
  const other = from === 'client' ? 'server' : 'client'
  // The called name is the wildcard *SMBSERVER more often than a name.
  if (!called.startsWith('*')) yield* factOf(other, 'smb.netbios-name', called)
  yield* factOf(from, 'smb.netbios-name', calling)
}

/** A length of 32, the encoded name, and a zero for its scope. */
function sessionName(message: Cursor): string {
  return decodeNetbios(message.take(34).skip(1).text(32))?.name ?? ''
}
