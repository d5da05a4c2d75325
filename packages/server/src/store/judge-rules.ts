import {
  datesOf,
  firstMatch,
  isDated,
  nextChange,
  type ImportField,
  type MedicalRule,
  type OwnershipRule,
  type RuleFacts,
  type Vocabulary,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from './database.ts'
import type { RuleSets } from './rules.ts'
import { LAST_SEEN, NEVER } from './sights.ts'

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
  readonly warranty_until: string | null
  readonly last_seen: string | null
  readonly maintenance_due: string | null
  readonly end_of_support: string | null
}

export interface Judged {
  readonly asset: RuledAsset
  readonly medical: MedicalRule | undefined
  readonly ownership: OwnershipRule | undefined
  /** When time alone can change it. */
  readonly next: string | undefined
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
  const dates = datesOf([...rules.medical, ...rules.ownership])
  const isTimed = isDated([...rules.medical, ...rules.ownership])
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await sql<RuledAsset>`
      select id, label, hostname, type, category, manufacturer, model, os, unit, room, owner, tags, is_connected,
        medical, accountable, warranty_until::text as warranty_until,
        ${dates.has('lastSeen') ? LAST_SEEN_DAY : sql`null`} as last_seen,
        ${dates.has('maintenanceDue') ? MAINTENANCE_DUE : sql`null`} as maintenance_due,
        ${dates.has('endOfSupport') ? END_OF_SUPPORT : sql`null`} as end_of_support
      from assets where site_id = ${siteId} and merged_into is null and id > ${after}
        and ${ids === undefined ? sql`true` : sql`id = any(${ids}::uuid[])`}
      order by id limit ${CHUNK}`.execute(db)
    yield rows.map((asset) => {
      const facts = factsOf(asset, vocabulary)
      return {
        asset,
        medical: firstMatch(rules.medical, facts, today),
        ownership: firstMatch(rules.ownership, facts, today),
        next: isTimed ? nextOf(rules, facts, today) : undefined,
      }
    })
    const last = rows.at(-1)
    if (last === undefined || rows.length < CHUNK) return
    after = last.id
  }
}

const LAST_SEEN_DAY = sql`to_char(nullif(${LAST_SEEN}, ${NEVER}), 'YYYY-MM-DD')`
/** The earliest of its schedules; where it has none, of the records that name a date. */
const MAINTENANCE_DUE = sql`coalesce(
  (select min(e.next_due) from dossier_entries e where e.asset_id = assets.id and e.kind = 'schedule' and e.ended_at is null)::text,
  ${earliestOf('nextPm')})`
const END_OF_SUPPORT = earliestOf('endOfSupport')

/** Records are written by others: what no calendar has is no date. */
function earliestOf(field: ImportField) {
  return sql`(select min(r.body ->> ${sql.lit(field)}) from declared_records r where r.asset_id = assets.id and r.until is null
    and r.body ->> ${sql.lit(field)} ~ '^\\d{4}-\\d\\d-\\d\\d$' and pg_input_is_valid(r.body ->> ${sql.lit(field)}, 'date'))`
}

function nextOf(rules: RuleSets, facts: RuleFacts, today: string): string | undefined {
  const days = [rules.medical, rules.ownership].flatMap(
    (set) => nextChange(set, facts, today) ?? [],
  )
  return days.toSorted()[0]
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
    warrantyUntil: list(asset.warranty_until),
    maintenanceDue: list(asset.maintenance_due),
    endOfSupport: list(asset.end_of_support),
    lastSeen: asset.is_connected ? list(asset.last_seen) : [],
  }
}
