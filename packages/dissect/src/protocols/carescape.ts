import { hostIp } from '../address.ts'
import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORT = 2000
const LENGTH = 64
const ADDRESS_PLACE = 6
const PLACE_PLACE = 24
const PLACE_LENGTH = 13
const SECONDS_PLACE = 60
/** Seconds since 1900 at the start of 2000 (RFC 868). */
const YEAR_2000 = 3_155_673_600
/** Unit and bed. */
const PLACE = /^[\w .-]{1,7}\|[\w .-]{1,6}$/

/** Time message that monitors of a GE CARESCAPE (Unity) network send to all: address, unit and bed. */
export const carescape: Dissector = {
  protocol: 'carescape',
  over: 'udp',
  ports: [PORT],
  // None: without a mark of its own it is looked for on its port alone.
  firstBytes: [],
  appetite: 4,

  looksLike(message, { serverPort }) {
    return serverPort === PORT && contentOf(message) !== undefined ? 'strong' : 'no'
  },

  *dissect(message, { from }): Generator<Fact> {
    const content = contentOf(message)
    message.skip(message.remaining)
    if (content === undefined) return
    yield { subject: { ip: content.ip }, field: 'carescape.address', value: content.ip }
    yield* factOf(from, 'carescape.location', content.place)
  },
}

/** Address, place and time where they belong; undefined when one of them cannot be it. */
function contentOf(message: Cursor): { ip: string; place: string } | undefined {
  if (message.remaining !== LENGTH) return undefined
  const start = message.position
  const view = (at: number, length: number) =>
    message.bytes.subarray(start + at, start + at + length)
  const ip = hostIp(view(ADDRESS_PLACE, 4))
  const place = String.fromCharCode(...view(PLACE_PLACE, PLACE_LENGTH)).replace(/\0.*$/s, '')
  const seconds = view(SECONDS_PLACE, 4).reduce((total, byte) => total * 256 + byte, 0)
  const isRight = ip !== undefined && PLACE.test(place) && seconds > YEAR_2000
  return isRight ? { ip, place } : undefined
}
