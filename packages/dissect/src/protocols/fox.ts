import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

const START = 'fox '
const END = '};;\n'
const LONGEST = 1 << 16
const MOST_LINES = 256

/** Keys of the hello and of the challenge that follows it; names of users stand under others. */
const FIELDS = table<string>({
  'fox.version': 'fox.version',
  'app.name': 'fox.app-name',
  'app.version': 'fox.app-version',
  brandId: 'fox.brand-id',
  hostAddress: 'fox.host-address',
  hostId: 'fox.host-id',
  hostName: 'fox.host-name',
  lang: 'fox.language',
  'os.name': 'fox.os-name',
  'os.version': 'fox.os-version',
  'station.name': 'fox.station-name',
  stationName: 'fox.station-name',
  'vm.name': 'fox.vm-name',
  'vm.version': 'fox.vm-version',
  vmUuid: 'fox.vm-uuid',
})

/** Niagara Fox: what a station or workbench of the building says it is when it opens a session. */
export const fox: Dissector = {
  protocol: 'fox',
  over: 'tcp',
  ports: [1911],
  firstBytes: [START.charCodeAt(0)],
  appetite: 8,

  looksLike(message) {
    if (!message.startsWith(START)) return message.remaining < 4 ? 'incomplete' : 'no'
    if (message.remaining < 8) return 'incomplete'
    return /^fox [a-z] -?\d+ -?\d+ /.test(
      characters(message.bytes, message.position, message.position + 24),
    )
      ? 'strong'
      : 'no'
  },

  length(stream) {
    if (stream.remaining < 4) return 0
    if (!stream.startsWith(START)) return -1
    const { bytes, position, end } = stream
    const stop = Math.min(end, position + LONGEST)
    for (let at = bytes.indexOf(0x7d, position); at >= 0 && at + 4 <= stop;) {
      if (isEnd(bytes, at)) return at + 4 - position
      at = bytes.indexOf(0x7d, at + 1)
    }
    return end - position >= LONGEST ? -1 : 0
  },

  *dissect(message, { from }) {
    // Frame type, number, number it answers, channel, command: `fox a 1 -1 fox hello`.
    const [, , , , channel, command] = message.line().split(' ')
    if (!message.ok) return
    const isHello = channel === 'fox' && command === 'hello'
    if (!isHello) return
    yield { subject: from, field: 'fox.transport', value: 'cleartext' }
    yield* helloFacts(message, from)
  },
}

/** Lines of `key=type:value`. */
function* helloFacts(message: Cursor, from: 'client' | 'server'): Generator<Fact> {
  for (let left = MOST_LINES; left > 0 && message.remaining > 0; left--) {
    if (message.startsWith(END)) return
    const line = message.line()
    const equals = line.indexOf('=')
    const colon = line.indexOf(':', equals)
    const field = equals > 0 && colon > 0 ? FIELDS[line.slice(0, equals)] : undefined
    if (field !== undefined) yield* factOf(from, field, line.slice(colon + 1))
  }
}

function isEnd(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === 0x3b && bytes[at + 2] === 0x3b && bytes[at + 3] === 0x0a
}
