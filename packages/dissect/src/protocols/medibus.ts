import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

const SOH = 0x01
const ESC = 0x1b
const CR = 0x0d
/** Realtime data come between messages, each byte with the highest bit set. */
const REALTIME = 0x80
const LONGEST = 4096
/** Control of the connection; the others ask for measurements, limits, alarms and texts. */
const COMMAND = table<string>({
  '0': 'no operation',
  Q: 'initialize',
  R: 'device identification',
  U: 'stop',
})
const COMMANDS = /^[$+%,&-.'()*0-9@A-Z]$/
/** Four digits of identification, name in apostrophes, revisions of device and MEDIBUS. */
const IDENTIFICATION = /^([0-9A-F]{4})'([^']{1,32})'\s{0,2}(\d\d\.\d\d):(\d\d\.\d\d)/i

/**
 * Draeger MEDIBUS and MEDIBUS.X through a terminal server: which device answers, and its revision. No measured value,
 * setting, alarm or text is read.
 */
export const medibus: Dissector = {
  protocol: 'medibus',
  over: 'tcp',
  firstBytes: [SOH, ESC],
  appetite: 64,
  looksLike,

  length(stream) {
    const first = stream.peek()
    if (first >= REALTIME || first === CR || first === 0x0a || first === 0x11 || first === 0x13) {
      return 1
    }
    if (first !== SOH && first !== ESC) return -1
    const window = stream.bytes.subarray(
      stream.position,
      Math.min(stream.end, stream.position + LONGEST),
    )
    const end = window.indexOf(CR)
    if (end >= 0) return end + 1
    return window.length < LONGEST ? 0 : -1
  },

  *dissect(message, { from }) {
    const bytes = message.view(message.remaining)
    if (bytes[0] !== SOH && bytes[0] !== ESC) return
    const body = bodyOf(bytes)
    if (body === undefined) {
      message.ok = false
      return
    }
    yield { subject: 'client', field: 'medibus.transport', value: 'cleartext' }
    yield { subject: 'server', field: 'medibus.transport', value: 'cleartext' }
    if (bytes[0] === ESC) yield* factOf(from, 'medibus.command', COMMAND[body[0]!])
    else if (body.startsWith('R')) yield* identityFacts(body.slice(1), from)
  },
}

/** A command or an answer is one only when its check sum is right. */
function looksLike(message: Cursor): Likeness {
  const { bytes, position, end } = message
  const first = message.peek()
  if (first !== SOH && first !== ESC) return 'no'
  const window = bytes.subarray(position, Math.min(end, position + LONGEST))
  if (window.length > 1 && !COMMANDS.test(String.fromCharCode(window[1]!))) return 'no'
  const stop = window.indexOf(CR)
  if (stop < 0) return window.length < 300 ? 'incomplete' : 'no'
  return bodyOf(window.subarray(0, stop + 1)) === undefined ? 'no' : 'strong'
}

/**
 * Command or echo with its data, without the frame; undefined when the sum of all bytes before it is not the last two
 * hexadecimal digits.
 */
function bodyOf(bytes: Uint8Array): string | undefined {
  const whole = bytes.filter((byte) => byte < REALTIME)
  const end = whole.indexOf(CR)
  if (end < 4) return undefined
  let sum = 0
  for (let at = 0; at < end - 2; at++) sum = (sum + whole[at]!) & 0xff
  const stated = characters(whole, end - 2, end).toUpperCase()
  if (stated !== sum.toString(16).toUpperCase().padStart(2, '0')) return undefined
  return characters(whole, 1, end - 2)
}

function* identityFacts(text: string, from: Side): Generator<Fact> {
  const [, id, name, device, revision] = IDENTIFICATION.exec(text) ?? []
  yield* factOf(from, 'medibus.device-id', id)
  yield* factOf(from, 'medibus.device', name)
  yield* factOf(from, 'medibus.revision', device)
  yield* factOf(from, 'medibus.version', revision)
}
