import { learnBehaviour, voteOn, type Vote } from '@wardkeeper/core'
import {
  lastTrained,
  loadExamples,
  loadHabits,
  saveTraining,
  saveVotes,
  unsureAssets,
} from '../store/behaviour-votes.ts'
import type { Db } from '../store/database.ts'
import { appendOutbox } from '../store/outbox.ts'
import { newId } from '../store/uuid.ts'

const EVERY_MS = 3_600_000
const PAGE = 500
const FIRST = '00000000-0000-0000-0000-000000000000'

/** Learns at every site from what it confirmed; once in a while, however often it is called. */
export async function learnSites(db: Db, now: number): Promise<void> {
  const sites = await db.selectFrom('sites').select('id').orderBy('id').execute()
  for (const { id } of sites) {
    const last = await lastTrained(db, id)
    if (last === undefined || last < now - EVERY_MS) await learnSite(db, id, now)
  }
}

/**
 * Learns from the confirmed devices of a site, votes on those that nobody and no fingerprint surely knows, and has
 * worked out again what each is of which the vote changed.
 */
export async function learnSite(db: Db, siteId: string, now: number): Promise<void> {
  const examples = await loadExamples(db, siteId, now)
  const model = learnBehaviour(examples)
  const types = (model?.classes ?? []).map(({ type, examples: count, right, told }) => ({
    type,
    examples: count,
    right,
    told,
  }))
  await db
    .transaction()
    .execute((trx) => saveTraining(trx, siteId, { examples: examples.length, types }, now))
  for (let after = FIRST; ;) {
    const ids = await unsureAssets(db, siteId, after, PAGE)
    const last = ids.at(-1)
    if (last === undefined) return
    after = last
    const votes = new Map<string, Vote>()
    if (model !== undefined) {
      for (const [id, habits] of await loadHabits(db, ids, now)) {
        const vote = voteOn(model, habits)
        if (vote !== undefined) votes.set(id, vote)
      }
    }
    await db.transaction().execute(async (trx) => {
      const changed = await saveVotes(trx, siteId, ids, votes, now)
      if (changed.length === 0) return
      const payload = { siteId, assetIds: changed }
      await appendOutbox(trx, [{ subject: 'asset.declared', id: `behaviour/${newId()}`, payload }])
    })
  }
}
