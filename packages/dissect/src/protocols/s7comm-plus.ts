import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { likenessOfData, newWaiting, readUserData, TPKT, tpktLength } from './tpkt.ts'

const MAGIC = 0x72
const KEEP_ALIVE = 0xff
/** 1: begin, 2: data, 3: data with a digest. */
const MOST_VERSION = 3
const DIGEST = 3
const OPCODE = { request: 0x31, response: 0x32, notification: 0x33 } as const

const FUNCTIONS: Readonly<Record<number, string>> = {
  0x04bb: 'explore',
  0x04ca: 'create-object',
  0x04d4: 'delete-object',
  0x04f2: 'set-variable',
  0x04fc: 'get-variable',
  0x0506: 'add-link',
  0x051a: 'remove-link',
  0x0524: 'get-link',
  0x0542: 'set-variables',
  0x054c: 'get-variables',
  0x0556: 'begin-sequence',
  0x0560: 'end-sequence',
  0x056b: 'invoke',
  0x0586: 'get-substreamed',
}
/** What a controller says of itself where a session begins: `1;6ES7 214-1HE30-0XB0;V2.2`. */
const IDENTITY = /\d;(6[A-Z]{2}\d [\dA-Z-]{10,16}) *;([VS]?\d[\d.]*)/
const LONGEST_SEARCH = 2048

/** S7comm-plus, of the S7-1200 and S7-1500: functions asked for, order number and firmware of the controller. */
export const s7commPlus: Dissector = {
  protocol: 's7comm-plus',
  over: 'tcp',
  firstBytes: [TPKT],
  appetite: 256,
  looksLike: (message) => likenessOfData(message, isS7PlusData),
  length: tpktLength,
  *dissect(message, context) {
    context.state ??= newWaiting()
    const data = readUserData(message, context, context.state as ReturnType<typeof newWaiting>)
    if (data !== undefined) yield* s7PlusFacts(data, context)
  },
}

/** True when the user data of a TPKT is S7comm-plus; none of it is consumed. */
export function isS7PlusData(data: Cursor): boolean {
  const version = data.peek(1)
  if (data.peek() !== MAGIC) return false
  return version === KEEP_ALIVE || (version >= 1 && version <= MOST_VERSION)
}

/** Facts of one S7comm-plus message. */
export function* s7PlusFacts(data: Cursor, { from }: MessageContext): Generator<Fact> {
  const version = data.skip(1).u8()
  data.skip(2)
  if (version === KEEP_ALIVE) return
  yield* factOf(from, 's7comm-plus.version', String(version))
  if (version === DIGEST && data.peek() === 0x20) data.skip(33)
  const opcode = data.u8()
  const function_ = data.skip(2).u16()
  if (!data.ok) return
  if (opcode === OPCODE.request) {
    yield* factOf(from, 's7comm-plus.function', FUNCTIONS[function_] ?? `function ${function_}`)
  } else if (opcode === OPCODE.response) {
    const end = Math.min(data.end, data.position + LONGEST_SEARCH)
    const match = IDENTITY.exec(characters(data.bytes, data.position, end))
    yield* factOf(from, 's7comm-plus.order-number', match?.[1])
    yield* factOf(from, 's7comm-plus.firmware-version', match?.[2]?.replace(/^V/, ''))
  }
}
