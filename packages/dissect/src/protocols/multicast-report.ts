import type { Cursor } from '../cursor.ts'

const MOST_GROUPS = 32
const INCLUDE = 1
/** Records that join a group or name who is listened to there; the others leave it. */
const JOINING: readonly number[] = [INCLUDE, 2, 4, 5]

/**
 * Groups that a report says are listened to: IGMPv3 (RFC 3376 §4.2) and MLDv2 (RFC 3810 §5.2) have one form, with addresses of
 * four and of sixteen bytes. It begins at the count of records.
 */
export function* groupsOfReport(message: Cursor, addressBytes: 4 | 16): Generator<Cursor> {
  const count = message.u16()
  for (let left = Math.min(count, MOST_GROUPS); left > 0 && message.ok; left--) {
    const type = message.u8()
    const auxiliary = message.u8()
    const sources = message.u16()
    const group = message.take(addressBytes)
    message.skip(addressBytes * sources + 4 * auxiliary)
    // A list of nobody to listen to leaves the group, too.
    const isLeaving = !JOINING.includes(type) || (type === INCLUDE && sources === 0)
    if (message.ok && !isLeaving) yield group
  }
}
