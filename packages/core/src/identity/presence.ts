import type { AssetState, Claim, KeyLink } from '../vocabulary.ts'
import type { Standing } from './identify.ts'

/** How long a device may say nothing. */
export interface QuietTimes {
  readonly quietAfterMinutes: number
  readonly missingAfterHours: number
}

export interface PresenceSettings {
  readonly default: QuietTimes
  /** By clinical category. */
  readonly byCategory: Readonly<Record<string, QuietTimes>>
}

export const PRESENCE_KINDS = [
  'joined',
  'returned',
  'left',
  'moved',
  'address-changed',
  'class-changed',
] as const
export type PresenceKind = (typeof PRESENCE_KINDS)[number]

/** A sensor that saw the device; times in milliseconds since 1970. */
export interface Watcher {
  readonly name: string
  /** True while it reports and loses nothing. */
  readonly isSeeing: boolean
  /** Its newest frame of whichever device. */
  readonly lastFrame: number
}

export interface Presence {
  readonly state: AssetState
  /** Why a device that was not seen is not called gone. */
  readonly reason: string | undefined
}

const MINUTE = 60_000

/** Quiet and missing times of a category, in milliseconds. */
export function quietTimesOf(
  { default: usual, byCategory }: PresenceSettings,
  category: string | undefined,
): { readonly quiet: number; readonly missing: number } {
  const own =
    category !== undefined && Object.hasOwn(byCategory, category) ? byCategory[category] : undefined
  const { quietAfterMinutes, missingAfterHours } = own ?? usual
  return { quiet: quietAfterMinutes * MINUTE, missing: missingAfterHours * 60 * MINUTE }
}

/** The longest silence in ms after which a device of some kind is called quiet. */
export function longestQuietOf({ default: usual, byCategory }: PresenceSettings): number {
  const minutes = [usual, ...Object.values(byCategory)].map((times) => times.quietAfterMinutes)
  return Math.max(...minutes) * MINUTE
}

/**
 * Is a device that was not seen for a while gone? Only a sensor that saw it before and sees others since can tell:
 * where none does, the device keeps its state and the reason is said.
 */
export function judgePresence(
  asset: {
    readonly state: AssetState
    readonly lastSeen: number
    readonly category: string | undefined
  },
  watchers: readonly Watcher[],
  settings: PresenceSettings,
  now: number,
): Presence {
  const { quiet, missing } = quietTimesOf(settings, asset.category)
  const silence = now - asset.lastSeen
  if (silence < quiet || (asset.state !== 'active' && asset.state !== 'quiet'))
    return { state: asset.state, reason: undefined }
  const isWatched = watchers.some(
    ({ isSeeing, lastFrame }) => isSeeing && lastFrame >= asset.lastSeen + quiet,
  )
  if (!isWatched) return { state: asset.state, reason: blindReason(watchers) }
  return { state: silence < missing ? 'quiet' : 'missing', reason: undefined }
}

function blindReason(watchers: readonly Watcher[]): string {
  const [first] = watchers
  if (first === undefined) return 'No sensor that could see it is known.'
  const names = watchers.map(({ name }) => name).join(', ')
  const blind = watchers.every(({ isSeeing }) => !isSeeing)
  return blind
    ? `Not seen, but nobody looks: ${names} is silent, loses frames or has ended.`
    : `Not seen, but ${names} sees no other device since.`
}

export interface AddressChange {
  readonly assetId: string
  readonly kind: 'moved' | 'address-changed'
  readonly time: number
  readonly detail: string
}

/** Devices that hold another IPv4 address than before; one in another network of 256 addresses has moved. */
export function findAddressChanges(
  before: readonly KeyLink[],
  linked: readonly KeyLink[],
): readonly AddressChange[] {
  const old = Map.groupBy(
    before.filter(({ kind, until }) => kind === 'ip' && until === undefined),
    ({ assetId }) => assetId,
  )
  return linked.flatMap(({ kind, key, assetId, since, until }) => {
    if (kind !== 'ip' || until !== undefined || key.split(':').length > 2) return []
    const addresses = (old.get(assetId) ?? []).map((link) => link.key.slice('ip:'.length))
    const ip = key.slice('ip:'.length)
    const last = addresses.findLast((address) => !address.includes(':'))
    if (last === undefined || addresses.includes(ip)) return []
    const isNear = networkOf(last) === networkOf(ip)
    const change = isNear ? 'address-changed' : 'moved'
    return [{ assetId, kind: change, time: since, detail: `${last} > ${ip}` }]
  })
}

function networkOf(ip: string): string {
  return ip.slice(0, ip.lastIndexOf('.'))
}

/**
 * What a device was and is now, where it became another kind of device: `category infusion, now computing`. Undefined
 * where nothing was or is claimed: what becomes known, or is no longer, is no change.
 */
export function classChangeOf(before: Standing, claims: readonly Claim[]): string | undefined {
  const changes = (['category', 'type'] as const).flatMap((attribute) => {
    const [was, is] = [before[attribute], claims.find((one) => one.attribute === attribute)?.value]
    return was === undefined || is === undefined || was === is
      ? []
      : [`${attribute} ${was}, now ${is}`]
  })
  return changes.length === 0 ? undefined : changes.join('; ')
}
