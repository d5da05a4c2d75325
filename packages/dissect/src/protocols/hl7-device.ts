import type { Fact, FactSubject, Side } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'
import { macOfEui64 } from './eui-64.ts'
import type { Segment } from './hl7-segment.ts'

/** Terms of ISO/IEEE 11073-10101 are capitals, digits and underscores; anything else is not read as one. */
const TERM = /^MDC_[A-Z0-9_]{1,80}$/
const LOINC_CODE = /^\d{1,7}-\d$/
const EUI_64 = /^[0-9a-f]{16}$/i
const MAC = /^[0-9a-f][02468ace](?::[0-9a-f]{2}){5}$/
const MOST_DEVICES = 64

/** Observations whose value describes the equipment (IHE DEV, MEM-DMC; ISO/IEEE 11073-10101). */
const DESCRIPTION = table<string>({
  MDC_ATTR_ID_MODEL: 'hl7.equipment-model',
  MDC_ID_MODEL_MANUFACTURER: 'hl7.equipment-manufacturer',
  MDC_ID_MODEL_NUMBER: 'hl7.equipment-model',
  MDC_ID_PROD_SPEC_SERIAL: 'hl7.equipment-serial',
  MDC_ID_PROD_SPEC_SW: 'hl7.equipment-software',
  MDC_ID_PROD_SPEC_FW: 'hl7.equipment-firmware',
  MDC_ID_PROD_SPEC_HW: 'hl7.equipment-hardware',
})

/** Whether a device runs on its battery (MEM-DMC); other words are not read. */
const POWER = /^on(?:mains|battery)/i

/** A device that observations belong to. */
export interface Equipment {
  /** First part of its identifier; empty when it has none. */
  readonly name: string
  readonly subject: FactSubject
}

/** Where an observation stands in the containment tree (IHE DEV, OBX-4: device, part, channel, metric, facet). */
const PLACE = /^\d{1,6}(?:\.\d{1,6}){0,2}/

/** Number of the part of a device (VMD) that an observation belongs to: each channel of a pump is one. */
export function partOf(observation: Segment): string {
  return levelsOf(observation)[1] ?? ''
}

/** Device, part and channel; a number of zero means the level above it as a whole. */
function levelsOf(observation: Segment): readonly string[] {
  const text = observation.field(4)
  // What is no place in a tree is one of its own.
  const levels = PLACE.exec(text)?.[0].split('.') ?? [text.split('.', 1)[0]!]
  const end = levels.findIndex((level, at) => at > 0 && /^0+$/.test(level))
  return end < 0 ? levels : levels.slice(0, end)
}

/**
 * Which device an observation belongs to: the one that it names, or else the one that was named before at its place of
 * the containment tree, or above it.
 */
export class Containment {
  readonly #from: Side
  readonly #known = new Map<string, Equipment>()

  constructor(from: Side) {
    this.#from = from
  }

  equipmentOf(observation: Segment): Equipment {
    const levels = levelsOf(observation)
    // From the place itself up to the device.
    const places = levels.map((_level, at) => levels.slice(0, levels.length - at).join('.'))
    const [identity = []] = observation.repetitions(18)
    const name = identity.find((part) => part !== '')
    if (name === undefined) {
      const place = places.find((one) => this.#known.has(one)) ?? ''
      return this.#known.get(place) ?? { name: '', subject: this.#from }
    }
    const equipment = { name, subject: subjectOf(identity, this.#from) }
    this.#learn(places, equipment)
    return equipment
  }

  #learn([place = '', ...above]: readonly string[], equipment: Equipment): void {
    // Below another device than before, the tree begins anew.
    if (this.#known.get(place)?.name !== equipment.name) {
      for (const one of this.#known.keys()) {
        if (one.startsWith(`${place}.`)) this.#known.delete(one)
      }
    }
    if (this.#known.size < MOST_DEVICES || this.#known.has(place)) this.#known.set(place, equipment)
    for (const one of above) {
      if (this.#known.size < MOST_DEVICES && !this.#known.has(one)) this.#known.set(one, equipment)
    }
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
const FACETS = table<readonly string[]>({
  MDC_ATTR_EVENT_PHASE: PHASES,
  MDC_ATTR_ALARM_STATE: STATES,
  MDC_ATTR_ALARM_INACTIVATION_STATE: INACTIVATIONS,
  MDC_ATTR_ALARM_PRIORITY: PRIORITIES,
  MDC_ATTR_ALERT_TYPE: TYPES,
})

const MOST_ALERTS = 16
const MOST_FACETS = 8

interface Alert {
  equipment: Equipment
  readonly event: string
  source: string
  readonly facets: string[]
}

/** Puts the observations of one alert message together: each alert begins with its event. */
export class AlarmReader {
  isAlarm = false
  readonly #alerts: Alert[] = []

  /** `equipment` is the device that the observation belongs to. */
  observe(observation: Segment, equipment: Equipment): void {
    if (!this.isAlarm) return
    const term = observation.components(3)[1] ?? ''
    const [value = '', name = ''] = observation.components(5)
    if (term.startsWith('MDC_EVT_') && TERM.test(term) && this.#alerts.length < MOST_ALERTS) {
      const event = TERM.test(name) ? name : term
      this.#alerts.push({ equipment, event, source: '', facets: [] })
      return
    }
    const alert = this.#alerts.at(-1)
    if (alert === undefined) return
    // The device may stand beside any facet.
    if (alert.equipment.name === '') alert.equipment = equipment
    if (term === 'MDC_ATTR_ALERT_SOURCE' && TERM.test(name)) alert.source = name
    const isKnown = FACETS[term]?.includes(value) ?? false
    if (isKnown && alert.facets.length < MOST_FACETS) alert.facets.push(value)
  }

  *facts(): Generator<Fact> {
    for (const { equipment, event, source, facets } of this.#alerts) {
      const words = [event, source, ...facets].filter((word) => word !== '').join(' ')
      const { name, subject } = equipment
      yield* factOf(subject, 'hl7.alarm', name === '' ? words : `${name} | ${words}`)
    }
  }
}
