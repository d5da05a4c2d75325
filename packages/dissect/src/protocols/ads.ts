import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const TCP_HEADER = 6
const HEADER = 32
const LONGEST = 1 << 20
const MOST_COMMAND = 9
const DEVICE_INFO = 1
const RESPONSE = 1
/** Flag that a message is a command of ADS. */
const STATE_ADS = 4

const COMMANDS: Readonly<Record<number, string>> = {
  [DEVICE_INFO]: 'read-device-info',
  2: 'read',
  3: 'write',
  4: 'read-state',
  5: 'write-control',
  6: 'add-notification',
  7: 'delete-notification',
  8: 'notification',
  9: 'read-write',
}

const DISCOVERY_MARK = 0x71146603
const SERVICES: Readonly<Record<number, string>> = { 1: 'identify', 6: 'add-route' }
const ANSWER = 0x80000000
const TAG = { version: 3, system: 4, name: 5 } as const
const MOST_TAGS = 16
/** Beckhoff ADS over TCP: addresses of the automation network, commands, device name and version. */
export const ads: Dissector = {
  protocol: 'ads',
  over: 'tcp',
  ports: [48898],
  firstBytes: [0],
  appetite: 256,

  looksLike(message) {
    const reserved = message.u16()
    const length = message.u32le()
    const command = message.skip(16).u16le()
    const flags = message.u16le()
    const size = message.u32le()
    if (!message.ok) return reserved === 0 && length <= LONGEST ? 'incomplete' : 'no'
    const isHead = reserved === 0 && length === size + HEADER && length <= LONGEST
    const isCommand = command >= 1 && command <= MOST_COMMAND && (flags & STATE_ADS) !== 0
    return isHead && isCommand ? 'strong' : 'no'
  },

  length(stream) {
    if (stream.remaining < TCP_HEADER) return 0
    const length = stream.skip(2).u32le()
    return length >= HEADER && length <= LONGEST ? length + TCP_HEADER : -1
  },

  *dissect(message, { from }) {
    const target = netId(message.skip(TCP_HEADER))
    message.skip(2)
    const source = netId(message)
    const command = message.skip(2).u16le()
    const isAnswer = (message.u16le() & RESPONSE) !== 0
    message.skip(12)
    if (!message.ok) return
    yield* factOf(from, 'ads.net-id', source)
    yield* factOf(other(from), 'ads.net-id', target)
    if (!isAnswer) yield* factOf(from, 'ads.command', COMMANDS[command])
    else if (command === DEVICE_INFO && message.u32le() === 0) {
      const version = `${message.u8()}.${message.u8()}.${message.u16le()}`
      const name = message.text(16)
      if (!message.ok) return
      yield* factOf(from, 'ads.device-name', name)
      yield* factOf(from, 'ads.device-version', version)
    }
  },
}

/** Discovery of Beckhoff controllers, and requests for routes to them. */
export const adsDiscovery: Dissector = {
  protocol: 'ads',
  over: 'udp',
  ports: [48899],
  firstBytes: [0x03],
  looksLike(message) {
    const isMine = message.u32le() === DISCOVERY_MARK
    const service = message.skip(4).u32le() % ANSWER
    return message.ok && isMine && service <= 16 ? 'strong' : 'no'
  },
  *dissect(message, context) {
    const service = message.skip(8).u32le()
    const source = netId(message)
    message.skip(2)
    if (!message.ok) return
    yield* factOf(context.from, 'ads.net-id', source)
    if (service < ANSWER) yield* factOf(context.from, 'ads.service', SERVICES[service])
    else if (service === ANSWER + 1) yield* tagFacts(message, context)
  },
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}

/** An address of the automation network, which is not bound to the one of the wire. */
function netId(message: Cursor): string | undefined {
  const bytes = message.view(6)
  return bytes.some((byte) => byte !== 0) ? [...bytes].join('.') : undefined
}

/** Count, then tag, length and value; a request for a route holds a user's name and password, which are not read. */
function* tagFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const count = Math.min(message.u32le(), MOST_TAGS)
  for (let left = count; left > 0 && message.ok; left--) {
    const tag = message.u16le()
    const value = message.take(message.u16le())
    if (!value.ok) return
    if (tag === TAG.name) yield* factOf(from, 'ads.host-name', value.text(value.remaining))
    else if (tag === TAG.version) {
      const version = `${value.u8()}.${value.u8()}.${value.u16le()}`
      if (value.ok) yield* factOf(from, 'ads.twincat-version', version)
    } else if (tag === TAG.system) {
      const major = value.skip(4).u32le()
      const minor = value.u32le()
      const build = value.u32le()
      if (value.ok) yield* factOf(from, 'ads.os-version', `${major}.${minor}.${build}`)
    }
  }
}
