import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

/** Programs (RFC 5531 §14 and the registry of IANA). */
const PROGRAMS: Readonly<Record<number, string>> = {
  100_000: 'portmapper',
  100_001: 'rstat',
  100_002: 'rusers',
  100_003: 'nfs',
  100_004: 'ypserv',
  100_005: 'mount',
  100_007: 'ypbind',
  100_008: 'wall',
  100_011: 'rquota',
  100_021: 'lock-manager',
  100_024: 'status',
  100_227: 'nfs-acl',
  150_001: 'pcnfsd',
  390_113: 'nsrexec',
  395_183: 'vxi-11',
  536_870_919: 'cluster',
}
const NFS = 100_003
const CALL = 0
const REPLY = 1
const NFS_PORT = 2049
const RPC_VERSION = 2
/** Flavours of credentials that exist (RFC 5531 §8.2 and its registry). */
const FLAVOURS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 300_001, 390_003, 390_004]
const SYSTEM = 1
const LONGEST = 2 << 20
const CALL_LENGTH = 40

/** ONC RPC (RFC 5531): programs that hosts offer, and the name of who calls them. */
export const rpc: Dissector = {
  protocol: 'rpc',
  over: 'udp',
  ports: [111, 2049],
  appetite: 6,
  looksLike: (message) => likeness(message),
  dissect: (message, context) => messageFacts(message, context),
}

/** ONC RPC over a stream, in marked records (RFC 5531 §11). */
export const rpcTcp: Dissector = {
  protocol: 'rpc',
  over: 'tcp',
  ports: [111, 2049],
  firstBytes: [0x80],
  appetite: 6,

  looksLike(stream) {
    const mark = stream.u32()
    if (mark < 0x8000_0000 || mark > 0x8000_0000 + LONGEST) return 'no'
    return stream.remaining < CALL_LENGTH ? 'incomplete' : likeness(stream)
  },

  length(stream) {
    if (stream.remaining < 4) return 0
    const mark = stream.u32() & 0x7fff_ffff
    return mark > LONGEST ? -1 : mark + 4
  },

  dissect: (message, context) => messageFacts(message.skip(4), context),
}

function likeness(message: Cursor): Likeness {
  const start = message.position
  if (message.skip(4).u32() === REPLY) return isReply(message) ? 'weak' : 'no'
  message.position = start + 4
  const isCall = message.u32() === CALL && message.u32() === RPC_VERSION
  const program = message.u32()
  const version = message.u32()
  const procedure = message.u32()
  const isFlavour = FLAVOURS.includes(message.u32())
  const length = message.u32()
  if (!message.ok || !isCall || !isFlavour || length > 400) return 'no'
  const isSmall = version < 64 && procedure < 512
  if (!isSmall || !message.skip((length + 3) & ~3).ok) return 'no'
  return PROGRAMS[program] === undefined ? 'weak' : 'strong'
}

/** An answer that was accepted, by whom, and how the call went (RFC 5531 §9). */
function isReply(message: Cursor): boolean {
  const isAccepted = message.u32() === 0
  const isFlavour = FLAVOURS.includes(message.u32())
  const length = message.u32()
  const isStatus = length <= 400 && message.skip((length + 3) & ~3).u32() <= 5
  return message.ok && isAccepted && isFlavour && isStatus
}

function* messageFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const { from } = context
  const kind = message.skip(4).u32()
  // An answer does not say which program it is of; that the server's port does.
  if (kind === REPLY && context.serverPort === NFS_PORT) context.become('nfs')
  const isCall = kind === CALL && message.u32() === RPC_VERSION
  if (!isCall || !message.ok) return
  const program = message.u32()
  const version = message.u32()
  const flavour = message.skip(4).u32()
  const credentials = message.take(message.u32())
  const other = from === 'client' ? 'server' : 'client'
  const name = PROGRAMS[program] ?? String(program)
  yield* factOf(other, 'rpc.program', `${name} v${version}`)
  if (flavour === SYSTEM && credentials.ok) {
    const machine = credentials.skip(4)
    yield* factOf(from, 'rpc.machine-name', machine.text(Math.min(machine.u32(), 255)))
  }
  if (program === NFS) context.become('nfs')
}
