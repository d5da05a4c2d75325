import { createHash } from 'node:crypto'
import { isDated, type Vocabulary } from '@wardkeeper/core'
import { sql } from 'kysely'
import { actAs } from './act-as.ts'
import { lockAssets } from './assets.ts'
import type { Executor, Trx } from './database.ts'
import { judgeAssets, type Judged } from './judge-rules.ts'
import type { RuleSets } from './rules.ts'

/**
 * Writes what the rules say of these devices, which the caller has locked (`lockAssets`), or of all of a site; answers with
 * how many changed.
 */
export async function applyRules(
  trx: Trx,
  siteId: string,
  ids: readonly string[] | undefined,
  rules: RuleSets,
  { vocabulary, today, by }: { vocabulary: Vocabulary; today: string; by: string },
): Promise<number> {
  if (ids?.length === 0) return 0
  await actAs(trx, { by, cause: 'rule' })
  if (ids === undefined) await noteRun(trx, siteId, rules)
  const isTimed = isDated([...rules.medical, ...rules.ownership])
  // Without a date in any rule there is nothing to keep, and messages by the thousand are spared the look.
  const keepsDates = isTimed || ids === undefined
  const lots = ids === undefined ? lockAllOf(trx, siteId) : [ids]
  let changed = 0
  for await (const lot of lots) {
    for await (const judged of judgeAssets(trx, siteId, lot, rules, vocabulary, today)) {
      if (keepsDates) await keepRuleDates(trx, siteId, judged)
      changed += await writeJudged(trx, judged)
    }
  }
  return changed
}

const LOCKED_AT_ONCE = 5000

/**
 * All devices of a site, some at a time in the order of ids, each locked before it is read: who changes one meanwhile has
 * written it down by then, and nobody judges it by what it was.
 */
async function* lockAllOf(trx: Trx, siteId: string): AsyncGenerator<readonly string[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await sql<{ id: string }>`
      select id from assets where site_id = ${siteId} and merged_into is null and id > ${after}
      order by id limit ${LOCKED_AT_ONCE} for no key update`.execute(trx)
    yield rows.map(({ id }) => id)
    const last = rows.at(-1)
    if (last === undefined || rows.length < LOCKED_AT_ONCE) return
    after = last.id
  }
}

async function writeJudged(trx: Trx, judged: readonly Judged[]): Promise<number> {
  const column = <Value>(valueOf: (one: Judged) => Value) => judged.map(valueOf)
  const { numAffectedRows } = await sql`
    update assets a set medical = r.medical, medical_rule = r.medical_rule, accountable = r.accountable,
      responsible = r.responsible, deputy = r.deputy, ownership_until = r.until, ownership_rule = r.ownership_rule
    from unnest(
      ${column(({ asset }) => asset.id)}::uuid[], ${column(({ medical }) => medical?.outcome.medical ?? null)}::text[],
      ${column(({ medical }) => medical?.name ?? null)}::text[],
      ${column(({ ownership }) => ownership?.outcome.accountable ?? null)}::text[],
      ${column(({ ownership }) => ownership?.outcome.responsible ?? null)}::text[],
      ${column(({ ownership }) => ownership?.outcome.deputy ?? null)}::text[],
      ${column(({ ownership }) => ownership?.outcome.until ?? null)}::date[],
      ${column(({ ownership }) => ownership?.name ?? null)}::text[]
    ) as r (id, medical, medical_rule, accountable, responsible, deputy, until, ownership_rule)
    where a.id = r.id and (a.medical, a.medical_rule, a.accountable, a.responsible, a.deputy, a.ownership_until,
      a.ownership_rule) is distinct from (r.medical, r.medical_rule, r.accountable, r.responsible, r.deputy, r.until,
      r.ownership_rule)`.execute(trx)
  return Number(numAffectedRows ?? 0)
}

/** Keeps when each of these devices is to be judged again, though nothing of it changes. */
async function keepRuleDates(trx: Trx, siteId: string, judged: readonly Judged[]): Promise<void> {
  const dated = judged.filter(({ next }) => next !== undefined)
  const others = judged.filter(({ next }) => next === undefined).map(({ asset }) => asset.id)
  await sql`delete from rule_dates where asset_id = any(${others}::uuid[])`.execute(trx)
  if (dated.length === 0) return
  await sql`
    insert into rule_dates (asset_id, site_id, next)
    select d.id, ${siteId}, d.next from unnest(${dated.map(({ asset }) => asset.id)}::uuid[],
      ${dated.map(({ next }) => next ?? '')}::date[]) as d (id, next) order by d.id
    on conflict (asset_id) do update set site_id = excluded.site_id, next = excluded.next
      where (rule_dates.site_id, rule_dates.next) is distinct from (excluded.site_id, excluded.next)`.execute(
    trx,
  )
}

/** Takes devices whose day has come, some of them; who holds the rules against them puts down the next. */
export async function takeDueForRules(
  trx: Trx,
  siteId: string,
  today: string,
  most: number,
): Promise<readonly string[]> {
  const due = await sql<{ asset_id: string }>`
    select asset_id from rule_dates where site_id = ${siteId} and next <= ${today}::date
    order by next, asset_id limit ${most}`.execute(trx)
  const ids = due.rows.map((row) => row.asset_id)
  await lockAssets(trx, ids)
  // One that a stage held until now has a new day.
  const { rows } = await sql<{ asset_id: string }>`
    delete from rule_dates where asset_id = any(${ids}::uuid[]) and next <= ${today}::date
    returning asset_id`.execute(trx)
  return rows.map((row) => row.asset_id)
}

/** Has these devices judged again with the next pass of the clock; where no rule asks for a date that costs one look. */
export async function judgeSoon(trx: Trx, assetIds: readonly string[]): Promise<void> {
  await sql`
    insert into rule_dates (asset_id, site_id, next)
    select id, site_id, '0001-01-01' from assets where id = any(${assetIds}::uuid[]) and merged_into is null order by id
    on conflict (asset_id) do update set next = excluded.next`.execute(trx)
}

/** Whether these rules were held against all devices of the site. */
export async function wereApplied(db: Executor, siteId: string, rules: RuleSets): Promise<boolean> {
  const row = await db
    .selectFrom('rule_runs')
    .select('digest')
    .where('site_id', '=', siteId)
    .executeTakeFirst()
  return row?.digest === digestOf(rules)
}

async function noteRun(trx: Trx, siteId: string, rules: RuleSets): Promise<void> {
  const digest = digestOf(rules)
  await trx
    .insertInto('rule_runs')
    .values({ site_id: siteId, digest })
    .onConflict((conflict) => conflict.column('site_id').doUpdateSet({ digest }))
    .execute()
}

function digestOf({ medical, ownership }: RuleSets): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted([medical, ownership])))
    .digest('hex')
}

/** The database gives the keys of an object in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  )
}
