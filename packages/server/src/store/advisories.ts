import { BUNDLED_FEED, type Advisory, type CpeConfiguration } from '@wardkeeper/core'
import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'

/**
 * Keeps new and revised advisories; answers with their ids. An older revision changes nothing. What the product
 * brought along belongs to the first feed that tells it too.
 */
export async function saveAdvisories(
  trx: Trx,
  advisories: readonly Advisory[],
  feedId: string = BUNDLED_FEED,
): Promise<readonly string[]> {
  const changed: string[] = []
  await keepRevisions(trx, advisories)
  for (let start = 0; start < advisories.length; start += 500) {
    const rows = advisories.slice(start, start + 500).map((advisory) => ({
      id: advisory.id,
      kind: advisory.kind,
      source: advisory.source,
      revision: advisory.revision,
      published: advisory.published,
      revised: advisory.updated,
      body: toJson(advisory),
      feed_id: feedId,
    }))
    const saved = await trx
      .insertInto('advisories')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet((row) => ({
            kind: row.ref('excluded.kind'),
            source: row.ref('excluded.source'),
            revision: row.ref('excluded.revision'),
            published: row.ref('excluded.published'),
            revised: row.ref('excluded.revised'),
            body: row.ref('excluded.body'),
          }))
          .where(
            sql<boolean>`excluded.revised >= advisories.revised and excluded.body <> advisories.body`,
          ),
      )
      .returning('id')
      .execute()
    changed.push(...saved.map(({ id }) => id))
    await takeOver(
      trx,
      rows.map(({ id }) => id),
      feedId,
    )
  }
  return changed
}

async function takeOver(trx: Trx, ids: readonly string[], feedId: string): Promise<void> {
  if (feedId === BUNDLED_FEED) return
  await trx
    .updateTable('advisories')
    .set({ feed_id: feedId })
    .where('id', 'in', ids)
    .where('feed_id', '=', BUNDLED_FEED)
    .execute()
}

/** What an advisory said before is kept when a newer revision comes. */
async function keepRevisions(trx: Trx, advisories: readonly Advisory[]): Promise<void> {
  for (let start = 0; start < advisories.length; start += 500) {
    const chunk = advisories.slice(start, start + 500)
    const ids = chunk.map(({ id }) => id)
    const revised = chunk.map(({ updated }) => updated)
    const bodies = chunk.map((one) => toJson(one))
    await sql`
      insert into advisory_revisions (id, advisory_id, revision, revised, body, recorded)
      select gen_random_uuid(), old.id, old.revision, old.revised, old.body, now()
      from unnest(${ids}::text[], ${revised}::date[], ${bodies}::jsonb[]) as new (id, revised, body)
      join advisories old on old.id = new.id
      where new.revised >= old.revised and new.body <> old.body`.execute(trx)
  }
}

/** A source took them back: they are kept, and matched no longer. */
export async function withdrawAdvisories(trx: Trx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await trx
    .updateTable('advisories')
    .set({ withdrawn: sql<string>`now()` })
    .where('id', 'in', ids)
    .where('withdrawn', 'is', null)
    .execute()
}

const IN_MEMORY = ['csaf', 'recall'] as const

/** Advisories and recalls that stand. CVEs are too many for this: see `streamConfigurations`. */
export async function loadAdvisories(db: Executor): Promise<readonly Advisory[]> {
  const rows = await db
    .selectFrom('advisories')
    .select('body')
    .where('kind', 'in', IN_MEMORY)
    .where('withdrawn', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(({ body }) => body as Advisory)
}

export async function readAdvisoryBodies(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Advisory>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('advisories')
    .select(['id', 'body'])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, body }) => [id, body as Advisory]))
}

const PER_PAGE = 10_000

/** CPE configurations of all CVEs that stand, page by page, so that they are never all in memory. */
export async function streamConfigurations(
  db: Executor,
  take: (cve: string, configurations: readonly CpeConfiguration[]) => void,
): Promise<void> {
  for (let after = ''; ;) {
    const { rows } = await sql<{ id: string; configurations: readonly CpeConfiguration[] | null }>`
      select id, body -> 'configurations' as configurations from advisories
      where kind = 'cve' and withdrawn is null and id > ${after} order by id limit ${PER_PAGE}`.execute(
      db,
    )
    for (const { id, configurations } of rows) if (configurations !== null) take(id, configurations)
    const last = rows.at(-1)
    if (last === undefined || rows.length < PER_PAGE) return
    after = last.id
  }
}

/** CVEs that are known to be exploited (KEV). */
export async function loadExploited(db: Executor): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('exploit_signals')
    .select('cve')
    .where('kev_added', 'is not', null)
    .execute()
  return new Set(rows.map(({ cve }) => cve))
}

/** One advisory as it is kept, with its former revisions and the verdicts of its findings. */
export async function readAdvisory(db: Executor, sites: readonly string[] | undefined, id: string) {
  const row = await db
    .selectFrom('advisories')
    .select([
      'id',
      'kind',
      'source',
      'revision',
      'published',
      'revised',
      'withdrawn',
      'body',
      'feed_id',
    ])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const revisions = await db
    .selectFrom('advisory_revisions')
    .select(['revision', 'revised', 'recorded'])
    .where('advisory_id', '=', id)
    .orderBy('recorded', 'desc')
    .limit(50)
    .execute()
  const verdicts = await db
    .selectFrom('findings')
    .select(['verdict', ({ fn }) => fn.countAll<string>().as('count')])
    .where('subject', '=', id)
    .where('kind', '=', 'advisory')
    .$if(sites !== undefined, (query) => query.where('site_id', 'in', sites ?? []))
    .groupBy('verdict')
    .execute()
  return { ...row, body: row.body as Advisory, revisions, verdicts }
}

/** The day that the newest data of the feeds describes; undefined while none has run. */
export async function readFeedDay(db: Executor): Promise<string | undefined> {
  const { rows } = await sql<{ day: string | null }>`
    select to_char(max(data_date), 'YYYY-MM-DD') as day from feeds where last_success_at is not null`.execute(
    db,
  )
  return rows[0]?.day ?? undefined
}
