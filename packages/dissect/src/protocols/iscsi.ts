import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

const LOGIN = 0x03
const LOGIN_ANSWER = 0x23
const TEXT_ANSWER = 0x24
const IMMEDIATE = 0x40
const HEADER_LENGTH = 48
const LONGEST = 1 << 20
const KEYS = table<readonly ['client' | 'server', string]>({
  InitiatorAlias: ['client', 'iscsi.initiator-alias'],
  InitiatorName: ['client', 'iscsi.initiator-name'],
  TargetAddress: ['server', 'iscsi.target-address'],
  TargetAlias: ['server', 'iscsi.target-alias'],
  TargetName: ['server', 'iscsi.target-name'],
})

/** iSCSI (RFC 7143): names of initiators and targets. No block is read. */
export const iscsi: Dissector = {
  protocol: 'iscsi',
  over: 'tcp',
  ports: [3260],
  firstBytes: [LOGIN, LOGIN | IMMEDIATE, LOGIN_ANSWER],
  appetite: 6,

  looksLike(stream): Likeness {
    const code = stream.peek() & 0x3f
    if (stream.remaining < HEADER_LENGTH) return 'no'
    const length = (stream.peek(5) << 16) | (stream.peek(6) << 8) | stream.peek(7)
    // Stage, versions and no additional header (RFC 7143 §11.12).
    const isHeader = stream.peek(2) === 0 && stream.peek(3) === 0 && stream.peek(4) === 0
    if ((code !== LOGIN && code !== LOGIN_ANSWER) || !isHeader || length > 8192) return 'no'
    return /^[A-Z]\w+=/.test(stream.skip(HEADER_LENGTH).text(Math.min(length, stream.remaining)))
      ? 'strong'
      : 'no'
  },

  length(stream) {
    if (stream.remaining < 8) return 0
    const data = (stream.peek(5) << 16) | (stream.peek(6) << 8) | stream.peek(7)
    const length = HEADER_LENGTH + 4 * stream.peek(4) + ((data + 3) & ~3)
    return length > LONGEST ? -1 : length
  },

  *dissect(message) {
    const code = message.peek() & 0x3f
    if (code !== LOGIN && code !== LOGIN_ANSWER && code !== TEXT_ANSWER) return
    for (const [key, value] of pairs(message.skip(HEADER_LENGTH))) {
      const known = KEYS[key]
      if (known !== undefined) yield* factOf(known[0], known[1], value)
    }
  },
}

/** `key=value`, each ended by a NUL. */
function pairs(data: Cursor): readonly (readonly [string, string])[] {
  const bytes = data.view(Math.min(data.remaining, 4096))
  const parts = String.fromCharCode(...bytes).split('\0', 64)
  return parts.map((part) => {
    const equals = part.indexOf('=')
    return [part.slice(0, Math.max(0, equals)), part.slice(equals + 1)] as const
  })
}
