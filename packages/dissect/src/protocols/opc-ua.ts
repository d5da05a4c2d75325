import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import {
  applicationFacts,
  buildFacts,
  endpointFacts,
  readArray,
  readNodeId,
  readString,
  skipRequestHeader,
  skipResponseHeader,
} from './opc-ua-types.ts'

const HEADER = 8
const LONGEST = 1 << 24
const KINDS = ['HEL', 'ACK', 'ERR', 'RHE', 'OPN', 'CLO', 'MSG']
const CHUNKS = 'FCA'
const NO_POLICY = 'http://opcfoundation.org/UA/SecurityPolicy#None'
const MOST_ENDPOINTS = 32

/** Requests by the number of their binary encoding (OPC 10000-6, annex A). */
const SERVICES: Readonly<Record<number, string>> = {
  422: 'find-servers',
  428: 'get-endpoints',
  437: 'register-server',
  446: 'open-channel',
  452: 'close-channel',
  461: 'create-session',
  467: 'activate-session',
  473: 'close-session',
  479: 'cancel',
  488: 'add-nodes',
  500: 'delete-nodes',
  527: 'browse',
  533: 'browse-next',
  554: 'translate-paths',
  560: 'register-nodes',
  631: 'read',
  664: 'history-read',
  673: 'write',
  700: 'history-update',
  712: 'call',
  751: 'create-monitored-items',
  763: 'modify-monitored-items',
  781: 'delete-monitored-items',
  787: 'create-subscription',
  793: 'modify-subscription',
  826: 'publish',
  832: 'republish',
  847: 'delete-subscriptions',
}
const FIND_SERVERS_RESPONSE = 425
const GET_ENDPOINTS_RESPONSE = 431
const CREATE_SESSION = 461
const CREATE_SESSION_RESPONSE = 464
const READ_RESPONSE = 634

/** OPC UA over TCP: endpoints and their security, application and product of both ends, services asked for. */
export const opcUa: Dissector = {
  protocol: 'opc-ua',
  over: 'tcp',
  ports: [4840],
  firstBytes: [...new Set(KINDS.map((kind) => kind.charCodeAt(0)))],
  appetite: 256,

  looksLike(message) {
    if (!KINDS.some((kind) => message.startsWith(kind.slice(0, message.remaining)))) return 'no'
    if (message.remaining < HEADER) return 'incomplete'
    return lengthOf(message) < 0 ? 'no' : 'strong'
  },

  length: (stream) => (stream.remaining < HEADER ? 0 : lengthOf(stream)),

  *dissect(message, context) {
    const kind = message.text(3)
    const isFinal = message.u8() === CHUNKS.charCodeAt(0)
    message.skip(4)
    const { from } = context
    if (kind === 'HEL') yield* factOf(other(from), 'opc-ua.endpoint', readString(message.skip(20)))
    else if (kind === 'OPN') yield* channelFacts(message, context)
    else if (kind === 'MSG' && isFinal && context.state !== 'encrypted') {
      yield* serviceFacts(message.skip(16).take(message.remaining), from)
    }
  },
}

function lengthOf(stream: Cursor): number {
  const { bytes, position } = stream
  const kind = String.fromCharCode(bytes[position]!, bytes[position + 1]!, bytes[position + 2]!)
  if (!KINDS.includes(kind) || !CHUNKS.includes(String.fromCharCode(stream.peek(3)))) return -1
  const length = (stream.peek(4) | (stream.peek(5) << 8) | (stream.peek(6) << 16)) >>> 0
  return stream.peek(7) === 0 && length >= HEADER && length < LONGEST ? length : -1
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client'
}

/** The asymmetric header says which policy protects the channel; what follows is read only where it is none. */
function* channelFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const policy = readString(message.skip(4))
  if (!message.ok) return
  const name = policy.slice(policy.lastIndexOf('#') + 1)
  context.state = policy === NO_POLICY ? 'clear' : 'encrypted'
  yield* factOf(context.from, 'opc-ua.security-policy', name)
}

function* serviceFacts(message: Cursor, from: Side): Generator<Fact> {
  const type = readNodeId(message)
  if (!message.ok) return
  yield* factOf(from, 'opc-ua.service', SERVICES[type])
  if (type === CREATE_SESSION) {
    skipRequestHeader(message)
    yield* applicationFacts(message, from)
  } else if (type === FIND_SERVERS_RESPONSE) {
    skipResponseHeader(message)
    // The first is the server itself; others may live elsewhere.
    if (message.u32le() > 0) yield* applicationFacts(message, from)
  } else if (type === GET_ENDPOINTS_RESPONSE || type === CREATE_SESSION_RESPONSE) {
    skipResponseHeader(message)
    if (type === CREATE_SESSION_RESPONSE) skipSession(message)
    for (const _ of readArray(message, MOST_ENDPOINTS)) yield* endpointFacts(message, from)
  } else if (type === READ_RESPONSE) yield* buildFacts(message, from)
}

/** Identifier, token, timeout, nonce and certificate before the endpoints. */
function skipSession(message: Cursor): void {
  readNodeId(message)
  readNodeId(message)
  message.skip(8)
  readString(message)
  readString(message)
}
