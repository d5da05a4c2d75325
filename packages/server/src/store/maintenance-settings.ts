import type { MaintenanceSettings } from '@wardkeeper/core'
import type { Executor, Trx } from './database.ts'
import { toDatabaseTime } from './time.ts'

export type SiteMaintenance = MaintenanceSettings & {
  /** ISO date: what was due before it does not become work. */
  readonly since: string
}

export interface SettingsOrigin {
  readonly by: string
  readonly reason: string
  readonly at: number
}

/** How a site wants it: as the content says until the site says otherwise, for what is due from today on. */
export async function readMaintenanceSettings(
  db: Executor,
  siteId: string,
  content: MaintenanceSettings,
  today: string,
): Promise<{ readonly settings: SiteMaintenance; readonly origin: SettingsOrigin | undefined }> {
  const row = await db
    .selectFrom('maintenance_settings')
    .selectAll()
    .where('site_id', '=', siteId)
    .executeTakeFirst()
  const settings = {
    isOn: row?.is_on ?? content.isOn,
    leadDays: row?.lead_days ?? content.leadDays,
    mostDevices: row?.most_devices ?? content.mostDevices,
    withRecords: row?.with_records ?? content.withRecords,
    since: row?.since ?? today,
  }
  const isOwn = row !== undefined && row.by_name !== null && row.set_at !== null
  const origin = isOwn
    ? { by: row.by_name ?? '', reason: row.reason ?? '', at: row.set_at ?? 0 }
    : undefined
  return { settings, origin }
}

/** The first pass of the clock writes down the day from which due dates count. */
export async function beginMaintenance(trx: Trx, siteId: string, today: string): Promise<void> {
  await trx
    .insertInto('maintenance_settings')
    .values({ site_id: siteId, since: today })
    .onConflict((conflict) => conflict.column('site_id').doNothing())
    .execute()
}

export async function saveMaintenanceSettings(
  trx: Trx,
  siteId: string,
  settings: SiteMaintenance,
  author: { readonly by: string; readonly reason: string },
  now: number,
): Promise<void> {
  const row = {
    since: settings.since,
    is_on: settings.isOn,
    lead_days: settings.leadDays,
    most_devices: settings.mostDevices,
    with_records: settings.withRecords,
    by_name: author.by,
    reason: author.reason,
    set_at: toDatabaseTime(now),
  }
  await trx
    .insertInto('maintenance_settings')
    .values({ site_id: siteId, ...row })
    .onConflict((conflict) => conflict.column('site_id').doUpdateSet(row))
    .execute()
}
