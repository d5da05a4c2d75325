import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'

const BANNER = /^RFB (\d{3})\.(\d{3})\n$/
const BANNER_LENGTH = 12
const PIXEL_FORMAT_LENGTH = 16

/** Security types (RFC 6143 §7.1.2 and its registry). */
const SECURITY: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'vnc-password',
  5: 'ra2',
  6: 'ra2ne',
  13: 'ra2-256',
  16: 'tight',
  17: 'ultra',
  18: 'tls',
  19: 'vencrypt',
  20: 'sasl',
  22: 'xvp',
  30: 'apple-dh',
  113: 'ms-logon',
}

interface VncState {
  banners: number
  minor: number
  hasSecurity: boolean
}

/** VNC (RFB, RFC 6143): versions, how it is secured, name and size of the desktop. */
export const vnc: Dissector = {
  protocol: 'vnc',
  over: 'tcp',
  ports: [5900, 5901, 5902, 5800],
  firstBytes: [0x52],
  appetite: 8,

  looksLike(stream) {
    const text = textOf(stream)
    if (BANNER.test(text)) return 'strong'
    const isStart = stream.remaining < BANNER_LENGTH && 'RFB 00'.startsWith(text.slice(0, 6))
    return isStart ? 'incomplete' : 'no'
  },

  *dissect(message, context) {
    const state = (context.state ??= { banners: 0, minor: 8, hasSecurity: false }) as VncState
    const { from } = context
    const banner = BANNER.exec(textOf(message))
    if (banner !== null) {
      message.skip(BANNER_LENGTH)
      state.banners++
      state.minor = Math.min(state.minor, Number(banner[2]))
      yield* factOf(from, 'vnc.version', `${Number(banner[1])}.${Number(banner[2])}`)
    }
    if (from === 'client' || message.remaining === 0) return
    if (!state.hasSecurity && state.banners > 0) yield* securityFacts(message, state, context)
    else yield* screenFacts(message, context)
  },
}

function textOf(message: Cursor): string {
  const { bytes, position, end } = message
  return String.fromCharCode(...bytes.subarray(position, Math.min(end, position + BANNER_LENGTH)))
}

/** From 3.7 on a list to choose from, before it one number of the server's choice. */
function* securityFacts(
  message: Cursor,
  state: VncState,
  { from }: MessageContext,
): Generator<Fact> {
  state.hasSecurity = true
  const isList = state.minor >= 7
  const count = isList ? message.u8() : 1
  for (let at = 0; at < Math.min(count, 32) && message.remaining > 0; at++) {
    const type = isList ? message.u8() : message.u32()
    yield* factOf(from, 'vnc.security', SECURITY[type] ?? String(type))
  }
}

/** ServerInit (RFC 6143 §7.3.2). */
function* screenFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  if (message.remaining < 25) return
  const width = message.u16()
  const height = message.u16()
  const depth = message.peek()
  const length = message.skip(PIXEL_FORMAT_LENGTH).u32()
  const isScreen = width > 0 && height > 0 && [8, 16, 24, 32].includes(depth)
  if (!isScreen || length === 0 || length > 256 || length > message.remaining) return
  const name = message.utf8(length)
  yield* factOf(context.from, 'vnc.desktop-size', `${width}x${height}`)
  yield* factOf(context.from, 'vnc.desktop-name', withoutPerson(name))
  context.enough()
}

/** `root's X desktop (pacs-2:1)` names a user: what is in brackets is the machine. */
function withoutPerson(name: string): string | undefined {
  return name.includes("'") ? /\(([^()]+)\)$/.exec(name)?.[1] : name
}
