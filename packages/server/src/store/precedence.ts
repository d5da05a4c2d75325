import {
  observedValue,
  orderOf,
  standingValue,
  type Attribute,
  type Precedence,
  type SetValue,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import { loadPrecedence, loadSetValues } from './asset-values.ts'
import type { Executor, Trx } from './database.ts'
import { loadClaims } from './claims.ts'

export interface PrecedenceChange {
  readonly assetId: string
  readonly label: string
  readonly attribute: string
  readonly before: string | undefined
  readonly after: string | undefined
}

const PAGE = 1000

/** Which assets would show another value if the order of sources of an attribute were this one. */
export async function changesOf(
  db: Executor,
  siteId: string,
  standard: Precedence,
  rule: { readonly attribute: string; readonly sources: Precedence[string] },
): Promise<readonly PrecedenceChange[]> {
  const before = await loadPrecedence(db, siteId, standard)
  const after: Precedence = { ...before, [rule.attribute]: rule.sources }
  const changes: PrecedenceChange[] = []
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql<{ id: string; label: string }>`
      select a.id, a.label from assets a where a.site_id = ${siteId} and a.merged_into is null and a.id > ${last} and (
        exists (select from declared_records d where d.asset_id = a.id and d.until is null)
        or exists (select from accepted_values v where v.asset_id = a.id and v.until is null)) order by a.id limit ${PAGE}`.execute(
      db,
    )
    if (rows.length === 0) return changes
    const ids = rows.map(({ id }) => id)
    const [values, claims] = [await loadSetValues(db, ids), await loadClaims(db, ids)]
    for (const { id, label } of rows) {
      for (const [attribute, set] of values.get(id) ?? new Map<Attribute, readonly SetValue[]>()) {
        if (orderOf(before, attribute) === orderOf(after, attribute)) continue
        const seen = observedValue(claims.get(id) ?? [], attribute, 0)
        const value = (order: Precedence) =>
          standingValue(attribute, set, seen !== undefined, order)?.value ?? seen
        if (value(before) !== value(after))
          changes.push({
            assetId: id,
            label,
            attribute,
            before: value(before),
            after: value(after),
          })
      }
    }
    last = ids.at(-1) ?? last
  }
}

export async function savePrecedence(
  trx: Trx,
  siteId: string,
  rule: { readonly attribute: string; readonly sources: readonly string[]; readonly by: string },
): Promise<void> {
  await trx
    .insertInto('precedence_rules')
    .values({ site_id: siteId, attribute: rule.attribute, sources: rule.sources, by_name: rule.by })
    .onConflict((conflict) =>
      conflict
        .columns(['site_id', 'attribute'])
        .doUpdateSet({ sources: rule.sources, by_name: rule.by }),
    )
    .execute()
}
