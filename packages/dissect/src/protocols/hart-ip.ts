import { hexText } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORTS = [5094]
const HEADER = 8
const LONGEST = 4096
const MOST_VERSION = 2
const TYPES: readonly number[] = [0, 1, 2, 15]
/** Session begins, session ends, keep alive, a message of HART, direct command, audit log. */
const IDS: readonly number[] = [0, 1, 2, 3, 4, 5]
const TOKEN = 3
const LONG_ADDRESS = 0x80
const EXPANSIONS = 0x60
const FRAME = { burst: 1, command: 2, answer: 6 } as const
const FROM_SIX = 254

/** Commands that identify or change a device (HCF_SPEC-127 and 151); others go by number. */
const COMMANDS: Readonly<Record<number, string>> = {
  0: 'read-identity',
  1: 'read-variable',
  2: 'read-current',
  3: 'read-variables',
  6: 'write-polling-address',
  7: 'read-loop-configuration',
  9: 'read-variables-with-status',
  11: 'read-identity-by-tag',
  12: 'read-message',
  13: 'read-tag',
  15: 'read-output',
  16: 'read-assembly-number',
  17: 'write-message',
  18: 'write-tag',
  19: 'write-assembly-number',
  20: 'read-long-tag',
  21: 'read-identity-by-long-tag',
  22: 'write-long-tag',
  35: 'write-range',
  38: 'reset-configuration-changed',
  40: 'fixed-current-mode',
  41: 'self-test',
  42: 'device-reset',
  48: 'read-status',
}
const IDENTITIES: readonly number[] = [0, 11, 21]

/** HART-IP over UDP: which field devices answer, what they are and what is asked of them. */
export const hartIp: Dissector = {
  protocol: 'hart-ip',
  over: 'udp',
  ports: PORTS,
  firstBytes: [1, 2],
  appetite: 256,
  looksLike: (message) => likeness(message, message.remaining),
  dissect: facts,
}

/** HART-IP over TCP. */
export const hartIpTcp: Dissector = {
  protocol: 'hart-ip',
  over: 'tcp',
  ports: PORTS,
  firstBytes: [1, 2],
  appetite: 256,
  looksLike: (message) => likeness(message, 0),
  length(stream) {
    if (stream.remaining < HEADER) return 0
    const length = (stream.peek(6) << 8) | stream.peek(7)
    const isSane = stream.peek() <= MOST_VERSION && length >= HEADER && length <= LONGEST
    return isSane ? length : -1
  },
  dissect: facts,
}

/** `total` is the length that the header must give, or 0 where more may follow. */
function likeness(message: Cursor, total: number): Likeness {
  const version = message.u8()
  const type = message.u8()
  const id = message.u8()
  const length = message.skip(3).u16()
  if (!message.ok) return total === 0 && version <= MOST_VERSION ? 'incomplete' : 'no'
  const isHead = version >= 1 && version <= MOST_VERSION && TYPES.includes(type)
  const isWhole = total === 0 ? length >= HEADER && length <= LONGEST : length === total
  if (!isHead || !isWhole || !IDS.includes(id)) return 'no'
  if (id === 0) return length === HEADER + 5 && message.u8() <= 1 ? 'strong' : 'weak'
  return id === TOKEN && length > HEADER + 4 ? 'weak' : 'no'
}

function* facts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const id = message.skip(2).u8()
  message.skip(5)
  if (id === TOKEN && message.ok) yield* frameFacts(message, from)
}

/** Delimiter, address, expansion, command, count, data, check (HCF_SPEC-81). */
function* frameFacts(message: Cursor, from: Side): Generator<Fact> {
  const delimiter = message.u8()
  message.skip((delimiter & LONG_ADDRESS) === 0 ? 1 : 5)
  message.skip((delimiter & EXPANSIONS) >> 5)
  const command = message.u8()
  const data = message.take(message.u8())
  if (!data.ok) return
  const frame = delimiter & 7
  if (frame === FRAME.command) {
    yield* factOf(from, 'hart-ip.command', COMMANDS[command] ?? `command ${command}`)
  } else if (frame === FRAME.answer) {
    // Two octets of status stand before the data.
    if (data.skip(2).ok) yield* answerFacts(command, data, from)
  }
}

function* answerFacts(command: number, data: Cursor, from: Side): Generator<Fact> {
  if (IDENTITIES.includes(command)) yield* identityFacts(data, from)
  else if (command === 20) yield* factOf(from, 'hart-ip.long-tag', data.text(32))
  else if (command === 13) yield* factOf(from, 'hart-ip.tag', packed(data.view(6)))
}

/** Answer to command 0 from revision 5 on: 254, type, revisions, number of the device. */
function* identityFacts(data: Cursor, from: Side): Generator<Fact> {
  const mark = data.u8()
  const type = hexText(data.view(2))
  const revision = data.skip(1).u8()
  const device = data.u8()
  const software = data.u8()
  const hardware = data.u8() >> 3
  const id = hexText(data.skip(1).view(3))
  if (!data.ok || mark !== FROM_SIX) return
  const text = `type ${type} id ${id} HART ${revision} device ${device} software ${software} hardware ${hardware}`
  yield* factOf(from, 'hart-ip.device', text)
  const manufacturer = hexText(data.skip(5).view(2))
  if (data.ok) yield* factOf(from, 'hart-ip.manufacturer-id', manufacturer)
}

/** Six bits a character: 0 to 31 stand for `@` to `_` (HCF_SPEC-127, packed ASCII). */
function packed(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    bits = (bits << 8) | byte
    held += 8
    while (held >= 6) {
      held -= 6
      const code = (bits >> held) & 0x3f
      text += String.fromCharCode(code < 32 ? code + 64 : code)
    }
    bits &= (1 << held) - 1
  }
  return text
}
