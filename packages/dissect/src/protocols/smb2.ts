import { Cursor } from '../cursor.ts'
import type { Fact, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { ntlmFacts, utf16 } from './ntlmssp.ts'

const HEADER = 64
const COMMAND = { negotiate: 0, sessionSetup: 1, treeConnect: 3 } as const
const IS_ANSWER = 1

const DIALECT: Readonly<Record<number, string>> = {
  0x0202: 'SMB 2.0.2',
  0x0210: 'SMB 2.1',
  0x0300: 'SMB 3.0',
  0x0302: 'SMB 3.0.2',
  0x0311: 'SMB 3.1.1',
}
/** Shares that say what is done, not whose files they are. */
const SHARES = ['IPC$', 'ADMIN$', 'C$', 'D$', 'PRINT$', 'SYSVOL', 'NETLOGON']

/** One SMB 2 or 3 message after its session header (MS-SMB2 §2.2). */
export function* readSmb2(bytes: Uint8Array, from: Side): Generator<Fact> {
  const header = new Cursor(bytes)
  const status = header.skip(8).u32le()
  const command = header.u16le()
  const isAnswer = (header.skip(2).u32le() & IS_ANSWER) !== 0
  const body = new Cursor(bytes, HEADER)
  if (!header.ok) return
  if (command === COMMAND.negotiate) yield* isAnswer ? agreement(body, from) : offer(body, from)
  if (command === COMMAND.sessionSetup) {
    yield* ntlmFacts(bytes.subarray(HEADER), from)
    if (isAnswer && status === 0) yield* sessionFacts(body, from)
  }
  if (command === COMMAND.treeConnect && !isAnswer) yield* treeFacts(bytes, body, from)
}

/** NEGOTIATE request (§2.2.3). */
function* offer(body: Cursor, from: Side): Generator<Fact> {
  const count = body.skip(2).u16le()
  body.skip(8)
  const guid = guidText(body.view(16))
  const dialects = new Cursor(body.bytes, HEADER + 36)
  const names: string[] = []
  for (let at = 0; at < Math.min(count, 16) && dialects.remaining >= 2; at++) {
    const dialect = dialects.u16le()
    names.push(DIALECT[dialect] ?? `0x${dialect.toString(16)}`)
  }
  if (!body.ok) return
  yield* factOf(from, 'smb.offers', names.join(', '))
  yield* factOf(from, 'smb.guid', guid)
}

/** NEGOTIATE response (§2.2.4). The wildcard 0x02ff is no dialect yet. */
function* agreement(body: Cursor, from: Side): Generator<Fact> {
  const mode = body.skip(2).u16le()
  const dialect = body.u16le()
  const guid = guidText(body.skip(2).view(16))
  if (!body.ok) return
  yield* factOf(from, 'smb.dialect', DIALECT[dialect])
  yield* factOf(from, 'smb.signing', (mode & 2) !== 0 ? 'required' : 'not required')
  yield* factOf(from, 'smb.guid', guid)
}

/** SESSION_SETUP response (§2.2.6): as whom the server took the client. */
function* sessionFacts(body: Cursor, from: Side): Generator<Fact> {
  const flags = body.skip(2).u16le()
  if ((flags & 1) !== 0) yield { subject: from, field: 'smb.session', value: 'guest' }
  if ((flags & 2) !== 0) yield { subject: from, field: 'smb.session', value: 'anonymous' }
}

/** TREE_CONNECT request (§2.2.9): only shares of the system itself, other names may be a person's. */
function* treeFacts(bytes: Uint8Array, body: Cursor, from: Side): Generator<Fact> {
  const offset = body.skip(4).u16le()
  const length = body.u16le()
  const path = utf16(bytes.subarray(offset, offset + Math.min(length, 512)))
  const share = path.slice(path.lastIndexOf('\\') + 1).toUpperCase()
  if (SHARES.includes(share)) yield { subject: from, field: 'smb.share', value: share }
}

/** A GUID as MS-DTYP §2.3.4.3 writes it; empty when it is all zeros. */
function guidText(guid: Uint8Array): string {
  if (guid.length < 16 || guid.every((byte) => byte === 0)) return ''
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
  const digits = order.map((at) => guid[at]!.toString(16).padStart(2, '0')).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
