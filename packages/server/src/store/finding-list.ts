import type { FindingKind } from '@wardkeeper/core'
import { sql, type RawBuilder } from 'kysely'
import type { Executor, Trx } from './database.ts'
import type { FindingRecord } from './findings.ts'
import {
  anywhere,
  inSites,
  oneOf,
  readPage,
  type ListQuery,
  type ListSource,
  type Page,
} from './keyset.ts'
import { addUpRows } from './summed-rows.ts'

export interface FindingFilter {
  readonly verdict?: readonly string[] | undefined
  readonly severity?: readonly string[] | undefined
  readonly state?: readonly string[] | undefined
  readonly kind?: readonly string[] | undefined
  readonly assetId?: string | undefined
  readonly subject?: string | undefined
  readonly remedy?: string | undefined
  /** Feeds that are too old to clear a device: what they cleared is unknown. */
  readonly staleFeeds?: readonly string[] | undefined
}

/** A finding with what the lists show beside it. */
export type FindingEntry = FindingRecord & {
  readonly asset: string
  readonly unit: string | null
  readonly link: string | null
  /** Feed that the advisory came from. */
  readonly feed_id: string | null
  readonly decision: {
    readonly by: string
    readonly approvedBy: string | null
    readonly reason: string
    readonly until: string | null
    readonly time: string
  } | null
}

const COLUMNS = sql`findings.*, assets.label as asset, assets.unit, advisories.body ->> 'link' as link, advisories.feed_id, (
  select json_build_object('by', p.username, 'approvedBy', a.username, 'reason', d.reason, 'until', d.until,
    'time', coalesce(d.approved_at, d.proposed_at))
  from finding_decisions d join users p on p.id = d.proposed_by left join users a on a.id = d.approved_by
  where d.finding_id = findings.id and d.ended_at is null) as decision`
const TABLES = sql`findings join assets on assets.id = findings.asset_id
  left join advisories on findings.kind = 'advisory' and advisories.id = findings.subject`

const SORTS: ListSource['sorts'] = {
  severity: { expression: sql`findings.severity_rank`, type: 'bigint' },
  opened: { expression: sql`findings.opened`, type: 'timestamptz' },
  asset: { expression: sql`assets.label`, type: 'text' },
  subject: { expression: sql`findings.subject`, type: 'text' },
  verdict: { expression: sql`findings.verdict`, type: 'text' },
}

type Sites = readonly string[] | undefined

export function listFindings(
  db: Executor,
  sites: Sites,
  query: ListQuery & FindingFilter,
): Promise<Page<FindingEntry>> {
  return readPage<FindingEntry>(
    db,
    {
      select: COLUMNS,
      from: TABLES,
      where: filtersOf(sites, query),
      id: sql`findings.id`,
      sorts: SORTS,
      defaultSort: '-severity',
    },
    query,
  )
}

function filtersOf(sites: Sites, query: ListQuery & FindingFilter): RawBuilder<unknown>[] {
  return [
    ...inSites(sql`findings.site_id`, sites),
    ...oneOf(shownVerdict(query.staleFeeds ?? []), query.verdict),
    ...oneOf(sql`findings.severity`, query.severity),
    ...oneOf(sql`findings.state`, query.state),
    ...oneOf(sql`findings.kind`, query.kind),
    ...(query.assetId ? [sql`findings.asset_id = ${query.assetId}`] : []),
    ...(query.subject ? [sql`findings.subject = ${query.subject}`] : []),
    ...(query.remedy ? [sql`findings.remedy = ${query.remedy}`] : []),
    ...(query.q
      ? [
          sql`lower(concat_ws(' ', findings.subject, assets.label, findings.because, array_to_string(findings.cves, ' ')))
            like ${anywhere(query.q)}`,
        ]
      : []),
  ]
}

/** As `verdictToShow` of core says it. */
function shownVerdict(staleFeeds: readonly string[]): RawBuilder<unknown> {
  if (staleFeeds.length === 0) return sql`findings.verdict`
  return sql`case when findings.verdict = 'not-affected' and advisories.feed_id = any(${[...staleFeeds]}::text[])
    then 'unknown' else findings.verdict end`
}

export async function readFindingEntry(
  db: Executor,
  sites: Sites,
  id: string,
): Promise<FindingEntry | undefined> {
  const where = [sql`findings.id = ${id}`, ...inSites(sql`findings.site_id`, sites)]
  const { rows } = await sql<FindingEntry>`
    select ${COLUMNS} from ${TABLES} where ${sql.join(where, sql` and `)}`.execute(db)
  return rows[0]
}

export interface RemedyGroup {
  readonly remedy: string
  readonly subject: string
  readonly kind: FindingKind
  readonly severity: 'critical' | 'high' | 'medium' | 'low'
  readonly affected: number
  readonly possiblyAffected: number
}

/** Open findings by what would end them, the worst and most frequent first. Read from the counts, not from findings. */
export async function groupByRemedy(
  db: Executor,
  sites: Sites,
  limit: number,
): Promise<readonly RemedyGroup[]> {
  const where = [sql`true`, ...inSites(sql`site_id`, sites)]
  const { rows } = await sql<RemedyGroup>`
    select remedy, min(subject) as subject, min(kind) as kind,
      (array_agg(severity order by severity_rank(severity) desc))[1] as severity,
      coalesce(sum(count) filter (where verdict = 'affected'), 0)::bigint as affected,
      coalesce(sum(count) filter (where verdict not in ('affected', 'not-affected')), 0)::bigint as "possiblyAffected"
    from (
      select remedy, subject, kind, severity, verdict, sum(count) as count
      from finding_counts where ${sql.join(where, sql` and `)}
      group by remedy, subject, kind, severity, verdict having sum(count) > 0
    ) as open
    group by remedy order by max(severity_rank(severity)) desc, sum(count) desc, remedy limit ${limit}`.execute(
    db,
  )
  return rows
}

/** Makes one row of all counts of the same findings. */
export async function addUpFindingCounts(trx: Trx): Promise<void> {
  const columns = ['site_id', 'remedy', 'kind', 'subject', 'severity', 'verdict']
  const sums = { columns, lock: 4_780_012, enough: 2000, marksSums: true }
  await addUpRows(trx, { table: 'finding_counts', ...sums })
}

const PER_READ = 5000

/** Every finding, page by page in the order of ids. */
export async function* streamFindings(
  db: Executor,
  sites: Sites,
): AsyncGenerator<readonly FindingEntry[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const where = [sql`findings.id > ${after}`, ...inSites(sql`findings.site_id`, sites)]
    const { rows } = await sql<FindingEntry>`
      select ${COLUMNS} from ${TABLES} where ${sql.join(where, sql` and `)}
      order by findings.id limit ${PER_READ}`.execute(db)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < PER_READ) return
    after = last.id
  }
}
