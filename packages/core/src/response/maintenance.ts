import { productOf } from '../identity/label.ts'
import type { WorkOrder } from '../vocabulary.ts'
import type { AuthorizedDevice } from './authorization.ts'

/** Which preventive maintenance becomes a work order by itself. */
export interface MaintenanceSettings {
  readonly isOn: boolean
  /** So many days before it is due the order is opened. */
  readonly leadDays: number
  readonly mostDevices: number
  /** Also the dates that imported records name. */
  readonly withRecords: boolean
}

/** One device whose maintenance is due. */
export interface DueMaintenance extends AuthorizedDevice {
  readonly assetId: string
  /** Schedule or record that says so. */
  readonly origin: string
  readonly name: string
  /** ISO date. */
  readonly due: string
  readonly unit?: string | undefined
  readonly isLifeSupport: boolean
}

const DAY = 86_400_000
const UNOBSERVABLE =
  'Whether maintenance was done is not to be seen on the network: it counts as done when it is written down for each device.'

/** Devices that one person does in one round: one task, model, unit and month. */
export function batchOf({ name, manufacturer, model, type, unit, due }: DueMaintenance): string {
  return [name, manufacturer, model, type, unit, due.slice(0, 7)]
    .map((part) => (part ?? '').trim().toLowerCase())
    .join('\n')
}

export interface Batch<Item> {
  readonly key: string
  readonly items: readonly Item[]
}

/** What goes into one order each: batches, the earliest due first, none longer than `most`. */
export function batchesOf<Item extends DueMaintenance>(
  due: readonly Item[],
  most: number,
): readonly Batch<Item>[] {
  const byDate = due.toSorted((a, b) => compare(a.due, b.due) || compare(a.label, b.label))
  return [...Map.groupBy(byDate, batchOf)].flatMap(([key, items]) =>
    Array.from({ length: Math.ceil(items.length / most) }, (_, at) => ({
      key,
      items: items.slice(at * most, (at + 1) * most),
    })),
  )
}

/** The order for a batch; of the same batch, with more devices, again when some join. */
export function orderForMaintenance(
  items: readonly DueMaintenance[],
  now: number,
  id: string,
): WorkOrder {
  return {
    id,
    number: 0,
    kind: 'preventive',
    title: titleOf(items),
    state: 'ready',
    severity: items.some(({ isLifeSupport }) => isLifeSupport) ? 'medium' : 'low',
    assetIds: [...new Set(items.map(({ assetId }) => assetId))],
    incidentId: undefined,
    findingIds: [],
    expectation: { kind: 'none', reason: UNOBSERVABLE },
    technicianId: undefined,
    opened: now,
    due: endOfDay(items.map(({ due }) => due).toSorted(compare)[0]),
    done: undefined,
    resolution: undefined,
    verification: undefined,
  }
}

function titleOf(items: readonly DueMaintenance[]): string {
  const [first] = items
  if (first === undefined) return ''
  if (items.length === 1) return `${first.name} on ${first.label}`
  const { manufacturer, model, unit } = first
  const product = model === undefined ? manufacturer : productOf(manufacturer, model)
  const where = unit === undefined ? '' : `, ${unit}`
  return `${first.name}: ${items.length} devices${product === undefined ? '' : `, ${product}`}${where}`
}

function endOfDay(date: string | undefined): number | undefined {
  return date === undefined ? undefined : Date.parse(date) + DAY - 1
}

/** What became of the devices of an order, once none is open. */
export interface MaintenanceEnd {
  readonly recorded: number
  readonly lapsed: number
  /** Who wrote the last of it down, and when: `by Jo Diaz on 2026-11-20`. */
  readonly word: string | undefined
}

/**
 * Ends an order whose devices are all done or no longer due. The record of the maintenance is a named person's word,
 * so it closes the order also where nobody said before that they work on it.
 */
export function endMaintenance(order: WorkOrder, { recorded, lapsed, word }: MaintenanceEnd) {
  const gone =
    lapsed === 0 ? '' : `${sayDevices(lapsed)} no longer due (schedule ended, or retired).`
  if (recorded === 0) {
    return { ...order, state: 'cancelled', resolution: gone } satisfies WorkOrder
  }
  const said = `Maintenance is written down for ${sayDevices(recorded)}${word === undefined ? '' : `, the last ${word}`}.`
  const reason = [UNOBSERVABLE, said, gone].filter((part) => part !== '').join(' ')
  return {
    ...order,
    state: 'closed',
    verification: { reason, evidence: [] },
  } satisfies WorkOrder
}

function sayDevices(count: number): string {
  return count === 1 ? '1 device' : `${count} devices`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
