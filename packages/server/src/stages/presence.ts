import { setTimeout as wait } from 'node:timers/promises'
import {
  judgePresence,
  quietTimesOf,
  type AssetState,
  type PresenceSettings,
} from '@wardkeeper/core'
import { tellChange } from '../store/changes.ts'
import type { Db } from '../store/database.ts'
import { addPresence, findSilent, loadWatchers, savePresence } from '../store/presence.ts'

/** Often enough that who fell silent is told within five seconds. */
const LOOK_EVERY_MS = 2000

/** Looks who has fallen silent, again and again until it is stopped. */
export function watchPresence(
  db: Db,
  settings: PresenceSettings,
  onFailure: (error: unknown) => void,
): { stop(): Promise<void> } {
  const end = new AbortController()
  const run = async () => {
    while (!end.signal.aborted) {
      await lookForSilent(db, settings, Date.now()).catch(onFailure)
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

/** Calls devices quiet or missing that were not seen for long, or says why nobody can tell. */
export async function lookForSilent(
  db: Db,
  settings: PresenceSettings,
  now: number,
): Promise<void> {
  const names = Object.keys(settings.byCategory)
  const limits = Object.fromEntries([
    ['', quietTimesOf(settings, undefined)],
    ...names.map((name) => [name, quietTimesOf(settings, name)] as const),
  ])
  await db.transaction().execute(async (trx) => {
    const silent = await findSilent(trx, limits, now)
    if (silent.length === 0) return
    const sensors = await loadWatchers(trx, now)
    for (const asset of silent) {
      const watchers = sensors.filter(
        ({ id, siteId }) => siteId === asset.site_id && asset.sensors.includes(id),
      )
      const before = { state: asset.state as AssetState, category: asset.category ?? undefined }
      const { state, reason } = judgePresence(
        { ...before, lastSeen: asset.last_seen },
        watchers,
        settings,
        now,
      )
      if (state === asset.state && reason === (asset.presence_reason ?? undefined)) continue
      await savePresence(trx, { id: asset.id, state, reason })
      if (asset.state === 'active' && state !== 'active') {
        const detail = `Not seen since, by ${watchers.map(({ name }) => name).join(', ')}`
        await addPresence(trx, asset.site_id, [
          { assetId: asset.id, kind: 'left', time: asset.last_seen, detail },
        ])
      }
      await tellChange(trx, 'asset.changed', asset.site_id, [asset.id])
    }
  })
}
