import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { isText } from '../lines.ts'
import { factOf } from '../printable.ts'

const IAC = 255
const SUBNEGOTIATION = 250
const END_OF_SUBNEGOTIATION = 240
const WILL = 251
const DONT = 254
/** Options that are registered (IANA Telnet Options) end at 49; 138 to 140 and 255 are the others. */
const HIGHEST_OPTION = 49
const TERMINAL_TYPE = 24
const MOST_BANNER = 1024
const PROMPT = /(?:login|user\s?name|user|password|passcode|account|benutzer|kennwort)\s*[:>]/i

interface TelnetState {
  /** What the server wrote before anybody typed. */
  banner: string
  /** Once the client typed something or a prompt came, no text is read any more. */
  isClosed: boolean
  isNamed: boolean
}

/** Telnet: options and what the server writes before its login prompt; nothing that anybody types (RFC 854). */
export const telnet: Dissector = {
  protocol: 'telnet',
  over: 'tcp',
  ports: [23, 2323, 992],
  firstBytes: [IAC],
  appetite: 12,
  looksLike,

  *dissect(message, context) {
    const state = stateOf(context)
    if (!state.isNamed) {
      state.isNamed = true
      yield { subject: 'server', field: 'telnet.session', value: 'cleartext' }
    }
    const { text, terminal } = split(message)
    if (context.from === 'client') {
      yield* factOf('client', 'telnet.terminal', terminal)
      if (text !== '') state.isClosed = true
      return
    }
    if (state.isClosed || text === '') return
    yield* bannerFacts(state, text)
  },
}

function looksLike(message: Cursor, context: MessageContext): Likeness {
  if (message.peek() !== IAC) {
    const isHint = context.from === 'server' && telnet.ports?.includes(context.serverPort)
    if (!isHint) return 'no'
    return isText(message.bytes.subarray(message.position, message.end)) ? 'weak' : 'no'
  }
  if (message.remaining < 3) return 'incomplete'
  if (!isCommand(message, 0)) return 'no'
  return message.remaining >= 6 && isCommand(message, 3) ? 'strong' : 'weak'
}

function isCommand(message: Cursor, at: number): boolean {
  const verb = message.peek(at + 1)
  const option = message.peek(at + 2)
  const isOption = option <= HIGHEST_OPTION || (option >= 138 && option <= 140)
  return message.peek(at) === IAC && verb >= SUBNEGOTIATION && verb <= DONT && isOption
}

/** Takes the commands out of a piece of the stream; of subnegotiations only the terminal type is read (RFC 1091). */
function split(message: Cursor): { text: string; terminal: string } {
  let text = ''
  let terminal = ''
  while (message.remaining > 0) {
    const byte = message.u8()
    if (byte !== IAC) {
      if (text.length < MOST_BANNER) text += String.fromCharCode(byte)
      continue
    }
    const verb = message.u8()
    if (verb === SUBNEGOTIATION) {
      const found = subnegotiation(message)
      if (found !== '') terminal = found
    } else if (verb >= WILL && verb <= DONT && message.remaining > 0) message.skip(1)
  }
  return { text: text.replaceAll('\0', ''), terminal }
}

function subnegotiation(message: Cursor): string {
  const option = message.u8()
  const isAnswer = option === TERMINAL_TYPE && message.peek() === 0
  let value = ''
  while (message.remaining > 0) {
    if (message.peek() === IAC && message.peek(1) === END_OF_SUBNEGOTIATION) {
      message.skip(2)
      break
    }
    const byte = message.u8()
    if (isAnswer && byte !== 0 && value.length < 64) value += String.fromCharCode(byte)
  }
  return value
}

function* bannerFacts(state: TelnetState, text: string): Generator<Fact> {
  state.banner = (state.banner + text).slice(0, MOST_BANNER)
  const prompt = PROMPT.exec(state.banner)
  if (prompt === null && state.banner.length < MOST_BANNER) return
  state.isClosed = true
  yield* factOf('server', 'telnet.banner', plain(state.banner.slice(0, prompt?.index)))
  yield* factOf('server', 'telnet.prompt', prompt?.[0])
}

/** Without the sequences that colour a terminal (ECMA-48 §5.4), and lines joined. */
function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[0-9;?]{0,16}[A-Za-z]/g, '').replace(/[\r\n\t ]+/g, ' ')
}

function stateOf(context: MessageContext): TelnetState {
  context.state ??= { banner: '', isClosed: false, isNamed: false } satisfies TelnetState
  return context.state as TelnetState
}
