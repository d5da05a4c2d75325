import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { addFact } from '../printable.ts'

/** Of RMCP, and of RMCP behind the security extensions of ASF. */
const PORTS: readonly number[] = [623, 664]
/** Classes of message (ASF 2.0 §3.2.2). The highest bit marks an acknowledgement, which is the header alone. */
const CLASS = { asf: 6, ipmi: 7 } as const
const ACKNOWLEDGED = 0x80
/** Enterprise number of ASF, with which its messages begin. */
const ASF_NUMBER = 4542
const ASF_TYPE = { ping: 0x80, pong: 0x40 } as const
/** Authentication types of a session (IPMI 2.0 table 13-8); 6 says that RMCP+ follows. */
const RMCP_PLUS = 6
const SESSION_TYPES: readonly number[] = [0, 1, 2, 4, 5]
/** Payloads of RMCP+ (IPMI 2.0 table 13-16). */
const PAYLOAD = {
  ipmi: 0,
  oem: 2,
  openRequest: 0x10,
  openAnswer: 0x11,
  lastHandshake: 0x15,
} as const
const MARKED = 0xc0
/** Network function of an application's request and answer, the logical unit taken off (IPMI 2.0 table 5-1). */
const APPLICATION = { request: 6, answer: 7 } as const
const COMMAND = { deviceId: 0x01, capabilities: 0x38 } as const
const REQUESTS: Readonly<Record<number, string>> = {
  [COMMAND.deviceId]: 'device-id',
  0x37: 'system-guid',
  [COMMAND.capabilities]: 'authentication-capabilities',
  0x39: 'session-challenge',
  0x3a: 'activate-session',
  0x54: 'cipher-suites',
}
/** Bits of the kinds of authentication that a channel offers (IPMI 2.0 table 22-15). */
const KINDS: readonly (readonly [number, string])[] = [
  [0x01, 'none'],
  [0x02, 'md2'],
  [0x04, 'md5'],
  [0x10, 'password'],
  [0x20, 'oem'],
]
/** Who may sign in without saying who (the same table, fourth byte). */
const LOGINS: readonly (readonly [number, string])[] = [
  [0x01, 'anonymous'],
  [0x02, 'null-user'],
  [0x04, 'named-user'],
]
/** Algorithms of RMCP+ (IPMI 2.0 tables 13-17 and 13-19). */
const RAKP: readonly string[] = ['rakp-none', 'rakp-hmac-sha1', 'rakp-hmac-md5', 'rakp-hmac-sha256']
const ENCRYPTION: readonly string[] = ['none', 'aes-cbc-128', 'xrc4-128', 'xrc4-40']

/**
 * IPMI over RMCP and RMCP+ (IPMI 2.0, ASF 2.0): the management controller of a server, its maker and firmware, and how
 * it lets one in. Names of users, challenges and digests are not read.
 */
export const ipmi: Dissector = {
  protocol: 'ipmi',
  over: 'udp',
  ports: PORTS,
  firstBytes: [6],
  appetite: 24,
  looksLike: (message, context) => likeness(message, context),

  dissect(message, context) {
    const kind = message.skip(3).u8()
    if (kind === CLASS.asf) return asfFacts(message, context)
    if (kind !== CLASS.ipmi) {
      // An acknowledgement.
      if ((kind & ACKNOWLEDGED) === 0 || message.remaining > 0) message.ok = false
      return []
    }
    return message.peek() === RMCP_PLUS
      ? plusFacts(message, context)
      : sessionFacts(message, context)
  },
}

function likeness(message: Cursor, { serverPort, clientPort }: MessageContext): Likeness {
  const isPort = PORTS.includes(serverPort) || PORTS.includes(clientPort)
  const isVersion = message.u8() === 6 && message.u8() === 0
  const kind = message.skip(1).u8()
  if (!isVersion || !message.ok) return 'no'
  if (kind === CLASS.asf) return isAsf(message) ? 'strong' : 'no'
  if (kind !== CLASS.ipmi) return 'no'
  if (message.peek() === RMCP_PLUS) return isPlus(message) ? (isPort ? 'strong' : 'weak') : 'no'
  const content = sessionContent(message)
  return content !== undefined && isSummed(content) ? 'strong' : 'no'
}

/** Length, enterprise number, and a type that is asked or answered for presence (ASF 2.0 §3.2.4). */
function isAsf(message: Cursor): boolean {
  const length = message.remaining
  return message.u32() === ASF_NUMBER && length >= 8 && length === 8 + message.peek(3)
}

/** The message inside a session of IPMI 1.5 (IPMI 2.0 table 13-8); undefined where its length does not fit. */
function sessionContent(message: Cursor): Cursor | undefined {
  const type = message.u8()
  if (!SESSION_TYPES.includes(type)) return undefined
  message.skip(type === 0 ? 8 : 24)
  const length = message.u8()
  // A byte may follow so that no frame has a length that old network chips lose (the same table).
  const isWhole = length === message.remaining || length + 1 === message.remaining
  const content = message.take(length)
  return isWhole && content.ok ? content : undefined
}

/** True where both sums of a message fit (IPMI 2.0 §13.8); consumes nothing. */
function isSummed(content: Cursor): boolean {
  const length = content.remaining
  return length >= 7 && sum(content, 0, 3) === 0 && sum(content, 3, length) === 0
}

