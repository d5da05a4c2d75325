import type { Advisory, Patch } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from './database.ts'

const LIMIT = 200

export interface PatchEntry {
  readonly body: Patch
  readonly devices: number
  readonly findings: number
}

/** The patch register with what each entry would end here; `sites` undefined: all of them. */
export async function listPatches(
  db: Executor,
  sites: readonly string[] | undefined,
  q: string | undefined,
): Promise<{ readonly items: readonly PatchEntry[]; readonly total: number }> {
  const like = `%${(q ?? '').toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  const all = sites === undefined
  const { rows } = await sql<PatchEntry & { total: number }>`
    select body, devices, findings, count(*) over () as total from (
      select patches.body, patches.id, patches.validated,
        (select count(*) from assets where merged_into is null and (${all} or site_id = any(${sites ?? []}))
          and lower(assets.manufacturer) = lower(patches.manufacturer) and lower(assets.model) = lower(patches.model)
        )::int as devices,
        (select count(*) from findings join assets on assets.id = findings.asset_id
          where (${all} or findings.site_id = any(${sites ?? []})) and findings.state in ('open', 'in-progress')
          and lower(assets.manufacturer) = lower(patches.manufacturer) and lower(assets.model) = lower(patches.model)
          and (findings.cves && patches.cves or findings.subject = any(patches.advisories)))::int as findings
      from patches
      where withdrawn is null and lower(concat_ws(' ', manufacturer, model, source, body->>'reference',
        array_to_string(cves, ' '), array_to_string(advisories, ' '))) like ${like}
    ) found
    order by findings desc, (validated is not null) desc, validated desc, id
    limit ${LIMIT}`.execute(db)
  return { items: rows, total: Number(rows[0]?.total ?? 0) }
}

export interface RecallEntry {
  readonly body: Advisory
  readonly affected: number
  readonly possible: number
  readonly tasks: readonly {
    readonly findingId: string
    readonly assetId: string
    readonly device: string
    readonly missing: string
  }[]
}

/** Recalls with the devices here that they touch, most of them first. */
export async function listRecalls(
  db: Executor,
  sites: readonly string[] | undefined,
  { q, matched }: { readonly q?: string | undefined; readonly matched: 'here' | 'all' },
): Promise<{ readonly items: readonly RecallEntry[]; readonly total: number }> {
  const like = `%${(q ?? '').toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
  const all = sites === undefined
  const { rows } = await sql<RecallEntry & { total: number }>`
    with here as (
      select findings.subject, findings.id, findings.asset_id, findings.verdict, findings.missing, assets.label
      from findings join assets on assets.id = findings.asset_id
      where findings.kind = 'advisory' and findings.state in ('open', 'in-progress', 'accepted')
        and (${all} or findings.site_id = any(${sites ?? []}))
    )
    select body, affected, possible, tasks, count(*) over () as total from (
      select advisories.body, advisories.published, advisories.id,
        (select count(*) from here where subject = advisories.id and verdict = 'affected')::int as affected,
        (select count(*) from here where subject = advisories.id
          and verdict in ('possibly-affected', 'disputed', 'unknown'))::int as possible,
        coalesce((select jsonb_agg(jsonb_build_object('findingId', task.id, 'assetId', task.asset_id,
          'device', task.label, 'missing', task.missing)) from (select * from here
          where subject = advisories.id and missing is not null order by label, id limit 20) task), '[]') as tasks
      from advisories
      where kind = 'recall' and lower(concat_ws(' ', id, body->'recall'->>'firm',
        body->'products'->0->>'product', body->'products'->0->>'leaf')) like ${like}
    ) found
    where ${matched === 'all'} or affected + possible > 0
    order by affected desc, possible desc, published desc, id
    limit ${LIMIT}`.execute(db)
  return { items: rows, total: Number(rows[0]?.total ?? 0) }
}

export async function listMds2Forms(db: Executor) {
  return await db
    .selectFrom('mds2_forms')
    .select('body')
    .where('withdrawn', 'is', null)
    .orderBy('manufacturer')
    .orderBy('id')
    .limit(500)
    .execute()
}
