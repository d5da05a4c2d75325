import type { Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'
import {
  BER,
  berElements,
  type BerElement,
  berInteger,
  berMessageLength,
  expectBer,
  readBer,
  readBerLength,
} from './ber.ts'
import { ntlmFacts } from './ntlmssp.ts'

/** Operations by application tag (RFC 4511 §4.2 to §4.14). */
const OPERATIONS: Readonly<Record<number, string>> = {
  0x60: 'bind-request',
  0x61: 'bind-response',
  0x42: 'unbind-request',
  0x63: 'search-request',
  0x64: 'search-result-entry',
  0x65: 'search-result-done',
  0x66: 'modify-request',
  0x67: 'modify-response',
  0x68: 'add-request',
  0x69: 'add-response',
  0x4a: 'delete-request',
  0x6b: 'delete-response',
  0x6c: 'rename-request',
  0x6d: 'rename-response',
  0x6e: 'compare-request',
  0x6f: 'compare-response',
  0x50: 'abandon-request',
  0x73: 'search-result-reference',
  0x77: 'extended-request',
  0x78: 'extended-response',
}
const BIND = 0x60
const BIND_ANSWER = 0x61
const ENTRY = 0x64
const EXTENDED = 0x77
const EXTENDED_ANSWER = 0x78
const SIMPLE = 0x80
const SASL = 0xa3
const START_TLS = '1.3.6.1.4.1.1466.20037'
const SUCCESS = 0

/** Attributes of the root entry, which is about the server itself (RFC 4512 §5.1, MS-ADTS §3.1.1.3.2). */
const ROOT = table<string>({
  defaultnamingcontext: 'ldap.naming-context',
  dnshostname: 'ldap.dns-host-name',
  domaincontrollerfunctionality: 'ldap.functional-level',
  ldapservicename: 'ldap.service-name',
  namingcontexts: 'ldap.naming-context',
  servername: 'ldap.server-name',
  supportedldapversion: 'ldap.version',
  supportedsaslmechanisms: 'ldap.sasl-mechanism',
  vendorname: 'ldap.vendor',
  vendorversion: 'ldap.vendor-version',
})
const MOST_ATTRIBUTES = 64
const MOST_VALUES = 8

/** LDAP (RFC 4511): how clients sign in, and what a server says of itself. No entry of a person is read. */
export const ldap: Dissector = {
  protocol: 'ldap',
  over: 'tcp',
  ports: [389, 3268],
  firstBytes: [BER.sequence],
  appetite: 16,
  looksLike: (stream) => (stream.remaining < 9 ? startOf(stream) : likeness(stream)),
  length: (stream) => berMessageLength(stream),
  dissect: (message, context) => messageFacts(message, context),
}

/** Connectionless LDAP, with which Windows looks for its domain controllers (MS-ADTS §6.3.3). */
export const ldapUdp: Dissector = {
  protocol: 'ldap',
  over: 'udp',
  ports: [389],
  firstBytes: [BER.sequence],
  appetite: 8,
  looksLike: (message) => likeness(message),
  dissect: (message, context) => messageFacts(message, context),
}

function startOf(stream: Cursor): Likeness {
  return stream.peek() === BER.sequence ? 'incomplete' : 'no'
}

function likeness(message: Cursor): Likeness {
  const available = message.remaining
  if (message.u8() !== BER.sequence) return 'no'
  const length = readBerLength(message)
  const isWhole = length <= message.remaining || available > 512
  if (message.u8() !== BER.integer) return 'no'
  const idLength = message.u8()
  if (idLength < 1 || idLength > 4) return 'no'
  const tag = message.skip(idLength).u8()
  const size = readBerLength(message)
  if (!message.ok || length < 5 || OPERATIONS[tag] === undefined || size < 0) return 'no'
  if (size > length) return 'no'
  if (tag === BIND) {
    const version = message.u24()
    return version === 0x020103 || version === 0x020102 ? 'strong' : 'no'
  }
  if (!isWhole) return 'weak'
  const first = message.peek()
  const isPlain =
    first === BER.octetString || first === 0x0a || first === BER.sequence || first === 0x80
  return size === 0 || isPlain ? 'strong' : 'no'
}

function* messageFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const { from } = context
  const body = expectBer(message, BER.sequence)
  const id = berInteger(expectBer(body, BER.integer))
  const operation = readBer(body)
  // What is wrapped for integrity or secrecy (RFC 4511 §5.1) begins with its length: nothing more can be read.
  if (!body.ok || OPERATIONS[operation.tag] === undefined) return context.enough()
  yield* factOf(from, 'ldap.operation', OPERATIONS[operation.tag])
  if (operation.tag === BIND) yield* bindFacts(operation.body, from)
  else if (operation.tag === BIND_ANSWER) {
    const code = berInteger(expectBer(operation.body, 0x0a))
    yield* factOf(from, 'ldap.bind-result', String(code))
    yield* ntlmFacts(operation.body.view(operation.body.remaining), from)
  } else if (operation.tag === ENTRY) yield* entryFacts(operation.body, from)
  else if (operation.tag === EXTENDED) {
    const name = expectBer(operation.body, 0x80)
    if (name.text(name.remaining) === START_TLS) context.state = id
  } else if (operation.tag === EXTENDED_ANSWER && context.state === id) {
    if (berInteger(expectBer(operation.body, 0x0a)) === SUCCESS) context.become('tls')
  }
}

/** How a client signs in; its name and password are not read (RFC 4511 §4.2). */
function* bindFacts(bind: Cursor, from: Side): Generator<Fact> {
  const version = berInteger(expectBer(bind, BER.integer))
  const name = expectBer(bind, BER.octetString)
  const { tag, body } = readBer(bind)
  if (!bind.ok) return
  yield* factOf(from, 'ldap.client-version', String(version))
  if (tag === SIMPLE) {
    const isAnonymous = name.remaining === 0 || body.remaining === 0
    yield* factOf(from, 'ldap.bind', isAnonymous ? 'anonymous' : 'simple')
    return
  }
  if (tag === SASL) {
    const mechanism = expectBer(body, BER.octetString)
    yield* factOf(from, 'ldap.bind', `sasl ${mechanism.text(Math.min(mechanism.remaining, 32))}`)
  } else yield* factOf(from, 'ldap.bind', 'sicily')
  yield* ntlmFacts(body.view(body.remaining), from)
}

/** The root entry has an empty name; others are passed over. */
function* entryFacts(entry: Cursor, from: Side): Generator<Fact> {
  const name = expectBer(entry, BER.octetString)
  if (!name.ok || name.remaining > 0) return
  for (const attribute of berElements(expectBer(entry, BER.sequence), MOST_ATTRIBUTES)) {
    const key = expectBer(attribute.body, BER.octetString)
    const field = ROOT[key.text(Math.min(key.remaining, 64)).toLowerCase()]
    if (field === undefined) continue
    for (const value of berElements(expectBer(attribute.body, BER.set), MOST_VALUES)) {
      yield* factOf(from, field, textOf(value))
    }
  }
}

function textOf({ body }: BerElement): string {
  return body.utf8(Math.min(body.remaining, 512))
}
