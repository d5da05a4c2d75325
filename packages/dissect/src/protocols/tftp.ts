import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const OPERATION = { read: 1, write: 2, data: 3, acknowledge: 4, error: 5, options: 6 } as const
const MODES: readonly string[] = ['netascii', 'octet', 'mail']
const OPTIONS: readonly string[] = ['blksize', 'multicast', 'timeout', 'tsize', 'windowsize']
const HEADER_LENGTH = 4

/** TFTP (RFC 1350, RFC 2347): which files a device loads, mostly its configuration or firmware. */
export const tftp: Dissector = {
  protocol: 'tftp',
  over: 'udp',
  ports: [69],
  firstBytes: [0],
  appetite: 6,
  looksLike: (message) => likeness(message),

  *dissect(message, context) {
    const operation = message.u16()
    const { from } = context
    if (operation === OPERATION.read || operation === OPERATION.write) {
      const field = operation === OPERATION.read ? 'tftp.reads' : 'tftp.writes'
      yield* factOf(from, field, word(message))
      return
    }
    // The transfer has ports of its own: what is sent and what is acknowledged must go together.
    const block = message.u16()
    const before = context.state as Transfer | undefined
    if (operation === OPERATION.data) {
      context.state = { block, sender: from } satisfies Transfer
      // The same block from the same end is sent again, or is no block: only another one agrees.
      if (before === undefined || block === before.block) context.doubt()
      if (before !== undefined && !isNext(before, block, from)) message.ok = false
    } else if (operation === OPERATION.acknowledge) {
      if (before === undefined) {
        // Who is asked to take a file acknowledges the request: all blocks then come from the other end.
        context.state = {
          block,
          sender: from === 'client' ? 'server' : 'client',
        } satisfies Transfer
        context.doubt()
      } else if (block !== before.block || from === before.sender) message.ok = false
    } else if (operation === OPERATION.error || operation === OPERATION.options) context.doubt()
    else message.ok = false
  },
}

/** The block that was sent last, and by whom. */
interface Transfer {
  readonly block: number
  readonly sender: Side
}

/** All blocks come from one end, in turn. */
function isNext(before: Transfer, block: number, from: Side): boolean {
  const isInTurn = block === before.block || block === ((before.block + 1) & 0xffff)
  return from === before.sender && isInTurn
}

function likeness(message: Cursor): Likeness {
  const length = message.remaining
  const operation = message.u16()
  if (operation === OPERATION.read || operation === OPERATION.write) {
    const name = word(message)
    const mode = word(message).toLowerCase()
    return message.ok && /^[\x20-\x7e]+$/.test(name) && MODES.includes(mode) ? 'strong' : 'no'
  }
  if (operation === OPERATION.options) return hasOption(message) ? 'strong' : 'no'
  const block = message.u16()
  // A transfer is met at its start or not at all.
  if (operation === OPERATION.data) return block === 1 && length > HEADER_LENGTH ? 'weak' : 'no'
  if (operation === OPERATION.acknowledge)
    return block <= 1 && length === HEADER_LENGTH ? 'weak' : 'no'
  return 'no'
}

/** An answer to the options of a request names at least one that exists (RFC 2347 and the registry of IANA). */
function hasOption(message: Cursor): boolean {
  const name = word(message).toLowerCase()
  return OPTIONS.includes(name) && /^\d*$/.test(word(message)) && message.ok
}

/** Text up to the next NUL; fails where there is none. */
function word(message: Cursor): string {
  const nul = message.bytes.indexOf(0, message.position)
  if (nul < 0 || nul >= message.end) {
    message.ok = false
    return ''
  }
  const text = message.text(nul - message.position)
  message.skip(1)
  return text
}
