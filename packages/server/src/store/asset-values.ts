import {
  ATTRIBUTES,
  labelOf,
  weaveClaims,
  type Attribute,
  type DeclaredDevice,
  type Precedence,
  type SetValue,
  type ValueSource,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import type { SeenAsset } from './assets.ts'
import type { Executor, Trx } from './database.ts'
import { recordsOfAssets } from './declared-records.ts'
import { openDisputes } from './identity-decisions.ts'

/** The order of sources at a site: the default, with what the site set itself. */
export async function loadPrecedence(
  db: Executor,
  siteId: string,
  standard: Precedence,
): Promise<Precedence> {
  const rows = await db
    .selectFrom('precedence_rules')
    .select(['attribute', 'sources'])
    .where('site_id', '=', siteId)
    .execute()
  return {
    ...standard,
    ...Object.fromEntries(
      rows.map((row) => [row.attribute, row.sources as readonly ValueSource[]]),
    ),
  }
}

type Values = ReadonlyMap<Attribute, readonly SetValue[]>

/** What one record says of what a device is. */
export function valuesOfRecord(
  source: string,
  time: number,
  body: DeclaredDevice,
): ReadonlyMap<Attribute, readonly SetValue[]> {
  return new Map(
    ATTRIBUTES.flatMap((attribute) => {
      const value = body[attribute]
      if (value === undefined) return []
      return [[attribute, [{ source: 'declared' as const, value, time, by: `record:${source}` }]]]
    }),
  )
}

/** What records and people say of each asset, beside what was observed. */
export async function loadSetValues(
  db: Executor,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, Values>> {
  if (assetIds.length === 0) return new Map()
  const records = await recordsOfAssets(db, assetIds)
  const accepted = await sql<{
    asset_id: string
    attribute: string
    value: string
    is_locked: boolean
    time: number
    by_name: string
  }>`
    select asset_id, attribute, value, is_locked, since as time, by_name from accepted_values
    where asset_id = any(${assetIds}::uuid[]) and until is null`.execute(db)
  const values = new Map<string, Map<Attribute, SetValue[]>>()
  const add = (assetId: string, attribute: Attribute, value: SetValue) => {
    const byAttribute = values.get(assetId) ?? new Map<Attribute, SetValue[]>()
    values.set(assetId, byAttribute)
    byAttribute.set(attribute, [...(byAttribute.get(attribute) ?? []), value])
  }
  for (const [id, own] of records) {
    for (const { source, since, body } of own) {
      for (const [attribute, said] of valuesOfRecord(source, since, body as DeclaredDevice))
        for (const value of said) add(id, attribute, value)
    }
  }
  for (const {
    asset_id: id,
    attribute,
    value,
    is_locked: isLocked,
    time,
    by_name: by,
  } of accepted.rows) {
    const known = ATTRIBUTES.find((one) => one === attribute)
    if (known !== undefined)
      add(id, known, { source: isLocked ? 'locked' : 'accepted', value, time, by })
  }
  for (const { asset_id: id, attribute, value, since: time, by_name: by } of await openDisputes(
    db,
    assetIds,
  )) {
    const known = ATTRIBUTES.find((one) => one === attribute)
    if (known !== undefined) add(id, known, { source: 'disputed', value, time, by })
  }
  return values
}

/** Puts what is declared and accepted into what the wire tells, by precedence. */
export async function weaveDeclared(
  trx: Trx,
  siteId: string,
  seen: readonly SeenAsset[],
  standard: Precedence,
): Promise<readonly SeenAsset[]> {
  const values = await loadSetValues(
    trx,
    seen.map(({ id }) => id),
  )
  if (values.size === 0) return seen
  const precedence = await loadPrecedence(trx, siteId, standard)
  return seen.map((asset) => {
    const set = values.get(asset.id)
    if (set === undefined) return asset
    const claims = weaveClaims(asset.claims, set, precedence)
    return { ...asset, claims, label: labelOf(claims, asset.names, asset.ips, asset.macs) }
  })
}

/** Accepts or locks a value; the one before ends. */
export async function acceptValue(
  trx: Trx,
  accepted: {
    readonly id: string
    readonly siteId: string
    readonly assetId: string
    readonly attribute: string
    readonly value: string
    readonly isLocked: boolean
    readonly by: string
    readonly reason: string
    readonly time: string
  },
): Promise<void> {
  await trx
    .updateTable('accepted_values')
    .set({ until: accepted.time })
    .where('asset_id', '=', accepted.assetId)
    .where('attribute', '=', accepted.attribute)
    .where('until', 'is', null)
    .execute()
  await trx
    .insertInto('accepted_values')
    .values({
      id: accepted.id,
      site_id: accepted.siteId,
      asset_id: accepted.assetId,
      attribute: accepted.attribute,
      value: accepted.value,
      is_locked: accepted.isLocked,
      by_name: accepted.by,
      reason: accepted.reason,
      since: accepted.time,
    })
    .execute()
}
