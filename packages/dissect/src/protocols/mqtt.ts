import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'

const PORT = 1883
const CONNECT = 1
const CONNACK = 2
const PUBLISH = 3
const SUBSCRIBE = 8
/** First bytes of PUBLISH with each quality of service, and of PINGREQ and PINGRESP. */
const PUBLISHES = [0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x3a, 0x3b, 0x3c, 0x3d]
const PINGS: readonly number[] = [0xc0, 0xd0]
const VERSION_5 = 5
const LEVELS: Readonly<Record<number, string>> = { 3: '3.1', 4: '3.1.1', [VERSION_5]: '5' }

/** Flags of a CONNECT (MQTT 5 §3.1.2.3). */
const HAS_USER_NAME = 0x80
const HAS_PASSWORD = 0x40
const HAS_WILL = 0x04

/** Topics of one flow that are kept. */
const MOST_TOPICS = 32
/** Properties of version 5 that name things. */
const ASSIGNED_CLIENT = 0x12

/** Flags that a packet of a type must have; nothing where they are free (MQTT 5 §2.1.3). */
const FIXED_FLAGS: readonly (number | undefined)[] = [
  -1,
  0,
  0,
  undefined,
  0,
  0,
  2,
  0,
  2,
  0,
  2,
  0,
  0,
  0,
  0,
  0,
]

/** What is remembered of a flow: the version, which decides about properties, and how many topics were told. */
interface State {
  level: number
  topics: number
}

/** MQTT 3.1, 3.1.1 and 5 (OASIS): who connects as what and how, and the topics it speaks of. */
export const mqtt: Dissector = {
  protocol: 'mqtt',
  over: 'tcp',
  ports: [PORT],
  firstBytes: [CONNECT << 4, ...PUBLISHES, ...PINGS],
  appetite: 64,

  looksLike: (stream, context) => likeness(stream, context),
  length: (stream) => packetLength(stream),

  *dissect(message, context) {
    const first = message.u8()
    const body = message.take(readVariable(message))
    if (!message.ok) return
    const state = (context.state ??= { level: 4, topics: 0 }) as State
    const type = first >> 4
    if (type === CONNECT) yield* connectFacts(body, context.from, state)
    else if (type === CONNACK) yield* answerFacts(body, context, state)
    else if (type === PUBLISH) yield* topicFacts('mqtt.topic', body, context.from, state)
    else if (type === SUBSCRIBE) yield* subscribeFacts(body, context.from, state)
  },
}

function likeness(stream: Cursor, { clientPort, serverPort }: MessageContext): Likeness {
  const first = stream.u8()
  const fixed = FIXED_FLAGS[first >> 4]
  if (fixed !== undefined && (first & 15) !== fixed) return 'no'
  const length = readVariable(stream)
  if (length < 0) return 'no'
  if (first >> 4 !== CONNECT) {
    if (!stream.ok || length !== stream.remaining) return 'no'
    // In the middle of a conversation most packets have too little to be known by but for their port.
    if (clientPort === PORT || serverPort === PORT || PINGS.includes(first)) return 'weak'
    return first >> 4 === PUBLISH && /^[\x20-\x7e]+$/.test(stream.text(stream.u16())) && stream.ok
      ? 'weak'
      : 'no'
  }
  if (stream.remaining < 9) return stream.remaining < length ? 'incomplete' : 'no'
  const name = stream.text(stream.u16())
  return (name === 'MQTT' || name === 'MQIsdp') && length >= 10 ? 'strong' : 'no'
}

function packetLength(stream: Cursor): number {
  const start = stream.position
  const first = stream.u8()
  const fixed = FIXED_FLAGS[first >> 4]
  const length = readVariable(stream)
  if (length < 0 || (fixed !== undefined && (first & 15) !== fixed)) return -1
  return stream.ok ? stream.position - start + length : 0
}

/** A number of up to four bytes, seven bits each, the lowest first; negative when it goes on (MQTT 5 §1.5.5). */
function readVariable(stream: Cursor): number {
  let value = 0
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = stream.u8()
    value += (byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  return -1
}

function* connectFacts(body: Cursor, from: Side, state: State): Generator<Fact> {
  body.skip(body.u16())
  // The top bit marks a bridge between brokers.
  const level = body.u8() & 0x7f
  const flags = body.u8()
  body.skip(2)
  if (level === VERSION_5) body.skip(readVariable(body))
  const clientId = body.utf8(body.u16())
  if (!body.ok) return
  state.level = level
  yield* factOf(from, 'mqtt.version', LEVELS[level] ?? String(level))
  yield* factOf(from, 'mqtt.client-id', clientId)
  yield {
    subject: from,
    field: 'mqtt.user-name-sent',
    value: String((flags & HAS_USER_NAME) !== 0),
  }
  yield { subject: from, field: 'mqtt.password-sent', value: String((flags & HAS_PASSWORD) !== 0) }
  if ((flags & HAS_WILL) === 0) return
  if (level === VERSION_5) body.skip(readVariable(body))
  yield* topicFacts('mqtt.will-topic', body, from, state)
}

/** What the broker says to a CONNECT (MQTT 5 §3.2). */
function* answerFacts(body: Cursor, context: MessageContext, state: State): Generator<Fact> {
  const { from } = context
  const code = body.skip(1).u8()
  if (!body.ok) return
  yield { subject: from, field: 'mqtt.role', value: 'broker' }
  const client: Side = from === 'client' ? 'server' : 'client'
  yield {
    subject: client,
    field: 'mqtt.connect-result',
    value: code === 0 ? 'accepted' : 'refused',
  }
  if (state.level !== VERSION_5) return
  const properties = body.take(readVariable(body))
  if (properties.peek() === ASSIGNED_CLIENT) {
    yield* factOf(client, 'mqtt.client-id', properties.skip(1).utf8(properties.u16()))
  }
}

function* subscribeFacts(body: Cursor, from: Side, state: State): Generator<Fact> {
  body.skip(2)
  if (state.level === VERSION_5) body.skip(readVariable(body))
  while (body.remaining > 2 && state.topics < MOST_TOPICS) {
    yield* topicFacts('mqtt.subscription', body, from, state)
    body.skip(1)
  }
}

function* topicFacts(field: string, body: Cursor, from: Side, state: State): Generator<Fact> {
  const topic = body.utf8(body.u16())
  if (!body.ok || topic === '' || state.topics >= MOST_TOPICS) return
  state.topics++
  yield* factOf(from, field, withoutNumbers(topic))
}

/**
 * The topic with `+` for each level that may be about a person or a moment: a number of four digits or more, and
 * whatever follows a level that speaks of patients.
 */
function withoutNumbers(topic: string): string {
  const levels = topic.slice(0, 512).split('/')
  const isAboutPatients = (level: string | undefined) =>
    /patient|person|mrn|encounter/i.test(level ?? '')
  return levels
    .map((level, at) => (/\d{4}/.test(level) || isAboutPatients(levels[at - 1]) ? '+' : level))
    .join('/')
}
