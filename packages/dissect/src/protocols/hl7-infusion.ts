import type { Fact, FactSubject } from '../dissector.ts'
import { factOf } from '../printable.ts'
import type { Segment } from './hl7-segment.ts'

const MOST_DEVICES = 32
const NUMBER = /^-?\d{1,9}(?:\.\d{1,6})?$/
const UNIT = /^[A-Za-z%[\]{}0-9/.*-]{1,20}$/
/** Words of a pump for its state: `pump-status-infusing`, `pump-stopped-user`. */
const WORD = /^pump-[a-z0-9 -]{1,60}$/
const EVENT = /^MDC_EVT_[A-Z0-9_]{1,80}$/

/**
 * Observations of an infusion by their term, with both spellings that are in use (IHE DEV IPEC, RTM). The patient's
 * weight and surface, which stand among them, are not.
 */
const PART: Readonly<Record<string, keyof Infusion>> = {
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
}

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

/** Puts together what the observations of one message say of each pump's infusion (IHE DEV PCD-01 and PCD-10). */
export class InfusionReader {
  readonly #pumps = new Map<string, { subject: FactSubject; infusion: Infusion }>()

  /** `device` names the pump, as its identifier does; `subject` is whom facts about it are about. */
  observe(observation: Segment, device: string, subject: FactSubject): void {
    const part = PART[observation.components(3)[1] ?? '']
    const value = part === undefined ? undefined : valueOf(observation, part)
    if (part === undefined || value === undefined) return
    let pump = this.#pumps.get(device)
    if (pump === undefined) {
      if (this.#pumps.size >= MOST_DEVICES) return
      pump = { subject, infusion: {} }
      this.#pumps.set(device, pump)
    }
    // Of two rates the one that comes first is the present one; the other is the programmed one.
    pump.infusion[part] ??= value
  }

  *facts(): Generator<Fact> {
    for (const [device, { subject, infusion }] of this.#pumps) {
      for (const [part, field] of FIELDS) yield* factOf(subject, field, infusion[part])
      const { drug, rate, status, delivery, event } = infusion
      const parts = [drug, rate, status ?? delivery, event].filter((text) => text !== undefined)
      if (device !== '' && parts.length > 0) {
        yield* factOf(subject, 'hl7.infusion', [device, ...parts].join(' | '))
      }
    }
  }
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
