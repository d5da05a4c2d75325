import {
  firstMatch,
  type MedicalRule,
  type OwnershipRule,
  type RuleFacts,
  type Vocabulary,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import { actAs } from './act-as.ts'
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

interface RuledAsset {
  readonly id: string
  readonly label: string
  readonly hostname: string | null
  readonly type: string | null
  readonly category: string | null
  readonly manufacturer: string | null
  readonly model: string | null
  readonly os: string | null
  readonly unit: string | null
  readonly room: string | null
  readonly owner: string | null
  readonly tags: readonly string[]
  readonly is_connected: boolean
  readonly medical: 'yes' | 'no' | null
  readonly accountable: string | null
}

export interface Judged {
  readonly asset: RuledAsset
  readonly medical: MedicalRule | undefined
  readonly ownership: OwnershipRule | undefined
}

const CHUNK = 5000

/** What rules say of the devices of a site, some at a time; nothing is written. */
export async function* judgeAssets(
  db: Executor,
  siteId: string,
  ids: readonly string[] | undefined,
  rules: RuleSets,
  vocabulary: Vocabulary,
  today: string,
): AsyncGenerator<readonly Judged[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await sql<RuledAsset>`
      select id, label, hostname, type, category, manufacturer, model, os, unit, room, owner, tags, is_connected,
        medical, accountable
      from assets where site_id = ${siteId} and merged_into is null and id > ${after}
        and ${ids === undefined ? sql`true` : sql`id = any(${ids}::uuid[])`}
      order by id limit ${CHUNK}`.execute(db)
    yield rows.map((asset) => {
      const facts = factsOf(asset, vocabulary)
      return {
        asset,
        medical: firstMatch(rules.medical, facts, today),
        ownership: firstMatch(rules.ownership, facts, today),
      }
    })
    const last = rows.at(-1)
    if (last === undefined || rows.length < CHUNK) return
    after = last.id
  }
}

function factsOf(asset: RuledAsset, { types, categories }: Vocabulary): RuleFacts {
  const type = asset.type === null ? undefined : types.get(asset.type)
  const category = asset.category === null ? undefined : categories.get(asset.category)
  const list = (...values: (string | null)[]) => values.filter((value) => value !== null)
  const yesNo = (value: boolean | undefined) => (value === undefined ? [] : [value ? 'yes' : 'no'])
  return {
    type: list(asset.type),
    category: list(asset.category),
    manufacturer: list(asset.manufacturer),
    model: list(asset.model),
    os: list(asset.os),
    name: list(asset.label, asset.hostname),
    unit: list(asset.unit),
    room: list(asset.room),
    tag: asset.tags,
    regulated: yesNo(type?.isRegulated),
    clinical: yesNo(category?.isClinical),
    lifeSupport: yesNo(type?.isLifeSupport),
    connected: yesNo(asset.is_connected),
  }
}

/** Writes what the rules say of these devices, or of all of a site; answers with how many changed. */
export async function applyRules(
  trx: Trx,
  siteId: string,
  ids: readonly string[] | undefined,
  rules: RuleSets,
  { vocabulary, today, by }: { vocabulary: Vocabulary; today: string; by: string },
): Promise<number> {
  if (ids?.length === 0) return 0
  await actAs(trx, { by, cause: 'rule' })
  let changed = 0
  for await (const judged of judgeAssets(trx, siteId, ids, rules, vocabulary, today)) {
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
    changed += Number(numAffectedRows ?? 0)
  }
  return changed
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
