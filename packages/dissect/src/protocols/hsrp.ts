import { hostIp } from '../address.ts'
import { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, Side } from '../dissector.ts'
import { addFact } from '../printable.ts'

const PORTS: readonly number[] = [1985, 2029]
const OPERATION = { resign: 2, advertise: 3 } as const
/** Of version 1 without the authentication that may follow (RFC 2281 §5). */
const LENGTH = 20
/** An advertisement of version 1: the first two bytes, and one block of 10 bytes behind its type and length. */
const ADVERTISEMENT_LENGTH = 16
/** States of version 1 (RFC 2281 §5.3). */
const STATES: Readonly<Record<number, string>> = {
  0: 'initial',
  1: 'learn',
  2: 'listen',
  4: 'speak',
  8: 'standby',
  16: 'active',
}
/** States of version 2, which counts them through. */
const STATES_2: readonly string[] = [
  'disabled',
  'initial',
  'learn',
  'listen',
  'speak',
  'standby',
  'active',
]
/** Types of the blocks that version 2 is made of, and what each has behind its type and length. */
const BLOCK = { group: 1, interface: 2, text: 3, md5: 4 } as const
const BLOCK_LENGTH: Readonly<Record<number, number>> = {
  [BLOCK.group]: 40,
  [BLOCK.interface]: 4,
  [BLOCK.text]: 8,
  [BLOCK.md5]: 28,
}
/** What stands where nobody set a password (RFC 2281 §5.9). */
const DEFAULT_TEXT = 'cisco\0\0\0'

/**
 * Hot Standby Router Protocol, version 1 (RFC 2281) and 2, also for IPv6: which routers share an address, and which of
 * them answers for it now. The text that authenticates, which is a password, is not read.
 */
export const hsrp: Dissector = {
  protocol: 'hsrp',
  over: 'udp',
  ports: PORTS,
  firstBytes: [0, BLOCK.group, BLOCK.interface, BLOCK.text, BLOCK.md5],
  // Which router is active changes at any time.
  appetite: Infinity,

  looksLike(message, { serverPort, clientPort }): Likeness {
    if (!PORTS.includes(serverPort) && !PORTS.includes(clientPort)) return 'no'
    return isVersion1(message) || isVersion2(message) ? 'strong' : 'no'
  },

  dissect(message, { from }) {
    if (isVersion1(message)) return version1Facts(message, from)
    if (isVersion2(message)) return version2Facts(message, from)
    message.ok = false
    return []
  },
}

function isVersion1(message: Cursor): boolean {
  const length = message.remaining
  const operation = message.peek(1)
  if (message.peek() !== 0) return false
  if (operation === OPERATION.advertise) {
    // Some count type and length of the block into its length.
    const stated = (message.peek(4) << 8) | message.peek(5)
    const isBlock = message.peek(2) === 0 && message.peek(3) === 1
    return length === ADVERTISEMENT_LENGTH && isBlock && (stated === 10 || stated === 14)
  }
  const isState = STATES[message.peek(2)] !== undefined && message.peek(7) === 0
  const isWhole = length === LENGTH || (length === LENGTH + 30 && isMd5(message, LENGTH))
  return operation <= OPERATION.resign && isState && isWhole
}

function isMd5(message: Cursor, at: number): boolean {
  return message.peek(at) === BLOCK.md5 && message.peek(at + 1) === BLOCK_LENGTH[BLOCK.md5]
}

/** True when blocks of known types and lengths fill the message, and one of them says something. */
function isVersion2(message: Cursor): boolean {
  const length = message.remaining
  let at = 0
  let hasNews = false
  while (at + 2 < length) {
    const type = message.peek(at)
    if (BLOCK_LENGTH[type] === undefined || message.peek(at + 1) !== BLOCK_LENGTH[type])
      return false
    if (type === BLOCK.group && !isGroup(message, at + 2)) return false
    hasNews ||= type === BLOCK.group || type === BLOCK.interface
    at += 2 + BLOCK_LENGTH[type]
  }
  return hasNews && at === length
}

function isGroup(message: Cursor, at: number): boolean {
  const isFamily = message.peek(at + 3) === 4 || message.peek(at + 3) === 6
  const isKnown = message.peek(at + 1) <= OPERATION.resign && message.peek(at + 2) < STATES_2.length
  return message.peek(at) === 2 && isKnown && isFamily
}

function version1Facts(message: Cursor, from: Side): Fact[] {
  const facts: Fact[] = []
  addFact(facts, from, 'hsrp.version', '1')
  const operation = message.skip(1).u8()
  if (operation === OPERATION.advertise) {
    message.skip(message.remaining)
    return facts
  }
  const state = STATES[message.u8()]
  const priority = message.skip(2).u8()
  const group = message.u8()
  const isDefault = isUnset(message.skip(1))
  const address = hostIp(message.skip(8).view(4))
  const kind = message.remaining > 0 ? 'md5' : isDefault ? 'none' : 'cleartext'
  message.skip(message.remaining)
  addFact(facts, from, 'hsrp.group', String(group))
  addFact(facts, from, 'hsrp.state', state)
  addFact(facts, from, 'hsrp.priority', String(priority))
  addFact(facts, from, 'hsrp.address', address)
  addFact(facts, from, 'hsrp.authentication', kind)
  return facts
}

function version2Facts(message: Cursor, from: Side): Fact[] {
  const facts: Fact[] = []
  let kind = 'none'
  let hasGroup = false
  addFact(facts, from, 'hsrp.version', '2')
  while (message.remaining > 0) {
    const type = message.u8()
    const block = message.take(message.u8())
    if (type === BLOCK.md5) kind = 'md5'
    else if (type === BLOCK.text && kind === 'none' && !isUnset(block)) kind = 'cleartext'
    else if (type === BLOCK.group) {
      hasGroup = true
      addGroup(facts, block, from)
    }
  }
  if (hasGroup) addFact(facts, from, 'hsrp.authentication', kind)
  return facts
}

function addGroup(facts: Fact[], block: Cursor, from: Side): void {
  const state = STATES_2[block.skip(2).u8()]
  const isV4 = block.u8() === 4
  const group = block.u16()
  const priority = block.skip(6).u32()
  // The space is always that of an IPv6 address.
  const address = block.skip(8).view(isV4 ? 4 : 16)
  addFact(facts, from, 'hsrp.group', String(group))
  addFact(facts, from, 'hsrp.state', state)
  addFact(facts, from, 'hsrp.priority', String(priority))
  addFact(facts, from, 'hsrp.address', hostIp(address))
}

/** True where the next eight bytes are what stands there without a password; consumes nothing. */
function isUnset(message: Cursor): boolean {
  if (message.startsWith(DEFAULT_TEXT)) return true
  for (let at = 0; at < DEFAULT_TEXT.length; at++) if (message.peek(at) !== 0) return false
  return true
}
