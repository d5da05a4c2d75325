import { randomFillSync } from 'node:crypto'

const random = new Uint8Array(10 * 256)
let used = random.length
let lastTime = 0
let sequence = 0

/** A new UUIDv7 (RFC 9562, 5.7): sorted by time; within one millisecond by a counter of 12 bits. */
export function newId(now: number = Date.now()): string {
  if (now > lastTime) {
    lastTime = now
    sequence = 0
  } else if (++sequence > 0xfff) {
    // The counter is used up: borrow the next millisecond rather than lose the order.
    lastTime++
    sequence = 0
  }
  if (used + 8 > random.length) {
    randomFillSync(random)
    used = 0
  }
  const tail = random.subarray(used, used + 8)
  used += 8
  const time = lastTime.toString(16).padStart(12, '0')
  const counter = (0x7000 | sequence).toString(16)
  const variant = (0x80 | (tail[0]! & 0x3f)).toString(16)
  const rest = Buffer.from(tail.subarray(1)).toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-${counter}-${variant}${rest.slice(0, 2)}-${rest.slice(2)}`
}
