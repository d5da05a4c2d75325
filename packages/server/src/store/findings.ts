import type {
  Evidence,
  Finding,
  FindingChange,
  FindingState,
  Ground,
  Severity,
  Verdict,
  VexStatement,
} from '@wardkeeper/core'
import { sql, type RawBuilder, type Selectable } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseText, toDatabaseTime, toDatabaseTimeOrNull } from './time.ts'
import { newId } from './uuid.ts'

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
    .where((where) => where('asset_id', '=', where.fn.any(where.val([...assetIds]))))
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

const PER_STATEMENT = 2000

/** What a finding is of never changes. */
const FIXED = {
  id: 'uuid',
  site_id: 'text',
  asset_id: 'uuid',
  kind: 'text',
  subject: 'text',
} as const
const CHANGING = {
  verdict: 'text',
  severity: 'text',
  state: 'text',
  cves: 'text[]',
  is_known_exploited: 'boolean',
  because: 'text',
  missing: 'text',
  evidence: 'jsonb',
  grounds: 'jsonb',
  statements: 'jsonb',
  remedy: 'text',
  opened: 'timestamptz',
  closed: 'timestamptz',
} as const

type Column = keyof typeof FIXED | keyof typeof CHANGING
const TYPES: Readonly<Record<Column, string>> = { ...FIXED, ...CHANGING }
const COLUMNS = Object.keys(TYPES) as readonly Column[]
const NAMES = sql.raw(COLUMNS.join(', '))
/** An array cannot hold arrays of unequal length, and JSON in it is text until it is taken out. */
const READ = sql.raw(
  COLUMNS.map((name) => (isNested(name) ? `${name}::${TYPES[name]}` : name)).join(', '),
)
const RENEW = sql.raw(
  Object.keys(CHANGING)
    .map((name) => `${name} = excluded.${name}`)
    .join(', '),
)

function isNested(name: Column): boolean {
  return TYPES[name] === 'jsonb' || TYPES[name] === 'text[]'
}

type IsExploited = (finding: Finding) => boolean

/** Writes new findings. `isExploited` answers for known exploited vulnerabilities. */
export function addFindings(
  trx: Trx,
  siteId: string,
  findings: readonly Finding[],
  isExploited: IsExploited,
): Promise<void> {
  return write(trx, siteId, findings, isExploited, sql``)
}

/** Writes findings as the rules left them, new ones too. */
export function saveFindings(
  trx: Trx,
  siteId: string,
  findings: readonly Finding[],
  isExploited: IsExploited,
): Promise<void> {
  return write(trx, siteId, findings, isExploited, sql`on conflict (id) do update set ${RENEW}`)
}

/** A parameter is a column of thousands of rows: one for each field costs the server more than the rows. */
async function write(
  trx: Trx,
  siteId: string,
  findings: readonly Finding[],
  isExploited: IsExploited,
  otherwise: RawBuilder<unknown>,
): Promise<void> {
  // The findings of a device rest on one list of evidence, and most of them open at one moment.
  const texts = { json: rememberLast(toJson), time: rememberLast(toDatabaseTime) }
  for (let start = 0; start < findings.length; start += PER_STATEMENT) {
    const rows = findings
      .slice(start, start + PER_STATEMENT)
      .map((one) => rowOf(siteId, one, isExploited(one), texts))
    const columns = COLUMNS.map((name) => {
      const type = sql.raw(isNested(name) ? 'text' : TYPES[name])
      return sql`${rows.map((row) => row[name])}::${type}[]`
    })
    await sql`
      insert into findings (${NAMES}) select ${READ} from unnest(${sql.join(columns)}) as row (${NAMES}) ${otherwise}`.execute(
      trx,
    )
  }
}

/** Does its work once for the same value one after the other. */
function rememberLast<Value, Result>(work: (value: Value) => Result): (value: Value) => Result {
  let last: { readonly value: Value; readonly result: Result } | undefined
  return (value) => {
    if (last === undefined || last.value !== value) last = { value, result: work(value) }
    return last.result
  }
}

