import type { Fact } from '../dissector.ts'
import { factOf } from '../printable.ts'
import { table } from '../table.ts'
import { type Equipment, partOf } from './hl7-device.ts'
import type { Segment } from './hl7-segment.ts'

const MOST_CHANNELS = 32
const NUMBER = /^-?\d{1,9}(?:\.\d{1,6})?$/
const UNIT = /^[A-Za-z%[\]{}0-9/.*-]{1,20}$/
/** Words of a pump for its state: `pump-status-infusing`, `pump-stopped-user`. */
const WORD = /^pump-[a-z0-9 -]{1,60}$/
const EVENT = /^MDC_EVT_[A-Z0-9_]{1,80}$/

/**
 * Observations of an infusion by their term, with both spellings that are in use (IHE DEV IPEC, RTM). The patient's
 * weight and surface, which stand among them, are not.
 */
const PART = table<keyof Infusion>({
  MDC_ATTR_EVT_COND: 'event',
  MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS: 'delivery',
  MDC_DEV_PUMP_NOT_DELIVERING_REASON: 'reason',
  MDC_DEV_PUMP_PROGRAM_DELIVERY_MODE: 'mode',
  MDC_DRUG_NAME_LABEL: 'drug',
  MDC_DRUG_NAME_TYPE: 'drug',
  MDC_FLOW_FLUID_PUMP: 'rate',
  MDC_FLOW_FLUID_PUMP_CURRENT: 'rate',
  MDC_PUMP_CURRENT_DELIVERY_STATUS: 'delivery',
  MDC_PUMP_DRUG_LIBRARY_NAME: 'library',
  MDC_PUMP_DRUG_LIBRARY_VERSION: 'libraryVersion',
  MDC_PUMP_INFUSING_STATUS: 'status',
  MDC_PUMP_MODE: 'mode',
  MDC_PUMP_NOT_DELIVERING_REASON: 'reason',
  MDC_PUMP_PROGRAM_DELIVERY_MODE: 'mode',
  MDC_PUMP_STAT: 'status',
  MDC_RATE_DOSE: 'dose',
})

interface Infusion {
  drug?: string
  rate?: string
  dose?: string
  status?: string
  delivery?: string
  reason?: string
  mode?: string
  event?: string
  library?: string
  libraryVersion?: string
}

const FIELDS: readonly (readonly [keyof Infusion, string])[] = [
  ['drug', 'hl7.infusion-drug'],
  ['rate', 'hl7.infusion-rate'],
  ['dose', 'hl7.infusion-dose-rate'],
  ['status', 'hl7.infusion-status'],
  ['delivery', 'hl7.infusion-delivery'],
  ['reason', 'hl7.infusion-stopped'],
  ['mode', 'hl7.infusion-mode'],
  ['event', 'hl7.infusion-event'],
  ['library', 'hl7.infusion-library'],
  ['libraryVersion', 'hl7.infusion-library-version'],
]

/** One channel of a pump, or what is said of the pump as a whole. */
interface Channel {
  readonly equipment: Equipment
  /** Number of the part of the device; empty for the whole. */
  readonly part: string
  readonly infusion: Infusion
}

/** Puts together what the observations of one message say of the infusion of each channel (IHE DEV PCD-01 and PCD-10). */
export class InfusionReader {
  /** By the name of the device, then by the part. */
  readonly #pumps = new Map<string, Map<string, Channel>>()
  #count = 0

  observe(observation: Segment, equipment: Equipment): void {
    const kind = PART[observation.components(3)[1] ?? '']
    const value = kind === undefined ? undefined : valueOf(observation, kind)
    if (kind === undefined || value === undefined) return
    const channel = this.#channelOf(equipment, partOf(observation))
    // Of two rates the one that comes first is the present one; the other is the programmed one.
    if (channel !== undefined) channel.infusion[kind] ??= value
  }

  #channelOf(equipment: Equipment, part: string): Channel | undefined {
    const pump = this.#pumps.get(equipment.name)
    const known = pump?.get(part)
    if (known !== undefined || this.#count >= MOST_CHANNELS) return known
    this.#count++
    const channel = { equipment, part, infusion: {} }
    if (pump === undefined) this.#pumps.set(equipment.name, new Map([[part, channel]]))
    else pump.set(part, channel)
    return channel
  }

  *facts(): Generator<Fact> {
    for (const pump of this.#pumps.values()) {
      for (const channel of withWhole(pump)) yield* channelFacts(channel)
    }
  }
}

/** What is said of the pump as a whole is its only channel's; of several it is none's. */
function withWhole(pump: ReadonlyMap<string, Channel>): Iterable<Channel> {
  const whole = pump.get('')
  const channel = [...pump.values()].find(({ part }) => part !== '')
  if (pump.size !== 2 || whole === undefined || channel === undefined) return pump.values()
  return [{ ...channel, infusion: { ...whole.infusion, ...channel.infusion } }]
}

function* channelFacts({ equipment, part, infusion }: Channel): Generator<Fact> {
  const { name, subject } = equipment
  for (const [kind, field] of FIELDS) yield* factOf(subject, field, infusion[kind])
  const { drug, rate, status, delivery, event } = infusion
  const words = [drug, rate, status ?? delivery, event].filter((text) => text !== undefined)
  if (name === '' || words.length === 0) return
  const place = part === '' ? name : `${name} channel ${part}`
  yield* factOf(subject, 'hl7.infusion', [place, ...words].join(' | '))
}

function valueOf(observation: Segment, part: keyof Infusion): string | undefined {
  const [first = '', second = ''] = observation.components(5)
  if (part === 'rate' || part === 'dose') {
    if (!NUMBER.test(first)) return undefined
    const unit = unitOf(observation.components(6))
    return unit === '' ? first : `${first} ${unit}`
  }
  if (part === 'drug' || part === 'library' || part === 'libraryVersion') return first || second
  const kind = part === 'event' ? EVENT : WORD
  return [second, first].find((text) => kind.test(text))
}

/** A unit as people write it stands behind the nomenclature's own, or alone. */
function unitOf(units: readonly string[]): string {
  const text = units[3] || units[0] || ''
  return UNIT.test(text) && !/^\d+$/.test(text) ? text : ''
}
