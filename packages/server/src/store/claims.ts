import { isDeepStrictEqual } from 'node:util'
import type { Attribute, Claim, Evidence } from '@wardkeeper/core'
import { sql, type Selectable } from 'kysely'
import { moment, toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseText, toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

type CurrentClaims = ReadonlyMap<string, readonly (Claim & { readonly id: string })[]>

const READ = [
  'id',
  'asset_id',
  'attribute',
  'value',
  'confidence',
  'rule',
  'evidence',
  'against',
] as const

/** Current claims of each asset, strongest first. */
export async function loadClaims(
  db: Executor,
  assetIds: readonly string[],
): Promise<CurrentClaims> {
  if (assetIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('claims')
    .select(READ)
    .where((where) => where('asset_id', '=', where.fn.any(where.val([...assetIds]))))
    .where('valid_to', 'is', null)
    .orderBy('confidence', 'desc')
    .orderBy('attribute')
    .execute()
  return byAsset(rows)
}

export type ClaimedValue = Pick<Claim, 'attribute' | 'value'> & { readonly id: string }

/** What is claimed of each asset now, strongest first, without what it is known from: that is nine tenths of a claim. */
export async function loadClaimedValues(
  db: Executor,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ClaimedValue[]>> {
  if (assetIds.length === 0) return new Map()
  const { rows } = await sql<ClaimedValue & { asset_id: string }>`
    select id, asset_id, attribute, value from claims where asset_id = any(${[...assetIds]}::uuid[]) and valid_to is null
    order by confidence desc, attribute`.execute(db)
  return Map.groupBy(rows, (row) => row.asset_id)
}

/**
 * What these claims are known from. Also of such that ended meanwhile: a value has its own claim, so that evidence is always
 * that of the value it was asked for.
 */
export async function loadEvidence(
  db: Executor,
  claims: readonly ClaimedValue[],
): Promise<ReadonlyMap<string, readonly Evidence[]>> {
  if (claims.length === 0) return new Map()
  const { rows } = await sql<{ id: string; evidence: readonly Evidence[] }>`
    select id, evidence from claims where id = any(${claims.map(({ id }) => id)}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map(({ id, evidence }) => [id, evidence]))
}

/** The claims of one asset that were current at a moment. */
export async function loadClaimsAt(
  db: Executor,
  assetId: string,
  at: number,
): Promise<ReadonlyMap<string, readonly Claim[]>> {
  const rows = await db
    .selectFrom('claims')
    .select(READ)
    .where('asset_id', '=', assetId)
    .where('valid_from', '<=', moment(at))
    .where((where) => where.or([where('valid_to', 'is', null), where('valid_to', '>', moment(at))]))
    .orderBy('confidence', 'desc')
    .orderBy('attribute')
    .execute()
  return byAsset(rows)
}

function byAsset(rows: readonly Pick<Selectable<Schema['claims']>, (typeof READ)[number]>[]) {
  const claims = new Map<string, (Claim & { readonly id: string })[]>()
  for (const row of rows) {
    const claim = {
      id: row.id,
      attribute: row.attribute as Attribute,
      value: row.value,
      confidence: row.confidence,
      rule: row.rule,
      evidence: row.evidence as readonly Evidence[],
      against: row.against as readonly Evidence[],
    }
    const list = claims.get(row.asset_id)
    if (list) list.push(claim)
    else claims.set(row.asset_id, [claim])
  }
  return claims
}

/** Makes these the current claims; a value that changed ends the claim before (`known` where it was read) and begins a new one. */
export async function saveClaims(
  trx: Trx,
  siteId: string,
  wanted: ReadonlyMap<string, readonly Claim[]>,
  now: number,
  known?: CurrentClaims,
): Promise<void> {
  const before = known ?? (await loadClaims(trx, [...wanted.keys()]))
  const ended: string[] = []
  const rows = [...wanted].flatMap(([assetId, claims]) => {
    const old = new Map((before.get(assetId) ?? []).map((claim) => [claim.attribute, claim]))
    const kept = claims.flatMap((claim) => {
      const same = old.get(claim.attribute)
      const isSame = same?.value === toDatabaseText(claim.value)
      if (isSame) old.delete(claim.attribute)
      if (isSame && isUnchanged(same, claim)) return []
      return [{ ...claim, assetId, id: isSame ? same.id : newId() }]
    })
    ended.push(...[...old.values()].map(({ id }) => id))
    return kept
  })
  if (ended.length > 0) {
    await trx
      .updateTable('claims')
      .set({ valid_to: toDatabaseTime(now) })
      .where((where) => where('id', '=', where.fn.any(where.val(ended))))
      .execute()
  }
  for (let start = 0; start < rows.length; start += 1000) {
    await putClaims(trx, siteId, rows.slice(start, start + 1000), now)
  }
}

/** Most claims say at the second look what they said at the first: then nothing is written. */
function isUnchanged(before: Claim, now: Claim): boolean {
  return (
    Math.abs(before.confidence - now.confidence) < 1e-6 &&
    before.rule === now.rule &&
    isDeepStrictEqual(before.evidence, now.evidence) &&
    isDeepStrictEqual(before.against, now.against)
  )
}

async function putClaims(
  trx: Trx,
  siteId: string,
  rows: readonly (Claim & { readonly id: string; readonly assetId: string })[],
  now: number,
): Promise<void> {
  const told = rows.map((claim) => ({
    id: claim.id,
    asset_id: claim.assetId,
    attribute: claim.attribute,
    value: toDatabaseText(claim.value),
    confidence: claim.confidence,
    rule: claim.rule,
    evidence: claim.evidence,
    against: claim.against,
  }))
  await sql`
    insert into claims (id, site_id, asset_id, attribute, value, confidence, rule, evidence, against, valid_from)
    select r.id, ${siteId}, r.asset_id, r.attribute, r.value, r.confidence, r.rule, r.evidence, r.against, ${toDatabaseTime(now)}::timestamptz
    from jsonb_to_recordset(${toJson(told)}::jsonb) as r (id uuid, asset_id uuid, attribute text, value text, confidence real,
      rule text, evidence jsonb, against jsonb)
    on conflict (id) do update set confidence = excluded.confidence, rule = excluded.rule, evidence = excluded.evidence,
      against = excluded.against`.execute(trx)
}
