import { hostIp } from '../address.ts'
import { type Cursor, characters } from '../cursor.ts'
import type { Dissector, Fact, FactSubject, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { decodeNetbios, isNetbiosName } from './nbns-name.ts'

const FIRST_TYPE = 0x10
const LAST_TYPE = 0x16
/** Direct, to a group, broadcast: those that carry names and data (RFC 1002 §4.4). */
const LAST_DATA_TYPE = 0x12
const TRANSACTION = 0x25
const COMMAND = { host: 1, request: 2, domain: 12, localMaster: 15 } as const
/** Bytes before the names (RFC 1002 §4.4.2), which the length does not count. */
const HEADER = 14
/** Longest path of scopes behind a name that is passed over. */
const MOST_LABELS = 16

/** Roles that a server announces (MS-BRWS §2.2.1). */
const ROLES: readonly (readonly [number, string])[] = [
  [0x00000001, 'workstation'],
  [0x00000002, 'server'],
  [0x00000004, 'sql-server'],
  [0x00000008, 'domain-controller'],
  [0x00000010, 'backup-domain-controller'],
  [0x00000040, 'apple'],
  [0x00000080, 'novell'],
  [0x00000200, 'print-server'],
  [0x00000800, 'xenix'],
  [0x00001000, 'windows-nt'],
  [0x00008000, 'windows-nt-server'],
  [0x00040000, 'master-browser'],
  [0x00080000, 'domain-master-browser'],
  [0x00400000, 'windows-95'],
  [0x04000000, 'terminal-server'],
]

/** A transaction of SMB 1, as mail slots are. */
const SMB = '\u00ffSMB'

/** NetBIOS datagrams (RFC 1002 §4.4) and the browser announcements in them (MS-BRWS §2.2). */
export const nbdgm: Dissector = {
  protocol: 'nbdgm',
  over: 'udp',
  ports: [138],
  firstBytes: Array.from({ length: LAST_TYPE - FIRST_TYPE + 1 }, (_, at) => FIRST_TYPE + at),
  appetite: 64,
  looksLike: (message) => likeness(message),

  *dissect(message, context) {
    const type = message.u8()
    const ip = hostIp(message.skip(3).view(4))
    if (type > LAST_DATA_TYPE) return
    const source = readName(message.skip(6))
    const target = readName(message)
    if (!message.ok) return
    // Who forwards a datagram is not who sent it: the address inside counts.
    const subject: FactSubject = ip === undefined ? 'client' : { ip }
    if (source !== undefined) yield* factOf(subject, 'nbdgm.name', source.name)
    // 1D and 1E stand for the browsers of a workgroup, 1B for the master of a domain.
    const isGroup = target !== undefined && target.suffix >= 0x1b && target.suffix <= 0x1e
    if (isGroup) yield* factOf(subject, 'nbdgm.workgroup', target.name)
    if (message.startsWith(SMB)) context.carries('smb')
    yield* browserFacts(message, subject)
  },
}

function likeness(message: Cursor): Likeness {
  const type = message.u8()
  if (type < FIRST_TYPE || type > LAST_TYPE) return 'no'
  if (type > LAST_DATA_TYPE) return type > 0x13 && isNetbiosName(message, 9) ? 'strong' : 'no'
  const length = message.skip(9).u16()
  message.skip(2)
  // Some printers count the header in.
  if (!message.ok || length > message.remaining + HEADER) return 'no'
  return isNetbiosName(message, 0) ? 'strong' : 'no'
}

function readName(message: Cursor): ReturnType<typeof decodeNetbios> {
  const label = message.text(message.u8())
  for (let count = 0; count < MOST_LABELS && message.ok; count++) {
    const length = message.u8()
    if (length === 0) break
    message.skip(length)
  }
  return decodeNetbios(label)
}

/** A transaction to the mail slot of the browser (MS-MAIL §2.2, MS-BRWS §2.2). */
function* browserFacts(message: Cursor, subject: FactSubject): Generator<Fact> {
  if (!message.startsWith(SMB) || message.peek(4) !== TRANSACTION) return
  const start = message.position
  message.skip(32).skip(2 * message.u8())
  const text = message.skip(2)
  const slot = characters(text.bytes, text.position, Math.min(text.end, text.position + 17))
  const isBrowser = slot.toUpperCase().startsWith('\\MAILSLOT\\BROWSE\u0000')
  message.position = start
  if (!isBrowser) return
  const offset = dataOffset(message)
  message.position = start
  const data = message.skip(offset)
  const command = data.u8()
  if (command === COMMAND.request || !data.ok) return
  if (command !== COMMAND.host && command !== COMMAND.domain && command !== COMMAND.localMaster)
    return
  const name = data.skip(5).text(16)
  const version = `${data.u8()}.${data.u8()}`
  const roles = data.u32le()
  if (!data.skip(4).ok) return
  if (command === COMMAND.domain) {
    yield* factOf(subject, 'nbdgm.workgroup', name)
    return
  }
  yield* factOf(subject, 'nbdgm.host-name', name)
  yield* factOf(subject, 'nbdgm.os-version', version)
  for (const [bit, role] of ROLES) {
    if ((roles & bit) !== 0) yield* factOf(subject, 'nbdgm.role', role)
  }
  yield* factOf(subject, 'nbdgm.comment', data.text(Math.min(data.remaining, 64)))
}

/** Where the data of an SMB transaction begin, from the start of its header (MS-CIFS §2.2.4.33.1). */
function dataOffset(message: Cursor): number {
  return message.skip(33 + 24).u16le()
}