interface Texts {
  readonly json: (value: unknown) => string
  readonly time: (ms: number) => string
}

function rowOf(siteId: string, finding: Finding, isExploited: boolean, texts: Texts) {
  return {
    id: finding.id,
    site_id: siteId,
    asset_id: finding.assetId,
    kind: finding.kind,
    subject: finding.subject,
    verdict: finding.verdict,
    severity: finding.severity,
    state: finding.state,
    cves: arrayText(finding.cves),
    is_known_exploited: isExploited,
    because: toDatabaseText(finding.because),
    missing: finding.missing ?? null,
    evidence: texts.json(finding.evidence),
    grounds: toJson(finding.grounds ?? []),
    statements: finding.statements === undefined ? '[]' : toJson(finding.statements),
    remedy: finding.remedy,
    opened: texts.time(finding.opened),
    closed: toDatabaseTimeOrNull(finding.closed),
  } satisfies Record<Column, unknown>
}

/** A list as PostgreSQL writes it. */
function arrayText(items: readonly string[]): string {
  return `{${items.map((one) => `"${one.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
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
    ...withAny('grounds', row.grounds as readonly Ground[]),
    ...withAny('statements', row.statements as readonly VexStatement[]),
    remedy: row.remedy,
    opened: row.opened,
    closed: row.closed ?? undefined,
  }
}

function withAny<Key extends string, Item>(key: Key, items: readonly Item[]) {
  return items.length === 0 ? {} : ({ [key]: items } as Record<Key, readonly Item[]>)
}

/** Writes down what became of findings; a line is never changed afterwards. */
export async function saveHistory(
  trx: Trx,
  siteId: string,
  changes: readonly FindingChange[],
): Promise<void> {
  for (let start = 0; start < changes.length; start += PER_STATEMENT) {
    const some = changes.slice(start, start + PER_STATEMENT)
    await sql`
      insert into finding_history (id, site_id, finding_id, time, what, reason)
      select id, ${siteId}, finding_id, time, what, reason from unnest(
        ${some.map(() => newId())}::uuid[], ${some.map(({ findingId }) => findingId)}::uuid[],
        ${some.map(({ time }) => toDatabaseTime(time))}::timestamptz[], ${some.map(({ what }) => what)}::text[],
        ${some.map(({ reason }) => toDatabaseText(reason))}::text[]) as row (id, finding_id, time, what, reason)`.execute(
      trx,
    )
  }
}

/** What became of a finding, the latest first. */
export async function readHistory(db: Executor, findingId: string) {
  return await db
    .selectFrom('finding_history')
    .select(['time', 'what', 'reason'])
    .where('finding_id', '=', findingId)
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
}

/**
 * Assets that advisories concern: those that `isMeant` says by maker and model, and those with a finding of theirs. Twins
 * come side by side, as what advisories say of one is then at hand for the next.
 */
export async function listConcerned(
  trx: Trx,
  advisoryIds: readonly string[],
  isMeant: (manufacturer: string | null, model: string | null) => boolean,
): Promise<readonly { readonly id: string; readonly siteId: string }[]> {
  const models = await trx
    .selectFrom('assets')
    .select(['manufacturer', 'model'])
    .distinct()
    .where('merged_into', 'is', null)
    .execute()
  const meant = models.filter(({ manufacturer, model }) => isMeant(manufacturer, model))
  const { rows } = await sql<{ id: string; siteId: string }>`
    select id, site_id as "siteId" from assets
    where merged_into is null and (
      (coalesce(manufacturer, ''), coalesce(model, '')) in (
        select * from unnest(${meant.map((one) => one.manufacturer ?? '')}::text[], ${meant.map((one) => one.model ?? '')}::text[]))
      or id in (select asset_id from findings where subject = any(${[...advisoryIds]}::text[])))
    order by manufacturer, model, id`.execute(trx)
  return rows
}
