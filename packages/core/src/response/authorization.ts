import { productOf, wordsOf } from '../identity/label.ts'
import type { Authorization, Technician, WorkOrderKind } from '../vocabulary.ts'

/** What an authorization is held against. */
export interface AuthorizedDevice {
  readonly manufacturer?: string | undefined
  readonly model?: string | undefined
  readonly type?: string | undefined
  readonly siteId: string
  readonly label: string
}

/** Work that changes nothing on the device: leave to inspect is enough. */
const LOOKING_ONLY: readonly WorkOrderKind[] = ['inspection', 'information']

const DAY = 86_400_000

/**
 * Reasons why a technician may not do this work on this device; none when they may.
 * Dates count whole days in UTC, the first and the last included.
 */
export function checkAuthorization(
  technician: Technician,
  device: AuthorizedDevice,
  kind: WorkOrderKind,
  now: number,
): readonly string[] {
  const { name, authorizations } = technician
  if (authorizations.length === 0) return [`${name} holds no authorization.`]
  const fitting = authorizations.filter((one) => fits(one, device))
  if (fitting.length === 0) return [whyNoneFits(technician, device)]
  const missing = fitting.map((one) => whyNot(one, technician, device, kind, now))
  if (missing.some((reason) => reason === undefined)) return []
  return [...new Set(missing.filter((reason) => reason !== undefined))]
}

/** The technicians who may do this work on all of these devices. */
export function findAuthorized(
  technicians: readonly Technician[],
  devices: readonly AuthorizedDevice[],
  kind: WorkOrderKind,
  now: number,
): readonly Technician[] {
  return technicians.filter((technician) =>
    devices.every((device) => checkAuthorization(technician, device, kind, now).length === 0),
  )
}

function fits(authorization: Authorization, device: AuthorizedDevice): boolean {
  return (
    covers(authorization.manufacturer, device.manufacturer) &&
    covers(authorization.model, device.model) &&
    covers(authorization.type, device.type)
  )
}

/** `*` covers anything, also what is not known; `Alaris*` covers what begins so; else the same word. */
function covers(pattern: string, value: string | undefined): boolean {
  const wanted = fold(pattern)
  if (wanted === '*') return true
  if (value === undefined) return false
  return wanted.endsWith('*') ? fold(value).startsWith(wanted.slice(0, -1)) : fold(value) === wanted
}

function fold(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}

function whyNot(
  authorization: Authorization,
  { name }: Technician,
  device: AuthorizedDevice,
  kind: WorkOrderKind,
  now: number,
): string | undefined {
  const { siteId, level, from, until } = authorization
  const scope = scopeOf(authorization)
  if (!covers(siteId, device.siteId)) {
    return `${name} is authorised for ${scope} at site ${siteId}, and ${device.label} is at site ${device.siteId}.`
  }
  if (level === 'inspect' && !LOOKING_ONLY.includes(kind)) {
    return `${name} may inspect ${scope} but not service it, and ${kind} work is service.`
  }
  if (!(now >= Date.parse(from))) return `${name}'s authorization for ${scope} starts on ${from}.`
  if (!(now < Date.parse(until) + DAY)) {
    return `${name}'s authorization for ${scope} ended on ${until}.`
  }
  return undefined
}

function whyNoneFits({ name, authorizations }: Technician, device: AuthorizedDevice): string {
  const held = [...new Set(authorizations.map(scopeOf))].join(', ')
  return `${name} is not authorised for ${describe(device)}, only for ${held}.`
}

function describe(device: AuthorizedDevice): string {
  const { manufacturer, model, label } = device
  if (model !== undefined) return productOf(manufacturer, model)
  return manufacturer ?? `${label}, whose maker and model are not known`
}

function scopeOf({ manufacturer, model, type }: Authorization): string {
  const what = model === '*' ? wordsOf(type === '*' ? 'device' : type) : model
  const some = model === '*' ? 'any ' : ''
  const maker = manufacturer === '*' ? (some === '' ? 'any ' : '') : `${manufacturer} `
  const only = model === '*' || type === '*' ? '' : ` (${wordsOf(type)})`
  return `${some}${maker}${what}${only}`
}
