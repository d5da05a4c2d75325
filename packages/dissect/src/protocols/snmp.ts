import { hexText, stationMac } from '../address.ts'
import { utf8, type Cursor } from '../cursor.ts'
import type { Dissector, Fact, Likeness, MessageContext, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import {
  BER,
  berElements,
  berInteger,
  berMessageLength,
  berOid,
  expectBer,
  readBer,
  readBerLength,
  type BerElement,
} from './ber.ts'
import { ENTITY_COLUMNS, FIRST_ROWS, INTERFACE_ADDRESS, SCALARS, TRAP_OID } from './snmp-objects.ts'

const V3 = 3
const VERSIONS: Readonly<Record<number, string>> = { 0: '1', 1: '2c', [V3]: '3' }
/** Message flags of version 3 (RFC 3412 §6.4). */
const REPORTABLE = 4
const SECURITY_LEVELS: readonly string[] = ['no-auth', 'auth', 'no-auth', 'auth-priv']
const USER_SECURITY = 3

/** Operations by identifier (RFC 3416 §3). */
const OPERATIONS: Readonly<Record<number, string>> = {
  0xa0: 'get',
  0xa1: 'get-next',
  0xa2: 'response',
  0xa3: 'set',
  0xa4: 'trap',
  0xa5: 'get-bulk',
  0xa6: 'inform',
  0xa7: 'trap',
  0xa8: 'report',
}
const RESPONSE = 0xa2
const TRAP_V1 = 0xa4
const REPORT = 0xa8
/** Those in which the sender speaks of itself. */
const SPOKEN_BY_AGENT: readonly number[] = [RESPONSE, TRAP_V1, 0xa6, 0xa7, REPORT]
const DEFAULT_COMMUNITIES: readonly string[] = ['public', 'private']
const MOST_BINDINGS = 128
const MOST_INTERFACES = 64

/** What is remembered of a flow: the lowest physical entity that was told, and how many interfaces. */
interface State {
  chassis: number
  interfaces: number
}

/** SNMP versions 1, 2c and 3 (RFC 1157, RFC 3416, RFC 3412): what agents answer about themselves. */
export const snmp: Dissector = {
  protocol: 'snmp',
  over: 'udp',
  ports: [161, 162],
  firstBytes: [BER.sequence],
  appetite: Infinity,

  looksLike: (message) => likeness(message),
  dissect: (message, context) => messageFacts(message, context),
}

/** SNMP over a stream (RFC 3430): one message after the other. */
export const snmpTcp: Dissector = {
  protocol: 'snmp',
  over: 'tcp',
  ports: [161, 162],
  firstBytes: [BER.sequence],
  appetite: Infinity,

  looksLike: (stream) => (stream.remaining < 8 ? 'incomplete' : likeness(stream)),
  length: (stream) => berMessageLength(stream),
  dissect: (message, context) => messageFacts(message, context),
}

function likeness(message: Cursor): Likeness {
  const isSequence = message.u8() === BER.sequence
  const length = readBerLength(message)
  const isWhole = length === message.remaining
  const isVersion = message.u16() === 0x0201
  const version = message.u8()
  if (!message.ok || !isSequence || !isVersion || VERSIONS[version] === undefined) return 'no'
  const { tag, body } = readBer(message)
  if (!body.ok || tag !== (version === V3 ? BER.sequence : BER.octetString)) return 'no'
  if (version !== V3 && OPERATIONS[message.peek()] === undefined) return 'no'
  return isWhole ? 'strong' : 'weak'
}

function* messageFacts(message: Cursor, context: MessageContext): Generator<Fact> {
  const body = expectBer(message, BER.sequence)
  const version = berInteger(expectBer(body, BER.integer))
  const name = VERSIONS[version]
  if (!body.ok || name === undefined) return
  yield { subject: context.from, field: 'snmp.version', value: name }
  if (version === V3) {
    yield* version3Facts(body, context)
    return
  }
  const community = expectBer(body, BER.octetString)
  const text = community.text(community.remaining)
  const unit = readBer(body)
  if (!body.ok) return
  // Another community is a secret and stays one.
  const isDefault = DEFAULT_COMMUNITIES.includes(text)
  if (unit.tag === RESPONSE) {
    yield { subject: context.from, field: 'snmp.community-default', value: String(isDefault) }
    if (isDefault) yield { subject: context.from, field: 'snmp.community', value: text }
  }
  yield* unitFacts(unit, context)
}

function* version3Facts(body: Cursor, context: MessageContext): Generator<Fact> {
  const { from } = context
  const [, , flagsElement, model] = berElements(expectBer(body, BER.sequence), 4)
  const flags = flagsElement?.body.u8() ?? 0
  const isUser = model !== undefined && berInteger(model.body) === USER_SECURITY
  const security = expectBer(body, BER.octetString)
  const engine = expectBer(expectBer(security, BER.sequence), BER.octetString)
  const engineId = engine.view(Math.min(engine.remaining, 32))
  const scoped = readBer(body)
  if (!body.ok || !isUser) return
  // Who expects no report speaks for its own engine.
  const isAuthority = (flags & REPORTABLE) === 0 && engineId.length > 0
  if (isAuthority) yield* engineFacts(engineId, from)
  const isPlain = scoped.tag === BER.sequence
  const [, , unit] = isPlain ? berElements(scoped.body, 3) : []
  const isDiscovery = engineId.length === 0 || unit?.tag === REPORT
  if (!isDiscovery) {
    yield { subject: from, field: 'snmp.security-level', value: SECURITY_LEVELS[flags & 3] ?? '' }
  }
  if (unit !== undefined) yield* unitFacts(unit, context)
}

/** Maker and often the MAC of an agent, in the name of its engine (RFC 3411 §5, SnmpEngineID). */
function* engineFacts(id: Uint8Array, from: Side): Generator<Fact> {
  yield { subject: from, field: 'snmp.engine-id', value: hexText(id) }
  if (id.length < 5) return
  const enterprise = (((id[0]! & 0x7f) << 24) | (id[1]! << 16) | (id[2]! << 8) | id[3]!) >>> 0
  yield { subject: from, field: 'snmp.engine-enterprise', value: String(enterprise) }
  const isMac = id[0]! >= 0x80 && id[4] === 3
  yield* factOf(from, 'snmp.engine-mac', isMac ? stationMac(id.subarray(5)) : undefined)
}

function* unitFacts({ tag, body }: BerElement, context: MessageContext): Generator<Fact> {
  const { from } = context
  const operation = OPERATIONS[tag]
  if (operation === undefined) return
  yield { subject: from, field: 'snmp.operation', value: operation }
  if (!SPOKEN_BY_AGENT.includes(tag) || tag === REPORT) return
  if (tag === TRAP_V1) {
    yield* factOf(from, 'snmp.trap', berOid(expectBer(body, BER.oid)))
  }
  // Before the bindings stand three numbers, or in a trap of version 1 four more fields.
  for (const _field of berElements(body, tag === TRAP_V1 ? 4 : 3)) continue
  const state = (context.state ??= { chassis: Infinity, interfaces: 0 }) as State
  for (const binding of berElements(expectBer(body, BER.sequence), MOST_BINDINGS)) {
    const oid = berOid(expectBer(binding.body, BER.oid))
    const value = readBer(binding.body)
    if (binding.body.ok) yield* bindingFacts(oid, value, state, from)
  }
}

function* bindingFacts(oid: string, value: BerElement, state: State, from: Side): Generator<Fact> {
  if (oid === TRAP_OID) yield* factOf(from, 'snmp.trap', textOf(value))
  const dot = oid.lastIndexOf('.')
  const column = oid.slice(0, dot)
  const row = Number(oid.slice(dot + 1))
  if (column === INTERFACE_ADDRESS) {
    const mac = value.tag === BER.octetString ? macOf(value) : undefined
    if (mac === undefined || state.interfaces++ >= MOST_INTERFACES) return
    yield { subject: from, field: 'snmp.interface-mac', value: mac }
    return
  }
  const entity = ENTITY_COLUMNS[column]
  if (entity !== undefined) {
    state.chassis = Math.min(state.chassis, row)
    if (row === state.chassis) yield* factOf(from, entity, textOf(value))
    return
  }
  const field = SCALARS[oid] ?? (row === 1 ? FIRST_ROWS[column] : undefined)
  if (field === undefined) return
  yield* factOf(from, field, field === 'snmp.bridge-address' ? macOf(value) : textOf(value))
}

function macOf({ body }: BerElement): string | undefined {
  return stationMac(body.view(body.remaining))
}

/** Text or an object identifier; nothing for other types, empty rows and octets that are no text. */
function textOf({ tag, body }: BerElement): string | undefined {
  if (tag === BER.oid) return berOid(body)
  if (tag !== BER.octetString) return undefined
  const bytes = body.view(Math.min(body.remaining, 1024))
  const isText = bytes.every((byte) => byte >= 0x20 || byte === 0 || (byte > 8 && byte < 14))
  return isText ? utf8(bytes) : undefined
}
