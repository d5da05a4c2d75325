import type { Evidence, Finding, FindingState, Severity, Verdict } from '@wardkeeper/core'
import type { Selectable } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseText, toDatabaseTime, toDatabaseTimeOrNull } from './time.ts'

export type FindingRecord = Selectable<Schema['findings']>

/** Every finding of these assets, also closed ones, locked: what a person decides meanwhile must not be written over. */
export async function lockFindingsOf(
  trx: Trx,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Finding[]>> {
  if (assetIds.length === 0) return new Map()
  const rows = await trx
    .selectFrom('findings')
    .selectAll()
    .where('asset_id', 'in', assetIds)
    .orderBy('id')
    .forUpdate()
    .execute()
  return Map.groupBy(rows.map(findingOf), ({ assetId }) => assetId)
}

/** Keeps others from changing a finding until the transaction ends. */
export async function lockFinding(trx: Trx, id: string): Promise<void> {
  await trx.selectFrom('findings').select('id').where('id', '=', id).forUpdate().execute()
}

/** What the network proved to be gone; a newer sight opens it again. */
export async function resolveFindings(
  trx: Trx,
  ids: readonly string[],
  because: string,
  now: number,
): Promise<void> {
  if (ids.length === 0) return
  const closed = { closed: toDatabaseTime(now), because: toDatabaseText(because) }
  await trx
    .updateTable('findings')
    .set({ state: 'resolved', verdict: 'not-affected', ...closed })
    .where('id', 'in', ids)
    .where('state', 'in', ['open', 'in-progress'])
    .execute()
}

export async function readFinding(db: Executor, id: string): Promise<FindingRecord | undefined> {
  return await db.selectFrom('findings').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Writes findings as the rules left them. `isExploited` answers for known exploited vulnerabilities. */
export async function saveFindings(
  trx: Trx,
  siteId: string,
  findings: readonly Finding[],
  isExploited: (finding: Finding) => boolean,
): Promise<void> {
  for (let start = 0; start < findings.length; start += 500) {
    await trx
      .insertInto('findings')
      .values(findings.slice(start, start + 500).map((one) => rowOf(siteId, one, isExploited(one))))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          verdict: row.ref('excluded.verdict'),
          severity: row.ref('excluded.severity'),
          state: row.ref('excluded.state'),
          cves: row.ref('excluded.cves'),
          is_known_exploited: row.ref('excluded.is_known_exploited'),
          because: row.ref('excluded.because'),
          missing: row.ref('excluded.missing'),
          evidence: row.ref('excluded.evidence'),
          remedy: row.ref('excluded.remedy'),
          opened: row.ref('excluded.opened'),
          closed: row.ref('excluded.closed'),
        })),
      )
      .execute()
  }
}

function rowOf(siteId: string, finding: Finding, isExploited: boolean) {
  return {
    id: finding.id,
    site_id: siteId,
    asset_id: finding.assetId,
    kind: finding.kind,
    subject: finding.subject,
    verdict: finding.verdict,
    severity: finding.severity,
    state: finding.state,
    cves: finding.cves,
    is_known_exploited: isExploited,
    because: toDatabaseText(finding.because),
    missing: finding.missing ?? null,
    evidence: toJson(finding.evidence),
    remedy: finding.remedy,
    opened: toDatabaseTime(finding.opened),
    closed: toDatabaseTimeOrNull(finding.closed),
  }
}

export function findingOf(row: FindingRecord): Finding {
  return {
    id: row.id,
    assetId: row.asset_id,
    kind: row.kind as Finding['kind'],
    subject: row.subject,
    verdict: row.verdict as Verdict,
    severity: row.severity as Severity,
    state: row.state as FindingState,
    cves: row.cves,
    because: row.because,
    ...(row.missing === null ? {} : { missing: row.missing }),
    evidence: row.evidence as readonly Evidence[],
    remedy: row.remedy,
    opened: row.opened,
    closed: row.closed ?? undefined,
  }
}
