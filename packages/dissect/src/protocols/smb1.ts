import { Cursor } from '../cursor.ts'
import type { Fact, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { ntlmFacts } from './ntlmssp.ts'

const HEADER = 32
const COMMAND = { negotiate: 0x72, sessionSetup: 0x73 } as const
const IS_ANSWER = 0x80
const UNICODE = 0x8000
const NO_DIALECT = 0xffff
const MOST_DIALECTS = 32
/** Words of a session setup with and without extended security (MS-CIFS §2.2.4.53, MS-SMB §2.2.4.6). */
const PLAIN_REQUEST = 13
const EXTENDED_REQUEST = 12
const PLAIN_ANSWER = 3
const EXTENDED_ANSWER = 4

/** One SMB 1 message after its session header (MS-CIFS §2.2). Dialects that a client offers wait in the state. */
export function* readSmb1(bytes: Uint8Array, context: MessageContext): Generator<Fact> {
  const header = new Cursor(bytes)
  const command = header.skip(4).u8()
  const isAnswer = (header.skip(4).u8() & IS_ANSWER) !== 0
  const isUnicode = (header.u16le() & UNICODE) !== 0
  const body = new Cursor(bytes, HEADER)
  const { from } = context
  if (command === COMMAND.negotiate) {
    yield* isAnswer ? agreement(body, context) : offer(body, context)
  }
  if (command === COMMAND.sessionSetup) {
    yield* ntlmFacts(bytes.subarray(HEADER), from)
    yield* isAnswer ? setupAnswer(body, isUnicode, from) : setupRequest(body, isUnicode, from)
  }
}

function* offer(body: Cursor, context: MessageContext): Generator<Fact> {
  body.skip(1)
  const list = body.take(body.u16le())
  const dialects: string[] = []
  while (list.remaining > 1 && dialects.length < MOST_DIALECTS) {
    list.skip(1)
    dialects.push(String.fromCharCode(...list.view(Math.min(untilZero(list), 64))))
    list.skip(1)
  }
  context.state = dialects
  yield* factOf(context.from, 'smb.offers', dialects.join(', '))
}

function untilZero(list: Cursor): number {
  const zero = list.bytes.indexOf(0, list.position)
  return zero < 0 || zero >= list.end ? list.remaining : zero - list.position
}

/** An answer in this form means SMB 1, whatever the dialect (MS-CIFS §2.2.4.52.2). */
function* agreement(body: Cursor, { from, state }: MessageContext): Generator<Fact> {
  const words = body.u8()
  const index = body.u16le()
  const mode = body.u8()
  if (!body.ok || words === 0 || index === NO_DIALECT) return
  const dialect = Array.isArray(state) ? (state as readonly string[])[index] : undefined
  const usual = words >= 17 ? 'NT LM 0.12' : 'LANMAN'
  yield* factOf(from, 'smb.dialect', `SMB 1 (${dialect ?? usual})`)
  if (words >= 17) {
    yield* factOf(from, 'smb.signing', (mode & 8) !== 0 ? 'required' : 'not required')
  }
}

/** Strings after the passwords: account, domain, system, LAN manager. The account is stepped over. */
function* setupRequest(body: Cursor, isUnicode: boolean, from: Side): Generator<Fact> {
  const words = body.u8()
  if (words === PLAIN_REQUEST) {
    const secrets = body.skip(14).u16le() + body.u16le()
    body.skip(8).skip(2).skip(secrets)
    skipString(body, isUnicode)
    yield* factOf(from, 'smb.domain', readString(body, isUnicode))
  } else if (words === EXTENDED_REQUEST) {
    const blob = body.skip(14).u16le()
    body.skip(8).skip(2).skip(blob)
  } else return
  yield* systemFacts(body, isUnicode, from)
}

function* setupAnswer(body: Cursor, isUnicode: boolean, from: Side): Generator<Fact> {
  const words = body.u8()
  const action = body.skip(4).u16le()
  const blob = words === EXTENDED_ANSWER ? body.u16le() : 0
  if (words !== PLAIN_ANSWER && words !== EXTENDED_ANSWER) return
  body.skip(2).skip(blob)
  if (body.ok && (action & 1) !== 0) {
    yield { subject: from, field: 'smb.session', value: 'guest' }
  }
  yield* systemFacts(body, isUnicode, from)
  yield* factOf(from, 'smb.domain', readString(body, isUnicode))
}

function* systemFacts(body: Cursor, isUnicode: boolean, from: Side): Generator<Fact> {
  yield* factOf(from, 'smb.native-os', readString(body, isUnicode))
  yield* factOf(from, 'smb.native-lan-manager', readString(body, isUnicode))
}

function skipString(body: Cursor, isUnicode: boolean): void {
  readString(body, isUnicode)
}

/** A zero-terminated string; in Unicode it begins at an even place of the message (MS-CIFS §2.2.1.1.4). */
function readString(body: Cursor, isUnicode: boolean): string {
  if (isUnicode && body.position % 2 === 1) body.skip(1)
  let text = ''
  while (body.remaining > 0) {
    const unit = isUnicode && body.remaining > 1 ? body.u16le() : body.u8()
    if (unit === 0) break
    if (text.length < 256) text += String.fromCharCode(unit)
  }
  return text
}
