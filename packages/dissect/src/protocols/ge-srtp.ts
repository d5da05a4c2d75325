import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'

const HEADER = 56
const REQUEST = 2
const ANSWER = 3
const LONGEST = 8192
/** Kinds of messages: short and long requests, their acknowledgements, refusal. */
const KINDS: readonly number[] = [0xc0, 0x80, 0xd4, 0x94, 0xd1]
const LONG_REQUEST = 0x80

const SERVICES: Readonly<Record<number, string>> = {
  0x00: 'read-status',
  0x03: 'read-program-names',
  0x04: 'read-memory',
  0x05: 'read-task-memory',
  0x06: 'read-program-memory',
  0x07: 'write-memory',
  0x08: 'write-task-memory',
  0x09: 'write-program-memory',
  0x20: 'logon',
  0x21: 'change-privilege',
  0x22: 'set-id',
  0x23: 'set-run-stop',
  0x24: 'set-clock',
  0x25: 'read-clock',
  0x38: 'read-faults',
  0x39: 'clear-faults',
  0x3f: 'store-program',
  0x40: 'load-program',
  0x43: 'read-controller-type',
  0x44: 'toggle-force',
}

/** GE-SRTP of GE's (now Emerson's) controllers: services that are asked for. */
export const geSrtp: Dissector = {
  protocol: 'ge-srtp',
  over: 'tcp',
  ports: [18245, 18246],
  firstBytes: [REQUEST, ANSWER],
  appetite: 256,
  looksLike,

  length(stream) {
    if (stream.remaining < HEADER) return 0
    const length = stream.peek(4) | (stream.peek(5) << 8)
    return stream.peek() <= ANSWER && length <= LONGEST ? HEADER + length : -1
  },

  *dissect(message, { from }) {
    if (message.peek() !== REQUEST) return
    const service = SERVICES[message.peek(message.peek(31) === LONG_REQUEST ? 50 : 42)]
    yield* factOf(from, 'ge-srtp.service', service)
  },
}

function looksLike(message: Cursor): Likeness {
  const isHead = message.peek(1) === 0 && message.peek(3) === 0
  if (!isHead || message.remaining < HEADER) return isHead ? 'incomplete' : 'no'
  const length = message.peek(4) | (message.peek(5) << 8)
  const isEmpty = message.peek(6) === 0 && message.peek(7) === 0 && message.peek(8) === 0
  const isWhole = message.remaining === HEADER + length
  return isEmpty && isWhole && KINDS.includes(message.peek(31)) ? 'weak' : 'no'
}
