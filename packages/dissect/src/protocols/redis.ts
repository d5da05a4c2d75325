import { characters, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'

/** An array of texts: how every client asks (RESP). */
const COMMAND = /^\*(\d{1,5})\r\n\$(\d{1,5})\r\n([A-Za-z.]{2,24})\r\n/
const COMMAND_START = /^\*\d{0,5}(?:\r(?:\n(?:\$\d{0,5}(?:\r(?:\n[A-Za-z.]{0,24}\r?)?)?)?)?)?$/
const INFO = table<string>({
  redis_version: 'redis.version',
  os: 'redis.os',
  redis_mode: 'redis.mode',
})
const MOST_BYTES = 4096

/** Redis (RESP): version of a server, and whether it wants a password. No key or value is read. */
export const redis: Dissector = {
  protocol: 'redis',
  over: 'tcp',
  ports: [6379],
  firstBytes: [0x2a],
  appetite: 6,
  looksLike: (stream) => likeness(stream),
  dissect: (message, context) => messageFacts(message, context),
}

function textOf({ bytes, position, end }: Cursor, most: number): string {
  return characters(bytes, position, Math.min(end, position + most))
}

function likeness(stream: Cursor): Likeness {
  const text = textOf(stream, 64)
  const command = COMMAND.exec(text)
  if (command !== null) return command[3]!.length === Number(command[2]) ? 'strong' : 'no'
  return text.length < 40 && COMMAND_START.test(text) ? 'incomplete' : 'no'
}

function* messageFacts(message: Cursor, { from }: MessageContext): Generator<Fact> {
  const text = textOf(message, MOST_BYTES)
  if (from === 'client') {
    const isSignIn = /^auth$/i.test(COMMAND.exec(text)?.[3] ?? '')
    if (isSignIn) yield { subject: 'server', field: 'redis.authentication', value: 'password' }
    return
  }
  if (text.startsWith('-NOAUTH')) {
    yield { subject: from, field: 'redis.authentication', value: 'required' }
  }
  if (!/^\$\d+\r\n# Server/.test(text)) return
  for (const [, name, value] of text.matchAll(/^(\w+):(.*)\r$/gm)) {
    const field = INFO[name!]
    if (field !== undefined) yield* factOf(from, field, value)
  }
}
