import { type Cursor, latin1 } from '../cursor.ts'
import { md5 } from '../digest.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { firstLine, lineLength } from '../lines.ts'
import { factOf } from '../printable.ts'

const KEXINIT = 20
/** RFC 4253 §6.1 asks for 35000 octets; some servers offer more in their first packet. */
const LONGEST_PACKET = 65_536
const LONGEST_BANNER_LINE = 1024
/** Names of RFC 8758 and RFC 9142 that a server should no longer offer, and why that matters. */
const WEAK = [
  'diffie-hellman-group1-sha1',
  'diffie-hellman-group-exchange-sha1',
  'ssh-dss',
  'arcfour',
  'arcfour128',
  'arcfour256',
  '3des-cbc',
  'des-cbc',
  'none',
  'hmac-md5',
] as const

/** What each side has sent so far. */
type SshState = Record<Side, 'greeting' | 'packets' | 'done'>

/** SSH up to the key exchange: banner, software, HASSH of both sides, weak algorithms offered (RFC 4253). */
export const ssh: Dissector = {
  protocol: 'ssh',
  over: 'tcp',
  ports: [22, 2222],
  // Lines of text may come before the banner.
  appetite: 8,
  looksLike,

  length(stream, context) {
    const phase = stateOf(context)[context.from]
    if (phase === 'done') return stream.remaining
    if (phase === 'greeting') return lineLength(stream, LONGEST_BANNER_LINE)
    if (stream.remaining < 4) return 0
    const length = ((stream.peek() << 24) | (stream.peek(1) << 16)) + (stream.peek(2) << 8)
    return length < 0 || length > LONGEST_PACKET ? -1 : 4 + length + stream.peek(3)
  },

  *dissect(message, context) {
    const state = stateOf(context)
    if (state[context.from] === 'done') return void message.skip(message.remaining)
    if (state[context.from] === 'greeting') {
      const line = firstLine(message, LONGEST_BANNER_LINE)
      message.skip(message.remaining)
      if (!line.startsWith('SSH-')) return
      state[context.from] = /^SSH-1\.99-|^SSH-2/.test(line) ? 'packets' : 'done'
      return yield* bannerFacts(line, context.from)
    }
    state[context.from] = 'done'
    context.enough()
    yield* keyExchange(message, context.from)
  },
}

function looksLike(message: Cursor, context: MessageContext): Likeness {
  if (message.startsWith('SSH-')) {
    return /^SSH-[12]\.\d/.test(firstLine(message, 16)) ? 'strong' : lineOrMore(message)
  }
  if (message.remaining < 4)
    return firstLine(message) === 'SSH-'.slice(0, message.remaining) ? 'incomplete' : 'no'
  // A server may say something before its banner (RFC 4253 §4.2).
  if (context.from !== 'server') return 'no'
  const window = message.view(Math.min(message.remaining, 512))
  return window.includes(0x0a) && /\nSSH-[12]\.\d/.test(latin1(window)) ? 'weak' : 'no'
}

function lineOrMore(message: Cursor): Likeness {
  return message.remaining < 8 ? 'incomplete' : 'no'
}

function* bannerFacts(line: string, from: Side): Generator<Fact> {
  const [, version = '', rest = ''] = /^SSH-([\d.]{1,8})-(.*)$/.exec(line) ?? []
  const blank = rest.indexOf(' ')
  yield* factOf(from, 'ssh.banner', line)
  yield* factOf(from, 'ssh.protocol', version)
  yield* factOf(from, 'ssh.software', blank < 0 ? rest : rest.slice(0, blank))
  yield* factOf(from, 'ssh.comment', blank < 0 ? '' : rest.slice(blank + 1))
}

/** SSH_MSG_KEXINIT (RFC 4253 §7.1); HASSH is an MD5 over what the sender offers for its own direction. */
function* keyExchange(packet: Cursor, from: Side): Generator<Fact> {
  packet.skip(5)
  if (packet.u8() !== KEXINIT) return
  packet.skip(16)
  const lists = Array.from({ length: 8 }, () => nameList(packet))
  if (!packet.ok) return
  const [kex = '', hostKeys = ''] = lists
  const own = from === 'client' ? [2, 4, 6] : [3, 5, 7]
  const parts = [kex, ...own.map((at) => lists[at] ?? '')]
  yield* factOf(from, from === 'client' ? 'ssh.hassh' : 'ssh.hassh-server', md5(parts.join(';')))
  yield* factOf(from, 'ssh.host-key-algorithms', from === 'server' ? hostKeys : '')
  const offered = new Set([...parts.slice(0, 3), hostKeys].flatMap((list) => list.split(',')))
  const weak = WEAK.filter((name) => offered.has(name))
  if (from === 'server') yield* factOf(from, 'ssh.weak-algorithms', weak.join(','))
}

function nameList(packet: Cursor): string {
  return packet.text(Math.min(packet.u32(), LONGEST_PACKET))
}

function stateOf(context: MessageContext): SshState {
  context.state ??= { client: 'greeting', server: 'greeting' } satisfies SshState
  return context.state as SshState
}
