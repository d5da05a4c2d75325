import type { Fact, FactSubject, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { macOfEui64 } from './eui-64.ts'
import type { Segment } from './hl7-segment.ts'

/** Terms of ISO/IEEE 11073-10101 are capitals, digits and underscores; anything else is not read as one. */
const TERM = /^MDC_[A-Z0-9_]{1,80}$/
const LOINC_CODE = /^\d{1,7}-\d$/
const EUI_64 = /^[0-9a-f]{16}$/i
const MAC = /^[0-9a-f][02468ace](?::[0-9a-f]{2}){5}$/
const MOST_DEVICES = 64

/** Observations whose value describes the equipment (IHE DEV, MEM-DMC; ISO/IEEE 11073-10101). */
const DESCRIPTION: Readonly<Record<string, string>> = {
  MDC_ATTR_ID_MODEL: 'hl7.equipment-model',
  MDC_ID_MODEL_MANUFACTURER: 'hl7.equipment-manufacturer',
  MDC_ID_MODEL_NUMBER: 'hl7.equipment-model',
  MDC_ID_PROD_SPEC_SERIAL: 'hl7.equipment-serial',
  MDC_ID_PROD_SPEC_SW: 'hl7.equipment-software',
  MDC_ID_PROD_SPEC_FW: 'hl7.equipment-firmware',
  MDC_ID_PROD_SPEC_HW: 'hl7.equipment-hardware',
}

/** Whether a device runs on its battery (MEM-DMC); other words are not read. */
const POWER = /^on(?:mains|battery)/i

/** A device that observations belong to. */
export interface Equipment {
  /** First part of its identifier; empty when it has none. */
  readonly name: string
  readonly subject: FactSubject
}

/**
 * Which device an observation belongs to: the one that it names, or else the one named before at the same place of the
 * containment tree, whose first number counts the devices (IHE DEV, OBX-4).
 */
export class Containment {
  readonly #from: Side
  readonly #known = new Map<string, Equipment>()

  constructor(from: Side) {
    this.#from = from
  }

  equipmentOf(observation: Segment): Equipment {
    const place = observation.field(4).split('.', 1)[0]!
    const [identity = []] = observation.repetitions(18)
    const name = identity.find((part) => part !== '')
    if (name === undefined) return this.#known.get(place) ?? { name: '', subject: this.#from }
    const equipment = { name, subject: subjectOf(identity, this.#from) }
    if (this.#known.size < MOST_DEVICES) this.#known.set(place, equipment)
    return equipment
  }
}

/** Device, kind and description of an observation; its value is read only for a description (HL7 v2 §7.4.2). */
export function* equipmentFacts(
  observation: Segment,
  from: Side,
  { name, subject }: Equipment,
): Generator<Fact> {
  const identities = observation.repetitions(18)
  for (const identity of identities) yield* identityFacts(identity, from)
  const [code = '', term = '', system = ''] = observation.components(3)
  if (TERM.test(term)) {
    // A row without a value describes the tree; with one it is an observation, whatever its name.
    const isTree = observation.field(5) === ''
    if (isTree && term.startsWith('MDC_DEV_')) yield* factOf(subject, 'hl7.equipment-type', term)
    else if (!(term in DESCRIPTION)) yield* factOf(from, 'hl7.observation', term)
    const field = DESCRIPTION[term]
    const values = observation.components(5)
    if (field !== undefined) yield* factOf(subject, field, values.join(' '))
    if (term === 'MDC_ATTR_POWER_STAT' && POWER.test(values[0] ?? '')) {
      yield* factOf(subject, 'hl7.equipment-power', values[0]!.replace(/\(\d\)$/, ''))
    }
    if (term === 'MDC_NCC_WIRELESS_MAC' && name !== '') yield* wirelessFacts(values[0] ?? '', name)
  } else if (system === 'LN' && LOINC_CODE.test(code)) {
    yield* factOf(from, 'hl7.observation', `LOINC ${code}`)
  }
}

/** A device that tells the address of its radio: the identifier is then known of that address (MEM-DMC). */
function* wirelessFacts(text: string, name: string): Generator<Fact> {
  const mac = text.toLowerCase().replaceAll('-', ':')
  if (MAC.test(mac)) yield* factOf({ mac }, 'hl7.equipment', name)
}

/** Equipment that takes part (PRT-4 is EQUIP): its identifier and its unique device identification (§7.4.4). */
export function* participantFacts(participant: Segment, from: Side): Generator<Fact> {
  if (participant.components(4)[0] !== 'EQUIP') return
  const identities = participant.repetitions(10)
  const subject = subjectOf(identities[0] ?? [], from)
  for (const identity of identities) yield* identityFacts(identity, from)
  yield* factOf(subject, 'hl7.equipment-udi', participant.components(16)[0])
  yield* factOf(subject, 'hl7.equipment-lot', participant.components(19)[0])
  yield* factOf(subject, 'hl7.equipment-serial', participant.components(20)[0])
}

/** An entity identifier: id, name space, universal id and its kind (§2.A.28). */
function* identityFacts(identity: readonly string[], from: Side): Generator<Fact> {
  const text = identity.filter((part) => part !== '').join('^')
  yield* factOf(from, 'hl7.equipment', text)
  const mac = macOf(identity)
  if (mac !== undefined) yield* factOf({ mac }, 'hl7.equipment', text)
}

function subjectOf(identity: readonly string[], from: Side): FactSubject {
  const mac = macOf(identity)
  return mac === undefined ? from : { mac }
}

/** The MAC of an identifier one of whose parts is an EUI-64 that was made of it. */
function macOf(identity: readonly string[]): string | undefined {
  return macOfEui64(identity.find((part) => EUI_64.test(part)) ?? '')
}

const PHASES = [
  'start',
  'continue',
  'end',
  'update',
  'escalate',
  'de-escalate',
  'present',
  'tpoint',
]
const STATES = ['active', 'inactive', 'latched']
const INACTIVATIONS = ['enabled', 'audio-paused', 'audio-off', 'alarm-paused', 'alarm-off']
const PRIORITIES = ['PN', 'PL', 'PM', 'PH']
const TYPES = ['SP', 'ST', 'SA']

/** Facets of an alert (IHE DEV ACM); a value counts only when it is one of the known words. */
const FACETS: Readonly<Record<string, readonly string[]>> = {
  MDC_ATTR_EVENT_PHASE: PHASES,
  MDC_ATTR_ALARM_STATE: STATES,
  MDC_ATTR_ALARM_INACTIVATION_STATE: INACTIVATIONS,
  MDC_ATTR_ALARM_PRIORITY: PRIORITIES,
  MDC_ATTR_ALERT_TYPE: TYPES,
}

/** Puts the observations of one alert message together. */
export class AlarmReader {
  isAlarm = false
  readonly #from: Side
  #event = ''
  readonly #facets: string[] = []

  constructor(from: Side) {
    this.#from = from
  }

  observe(observation: Segment): void {
    if (!this.isAlarm || this.#facets.length >= 8) return
    const term = observation.components(3)[1] ?? ''
    const [value = '', name = ''] = observation.components(5)
    if (this.#event === '' && term.startsWith('MDC_EVT_') && TERM.test(term)) {
      this.#event = TERM.test(name) ? name : term
    }
    if (FACETS[term]?.includes(value)) this.#facets.push(value)
  }

  facts(): Fact[] {
    if (this.#event === '') return []
    return factOf(this.#from, 'hl7.alarm', [this.#event, ...this.#facets].join(' '))
  }
}
