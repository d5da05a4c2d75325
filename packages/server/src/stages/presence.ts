import { setTimeout as wait } from 'node:timers/promises'
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
  const end = new AbortController()
  let seeing: ReadonlySet<string> = new Set()
  let excused = 0
  const run = async () => {
    while (!end.signal.aborted) {
      const now = Date.now()
      const isExcusing = now - excused >= EXCUSE_EVERY_MS
      if (isExcusing) excused = now
      const options = { before: seeing, isExcusing }
      seeing = await lookForSilent(db, settings, now, options).catch((error: unknown) => {
        onFailure(error)
        return seeing
      })
      await wait(LOOK_EVERY_MS, undefined, { signal: end.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    async stop() {
      end.abort()
      await running
    },
  }
}

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
  return await db.transaction().execute(async (trx) => {
    const sensors = await loadWatchers(trx, now)
    const able = sensors.filter(({ isSeeing, lastFrame }) => isSeeing && lastFrame > now - IDLE_MS)
    const seeing = new Set(able.map(({ siteId, id }) => `${siteId} ${id}`))
    if (!sensors.some(({ isSeeing }) => isSeeing)) {
      if (isExcusing)
        await excuseSilent(
          trx,
          limits,
          'Not seen, but nobody looks: no sensor is running now.',
          now,
        )
      return seeing
    }
    if ([...seeing].some((sensor) => !before.has(sensor))) await forgetExcuses(trx)
    for (const asset of await findSilent(trx, limits, now)) {
      const watchers = sensors.filter(
        ({ id, siteId }) => siteId === asset.site_id && asset.sensors.includes(id),
      )
      await judge(trx, asset, watchers, settings, now)
    }
    return seeing
  })
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
