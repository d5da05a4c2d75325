import {
  judgePresence,
  quietTimesOf,
  type AssetState,
  type PresenceSettings,
  type Watcher,
} from '@wardkeeper/core'
import { tellChange } from '../store/changes.ts'
import type { Db, Trx } from '../store/database.ts'
import {
  addPresence,
  excuseSilent,
  findSilent,
  forgetExcuses,
  loadWatchers,
  savePresence,
  type Silent,
} from '../store/presence.ts'
import { repeat } from './repeat.ts'

/** Often enough that who fell silent is told within five seconds. */
const LOOK_EVERY_MS = 2000

/** While no sensor sees, nobody waits for the sentence that says so, and to look for whom it holds goes over all devices. */
const EXCUSE_EVERY_MS = 30_000

/** Looks who has fallen silent, again and again until it is stopped. */
export function watchPresence(
  db: Db,
  settings: PresenceSettings,
  onFailure: (error: unknown) => void,
): { stop(): Promise<void> } {
  let seeing: ReadonlySet<string> = new Set()
  let excused = 0
  const look = async () => {
    const now = Date.now()
    const isExcusing = now - excused >= EXCUSE_EVERY_MS
    if (isExcusing) excused = now
    seeing = await lookForSilent(db, settings, now, { before: seeing, isExcusing })
  }
  return repeat(look, LOOK_EVERY_MS, onFailure)
}

const NOBODY_LOOKS = 'Not seen, but nobody looks: no sensor is running now.'

/** A sensor without a frame for so long is no witness. */
const IDLE_MS = 60_000

/**
 * Calls devices quiet or missing that were not seen for long, or says why nobody can tell. Answers with the sensors that
 * see now; when one has come to those of before, whoever was excused is judged anew.
 */
export async function lookForSilent(
  db: Db,
  settings: PresenceSettings,
  now: number,
  {
    before = new Set(),
    isExcusing = true,
  }: { readonly before?: ReadonlySet<string>; readonly isExcusing?: boolean } = {},
): Promise<ReadonlySet<string>> {
  const limits = Object.fromEntries([
    ['', quietTimesOf(settings, undefined)],
    ...Object.keys(settings.byCategory).map(
      (name) => [name, quietTimesOf(settings, name)] as const,
    ),
  ])
  const sensors = await loadWatchers(db, now)
  if (!sensors.some(({ isSeeing }) => isSeeing)) {
    if (isExcusing) await excuseSilent(db, limits, NOBODY_LOOKS, now)
    return new Set()
  }
  const able = sensors.filter(({ isSeeing, lastFrame }) => isSeeing && lastFrame > now - IDLE_MS)
  const seeing = new Set(able.map(({ siteId, id }) => `${siteId} ${id}`))
  if ([...seeing].some((sensor) => !before.has(sensor))) await forgetExcuses(db)
  await db.transaction().execute(async (trx) => {
    for (const asset of await findSilent(trx, limits, now)) {
      const watchers = sensors.filter(
        ({ id, siteId }) => siteId === asset.site_id && asset.sensors.includes(id),
      )
      await judge(trx, asset, watchers, settings, now)
    }
  })
  return seeing
}

async function judge(
  trx: Trx,
  asset: Silent,
  watchers: readonly Watcher[],
  settings: PresenceSettings,
  now: number,
): Promise<void> {
  const known = { state: asset.state as AssetState, category: asset.category ?? undefined }
  const { state, reason } = judgePresence(
    { ...known, lastSeen: asset.last_seen },
    watchers,
    settings,
    now,
  )
  await savePresence(trx, { id: asset.id, state, reason })
  if (asset.state === 'active' && state !== 'active') {
    const detail = `Not seen since, by ${watchers.map(({ name }) => name).join(', ')}`
    await addPresence(trx, asset.site_id, [
      { assetId: asset.id, kind: 'left', time: asset.last_seen, detail },
    ])
  }
  await tellChange(trx, 'asset.changed', asset.site_id, [asset.id])
}
