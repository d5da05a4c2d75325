import type { MedicalRule, OwnershipRule } from '@wardkeeper/core'
import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface RuleSets {
  readonly medical: readonly MedicalRule[]
  readonly ownership: readonly OwnershipRule[]
}
export type RuleKind = keyof RuleSets

export interface RuleSetInfo {
  readonly by: string
  readonly reason: string
  readonly since: number
}

/** The rules of a site, and who wrote them; those of the content where it wrote none. */
export async function readRules(
  db: Executor,
  siteId: string,
  content: RuleSets,
): Promise<RuleSets & { readonly info: Readonly<Partial<Record<RuleKind, RuleSetInfo>>> }> {
  const rows = await db
    .selectFrom('rule_sets')
    .select(['kind', 'rules', 'by_name', 'reason', 'since'])
    .where('site_id', '=', siteId)
    .where('ended_at', 'is', null)
    .execute()
  const own = Object.fromEntries(rows.map(({ kind, rules }) => [kind, rules])) as Partial<RuleSets>
  const info = rows.map((row) => [
    row.kind,
    { by: row.by_name, reason: row.reason, since: row.since },
  ])
  const { medical, ownership } = { ...content, ...own }
  return {
    medical,
    ownership,
    info: Object.fromEntries(info) as Partial<Record<RuleKind, RuleSetInfo>>,
  }
}

/** Ends the rules before and puts these in their place. */
export async function replaceRules(
  trx: Trx,
  siteId: string,
  kind: RuleKind,
  rules: RuleSets[RuleKind],
  author: { readonly by: string; readonly reason: string },
  now: number,
): Promise<void> {
  const since = toDatabaseTime(now)
  await trx
    .updateTable('rule_sets')
    .set({ ended_at: since })
    .where('site_id', '=', siteId)
    .where('kind', '=', kind)
    .where('ended_at', 'is', null)
    .execute()
  await trx
    .insertInto('rule_sets')
    .values({
      id: newId(),
      site_id: siteId,
      kind,
      rules: toJson(rules),
      reason: author.reason,
      by_name: author.by,
      since,
    })
    .execute()
}

/** How many devices nobody answers for, by type: the queue of the unowned. */
export async function countUnowned(db: Executor, siteId: string, today: string) {
  const { rows } = await sql<{ type: string | null; count: number }>`
    select type, count(*) as count from assets
    where site_id = ${siteId} and merged_into is null and owner is null
      and (accountable is null or ownership_until < ${today}::date) and state not in ('retired', 'disposed')
    group by type order by count desc, type`.execute(db)
  return rows
}
