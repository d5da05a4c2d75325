import type { Content } from '../content/load.ts'
import { applyRules, takeDueForRules, wereApplied } from '../store/apply-rules.ts'
import { tellChange } from '../store/changes.ts'
import type { Db } from '../store/database.ts'
import { workOutDueDates } from '../store/due-dates.ts'
import { readRules } from '../store/rules.ts'

/** Each lot is a transaction; what is left after the last comes with the next pass, a minute later. */
const DEVICES_PER_LOT = 2000
const LOTS_PER_PASS = 10

/**
 * Holds the rules against devices of which time alone changed the answer: a warranty ended, an owner answers from today.
 * Only those whose day has come are read. All are, once, after the product brought other rules.
 */
export async function applyDatedRules(
  { db, content }: { readonly db: Db; readonly content: Content },
  now: number,
): Promise<void> {
  await db.transaction().execute((trx) => workOutDueDates(trx))
  const sites = await db.selectFrom('sites').select('id').orderBy('id').execute()
  for (const { id } of sites) await applyAtSite(db, id, content, now)
}

async function applyAtSite(
  db: Db,
  siteId: string,
  { knowledge: { vocabulary }, rules: content }: Content,
  now: number,
): Promise<void> {
  const today = new Date(now).toISOString().slice(0, 10)
  const say = { vocabulary, today, by: 'rules' }
  for (let lot = 0; lot < LOTS_PER_PASS; lot++) {
    const isDone = await db.transaction().execute(async (trx) => {
      // Asked first: who held some of a site could not take all of it in the one order.
      const areApplied = await wereApplied(trx, siteId, await readRules(trx, siteId, content))
      const ids = areApplied
        ? await takeDueForRules(trx, siteId, today, DEVICES_PER_LOT)
        : undefined
      // Once they are held: whoever put other rules into force has written them down by then.
      const rules = await readRules(trx, siteId, content)
      const changed = await applyRules(trx, siteId, ids, rules, say)
      if (changed > 0) await tellChange(trx, 'asset.changed', siteId, ids ?? ['*'])
      return ids !== undefined && ids.length < DEVICES_PER_LOT
    })
    if (isDone) return
  }
}
