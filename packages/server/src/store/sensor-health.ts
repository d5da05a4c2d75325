import type { HealthIssue } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from './database.ts'
import { isSilent, listSensors } from './sensors.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

const keyOf = ({ code, scope }: { code: string; scope: string }) => `${code} ${scope}`

/** Opens what is new, ends what is over, and keeps the share of what goes on. Answers whether anything changed. */
export async function saveHealth(
  db: Executor,
  { siteId, sensor }: { readonly siteId: string; readonly sensor: string },
  issues: readonly HealthIssue[],
  now: number,
): Promise<boolean> {
  const open = await db
    .selectFrom('sensor_health')
    .select(['id', 'code', 'scope'])
    .where('sensor', '=', sensor)
    .where('until', 'is', null)
    .execute()
  const known = new Map(open.map((row) => [keyOf(row), row.id]))
  const still = new Set(issues.map(keyOf))
  const ended = open.filter((row) => !still.has(keyOf(row))).map(({ id }) => id)
  const fresh = issues.filter((issue) => !known.has(keyOf(issue)))
  const at = toDatabaseTime(now)
  if (ended.length > 0) {
    await db.updateTable('sensor_health').set({ until: at }).where('id', 'in', ended).execute()
  }
  if (fresh.length > 0) {
    const rows = fresh.map((issue) => ({
      id: newId(),
      site_id: siteId,
      sensor,
      since: at,
      ...issue,
    }))
    await db.insertInto('sensor_health').values(rows).execute()
  }
  for (const issue of issues) {
    const id = known.get(keyOf(issue))
    if (id === undefined) continue
    await db.updateTable('sensor_health').set({ share: issue.share }).where('id', '=', id).execute()
  }
  return ended.length + fresh.length > 0
}

/** Issues that are open or ended since the given time, newest first. */
export async function listHealth(
  db: Executor,
  sites: readonly string[] | undefined,
  endedSince: number,
) {
  let query = db
    .selectFrom('sensor_health')
    .innerJoin('sensors', 'sensors.id', 'sensor_health.sensor')
    .select(['sensor_health.id', 'sensor_health.site_id', 'sensor', 'code', 'scope', 'share'])
    .select(['since', 'until', 'sensors.name as sensor_name'])
    .where(sql<boolean>`(until is null or until >= ${toDatabaseTime(endedSince)})`)
    .orderBy('since', 'desc')
    .orderBy('sensor_health.id')
    .limit(500)
  if (sites !== undefined) {
    query = query.where(sql<boolean>`sensor_health.site_id = any(${sites}::text[])`)
  }
  return await query.execute()
}

/** What makes a site partly or wholly blind now. */
export interface Blindness {
  /** No sensor of the site is heard: nothing that is not seen can be said to be gone. */
  readonly isBlind: boolean
  /** VLANs that were heard and are not now (0 for frames without a tag), and why in one sentence. */
  readonly silentScopes: readonly string[]
  readonly because: string | undefined
}

/** Whether "not seen" can mean "gone" on a site. Captures that were read to their end listen no longer. */
export async function blindnessOf(db: Executor, siteId: string, now: number): Promise<Blindness> {
  const sensors = await listSensors(db, [siteId])
  const hears = (sensor: (typeof sensors)[number]) =>
    sensor.state === 'running' && !isSilent(sensor, now)
  const heard = sensors.filter(hears)
  const open = await db
    .selectFrom('sensor_health')
    .select(['sensor', 'code', 'scope'])
    .where('site_id', '=', siteId)
    .where('until', 'is', null)
    .execute()
  const deaf = new Set(open.filter(({ code }) => code === 'silent').map(({ sensor }) => sensor))
  const isBlind = heard.every(({ id }) => deaf.has(id))
  const ids = new Set(heard.map(({ id }) => id))
  return {
    isBlind,
    silentScopes: open
      .filter(({ code, sensor }) => code === 'silent-vlan' && ids.has(sensor))
      .map(({ scope }) => scope),
    because: isBlind ? whyBlind(sensors.length, heard.length) : undefined,
  }
}

function whyBlind(sensors: number, heard: number): string {
  if (sensors === 0) return 'no sensor listens on this site'
  return heard === 0 ? 'no sensor of this site is heard' : 'the sensors of this site hear nothing'
}
