import { stationMac } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness } from '../dissector.ts'

const QUERY = 0xf6
const ANSWER = 0xf7
const ASK_SETUP = 0xf8
const SETUP = 0xf9
const ANSWER_LENGTH = 30
const SETUP_LENGTH = 124
const MAC_PLACE = 24
const MAKERS: readonly (readonly number[])[] = [
  [0x00, 0x20, 0x4a],
  [0x00, 0x80, 0xa3],
]

/**
 * Discovery of Lantronix serial gateways over UDP: the MAC of one that answers, and who asks for setup records, which
 * hold its password in clear; of those nothing is read.
 */
export const lantronix: Dissector = {
  protocol: 'lantronix',
  over: 'udp',
  ports: [30_718],
  firstBytes: [0x00],
  appetite: 8,
  looksLike,

  *dissect(message, { from }): Generator<Fact> {
    const kind = kindOf(message)
    const bytes = message.view(message.remaining)
    if (kind === QUERY) yield { subject: from, field: 'lantronix.request', value: 'discover' }
    if (kind === ASK_SETUP)
      yield { subject: from, field: 'lantronix.request', value: 'setup-record' }
    if (kind === SETUP) yield { subject: from, field: 'lantronix.tells', value: 'setup-record' }
    if (kind !== ANSWER) return
    const mac = stationMac(bytes.subarray(MAC_PLACE, MAC_PLACE + 6))
    if (mac !== undefined) yield { subject: { mac }, field: 'lantronix.mac', value: mac }
  },
}

/** Four bytes of which three are zero say little: only an answer with a MAC of the maker is sure. */
function looksLike(message: Cursor): Likeness {
  const kind = kindOf(message)
  if (kind === undefined) return 'no'
  const isMakers = MAKERS.some((maker) =>
    maker.every((byte, at) => message.peek(MAC_PLACE + at) === byte),
  )
  return kind === ANSWER && isMakers ? 'strong' : 'weak'
}

/** Kind of a message of the right length. */
function kindOf(message: Cursor): number | undefined {
  if (message.peek() !== 0 || message.peek(1) !== 0 || message.peek(2) !== 0) return undefined
  const kind = message.peek(3)
  const { remaining } = message
  const isLong = remaining === (kind === ANSWER ? ANSWER_LENGTH : kind === SETUP ? SETUP_LENGTH : 4)
  return kind >= QUERY && kind <= SETUP && isLong ? kind : undefined
}