function sum(content: Cursor, from: number, to: number): number {
  let total = 0
  for (let at = from; at < to; at++) total = (total + content.peek(at)) & 0xff
  return total
}

/** The header of RMCP+ (IPMI 2.0 table 13-8), with room for its payload; a handshake has neither session nor trailer. */
function isPlus(message: Cursor): boolean {
  const marks = message.skip(1).u8()
  const type = marks & ~MARKED
  if (type === PAYLOAD.oem) message.skip(6)
  const session = message.u32le()
  const sequence = message.u32le()
  const length = message.u16le()
  if (!message.ok || length === 0 || length > message.remaining) return false
  if (type < PAYLOAD.openRequest) return type <= PAYLOAD.oem
  const isHandshake = type <= PAYLOAD.lastHandshake && session === 0 && sequence === 0
  return isHandshake && marks === type && length === message.remaining
}

function asfFacts(message: Cursor, { from }: MessageContext): Fact[] {
  const facts: Fact[] = []
  if (!isAsf(message)) message.ok = false
  const type = message.u8()
  if (type === ASF_TYPE.ping) addFact(facts, from, 'ipmi.request', 'presence')
  return message.ok ? facts : []
}

function sessionFacts(message: Cursor, context: MessageContext): Fact[] {
  const content = sessionContent(message)
  if (content !== undefined && isSummed(content)) return commandFacts(content, context)
  message.ok = false
  return []
}

function plusFacts(message: Cursor, context: MessageContext): Fact[] {
  const marks = message.skip(1).u8()
  const type = marks & ~MARKED
  const payload = message.skip(type === PAYLOAD.oem ? 14 : 8).take(message.u16le())
  if (!payload.ok) message.ok = false
  // What is encrypted tells nothing.
  if (!message.ok || (marks & ACKNOWLEDGED) !== 0) return []
  if (type === PAYLOAD.ipmi) return isSummed(payload) ? commandFacts(payload, context) : []
  if (type === PAYLOAD.openRequest) {
    return [{ subject: context.from, field: 'ipmi.request', value: 'open-session' }]
  }
  return type === PAYLOAD.openAnswer ? openFacts(payload, context) : []
}

/** An accepted session says by which algorithms (IPMI 2.0 §13.18). */
function openFacts(payload: Cursor, { from }: MessageContext): Fact[] {
  const facts: Fact[] = []
  const status = payload.skip(1).u8()
  const authentication = RAKP[payload.skip(10 + 4).u8() & 0x3f]
  const encryption = ENCRYPTION[payload.skip(3 + 8 + 4).u8() & 0x3f]
  if (status !== 0 || !payload.ok) return facts
  addFact(facts, from, 'ipmi.version', '2.0')
  addFact(facts, from, 'ipmi.authentication', authentication)
  addFact(facts, from, 'ipmi.encryption', encryption)
  return facts
}

/** A request or an answer (IPMI 2.0 §13.8); of other functions than an application's nothing is read. */
function commandFacts(content: Cursor, { from }: MessageContext): Fact[] {
  const facts: Fact[] = []
  const length = content.remaining
  const networkFunction = content.skip(1).u8() >>> 2
  const command = content.skip(3).u8()
  // All but the last sum.
  const data = content.take(length - 7)
  if (networkFunction === APPLICATION.request) {
    addFact(facts, from, 'ipmi.request', REQUESTS[command])
  }
  if (networkFunction !== APPLICATION.answer || data.u8() !== 0) return facts
  if (command === COMMAND.capabilities) addCapabilities(facts, data, from)
  else if (command === COMMAND.deviceId) addDevice(facts, data, from)
  return facts
}

/** Answer to Get Channel Authentication Capabilities (IPMI 2.0 table 22-15). */
function addCapabilities(facts: Fact[], data: Cursor, from: MessageContext['from']): void {
  const kinds = data.skip(1).u8()
  const logins = data.u8()
  const versions = data.u8()
  if (!data.ok) return
  for (const [bit, kind] of KINDS) {
    if ((kinds & bit) !== 0) addFact(facts, from, 'ipmi.authentication', kind)
  }
  for (const [bit, login] of LOGINS) {
    if ((logins & bit) !== 0) addFact(facts, from, 'ipmi.login', login)
  }
  // Who does not ask for the extended answer is not told of version 2.0.
  if ((kinds & 0x80) === 0) return
  if ((versions & 1) !== 0) addFact(facts, from, 'ipmi.version', '1.5')
  if ((versions & 2) !== 0) addFact(facts, from, 'ipmi.version', '2.0')
}

/** Answer to Get Device ID (IPMI 2.0 table 20-2). */
function addDevice(facts: Fact[], data: Cursor, from: MessageContext['from']): void {
  const major = data.skip(2).u8() & 0x7f
  const minor = data.u8()
  const version = data.u8()
  const manufacturer = (data.skip(1).u16le() | (data.u8() << 16)) & 0xfffff
  const product = data.u16le()
  if (!data.ok) return
  addFact(facts, from, 'ipmi.firmware', `${major}.${decimals(minor)}`)
  // The lower half is the number before the point.
  addFact(facts, from, 'ipmi.version', `${version & 0x0f}.${version >>> 4}`)
  addFact(facts, from, 'ipmi.manufacturer-id', manufacturer === 0 ? '' : String(manufacturer))
  addFact(facts, from, 'ipmi.product-id', String(product))
}

/** Two decimal digits in one byte. */
function decimals(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
