import type { Cursor } from '../cursor.ts'
import type { Dissector, Likeness } from '../dissector.ts'
import { factOf } from '../printable.ts'

/** Header and record lengths of the versions with records of one form, and most records in a datagram. */
const FIXED: Readonly<Record<number, readonly [number, number, number]>> = {
  1: [16, 52, 24],
  5: [24, 48, 30],
  7: [24, 52, 28],
}
const VERSION_9 = 9
const IPFIX = 10
/** Seconds since 1970 of the years 2000 and 2100. */
const EARLIEST = 946_684_800
const LATEST = 4_102_444_800

/** NetFlow versions 1, 5, 7 and 9 (RFC 3954) and IPFIX (RFC 7011): who exports flows. */
export const netflow: Dissector = {
  protocol: 'netflow',
  over: 'udp',
  ports: [2055, 4739, 9995, 9996, 9555],
  firstBytes: [0],
  appetite: 4,
  looksLike: (message) => likeness(message),

  *dissect(message, { from }) {
    const version = message.u16()
    const domainAt = version === VERSION_9 ? 14 : version === IPFIX ? 10 : 0
    yield* factOf(from, 'netflow.version', version === IPFIX ? 'ipfix' : String(version))
    if (domainAt === 0) return
    const domain = message.skip(domainAt).u32()
    if (message.ok) yield* factOf(from, 'netflow.domain', String(domain))
  },
}

function likeness(message: Cursor): Likeness {
  const length = message.remaining
  const version = message.u16()
  const count = message.u16()
  const fixed = FIXED[version]
  if (fixed !== undefined) {
    const [header, record, most] = fixed
    const isTime = isPlausible(message.skip(4).u32())
    const isLength = count > 0 && count <= most && length === header + count * record
    return isLength && isTime ? 'strong' : 'no'
  }
  if (version === IPFIX) {
    const isTime = isPlausible(message.u32())
    return count === length && isTime && areSets(message.skip(8), 2) ? 'strong' : 'no'
  }
  if (version !== VERSION_9 || !isPlausible(message.skip(4).u32())) return 'no'
  return areSets(message.skip(8), 0) ? 'strong' : 'no'
}

function isPlausible(seconds: number): boolean {
  return seconds >= EARLIEST && seconds < LATEST
}

/** True when sets of templates or data fill the rest (RFC 7011 §3.3.2). */
function areSets(message: Cursor, firstTemplate: number): boolean {
  let count = 0
  while (message.remaining > 0 && count < 64) {
    const id = message.u16()
    const length = message.u16()
    const isId = id === firstTemplate || id === firstTemplate + 1 || id >= 256
    if (!message.ok || !isId || length < 4 || !message.skip(length - 4).ok) return false
    count++
  }
  return count > 0
}
