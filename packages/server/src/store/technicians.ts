import type { Authorization, AuthorizedDevice, Technician } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { newId } from './uuid.ts'

export type TechnicianEntry = Technician & {
  readonly siteId: string
  /** The account they sign in with. */
  readonly username: string | undefined
}

/** Technicians with their authorizations, also those that have expired: why somebody may not is told by them. */
export async function loadTechnicians(
  db: Executor,
  sites: readonly string[] | undefined,
  id?: string,
): Promise<readonly TechnicianEntry[]> {
  let query = db
    .selectFrom('technicians')
    .leftJoin('users', 'users.technician_id', 'technicians.id')
    .select(['technicians.id', 'technicians.site_id', 'technicians.name', 'employer', 'username'])
    .orderBy('technicians.name')
    .orderBy('technicians.id')
  if (sites !== undefined) query = query.where('technicians.site_id', 'in', [...sites, '*'])
  if (id !== undefined) query = query.where('technicians.id', '=', id)
  const rows = await query.execute()
  const authorizations = await loadAuthorizations(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    employer: row.employer,
    username: row.username ?? undefined,
    authorizations: authorizations.get(row.id) ?? [],
  }))
}

async function loadAuthorizations(
  db: Executor,
  technicianIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Authorization[]>> {
  if (technicianIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('authorizations')
    .selectAll()
    .where('technician_id', 'in', technicianIds)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute()
  const byTechnician = new Map<string, Authorization[]>()
  for (const row of rows) {
    const authorization = {
      manufacturer: row.manufacturer,
      model: row.model,
      type: row.type,
      siteId: row.site_id,
      level: row.level as Authorization['level'],
      from: row.from_date,
      until: row.until_date,
      proof: row.proof,
    }
    const list = byTechnician.get(row.technician_id)
    if (list) list.push(authorization)
    else byTechnician.set(row.technician_id, [authorization])
  }
  return byTechnician
}

export async function addTechnician(
  trx: Trx,
  siteId: string,
  technician: Omit<Technician, 'id'>,
): Promise<string> {
  const id = newId()
  const { name, employer, authorizations } = technician
  await trx.insertInto('technicians').values({ id, site_id: siteId, name, employer }).execute()
  if (authorizations.length > 0) {
    await trx
      .insertInto('authorizations')
      .values(
        authorizations.map((one) => ({
          id: newId(),
          technician_id: id,
          site_id: one.siteId,
          manufacturer: one.manufacturer,
          model: one.model,
          type: one.type,
          level: one.level,
          from_date: one.from,
          until_date: one.until,
          proof: one.proof,
        })),
      )
      .execute()
  }
  return id
}

/**
 * Ties an account to a technician; false when there is no such account, it is another technician's, or it works
 * on other sites than these.
 */
export async function linkAccount(
  trx: Trx,
  username: string,
  technicianId: string,
  sites: readonly string[] | undefined,
): Promise<boolean> {
  let query = trx
    .updateTable('users')
    .set({ technician_id: technicianId })
    .where('username', '=', username.toLowerCase())
    .where('technician_id', 'is', null)
  if (sites !== undefined) query = query.where(sql<boolean>`sites <@ ${sites}::text[]`)
  return (await query.returning('id').executeTakeFirst()) !== undefined
}

/** Devices as authorizations are held against them. */
export async function devicesToAuthorize(
  db: Executor,
  assetIds: readonly string[],
): Promise<readonly AuthorizedDevice[]> {
  if (assetIds.length === 0) return []
  const rows = await db
    .selectFrom('assets')
    .select(['site_id', 'label', 'manufacturer', 'model', 'type'])
    .where('id', 'in', assetIds)
    .execute()
  return rows.map((row) => ({
    siteId: row.site_id,
    label: row.label,
    manufacturer: row.manufacturer ?? undefined,
    model: row.model ?? undefined,
    type: row.type ?? undefined,
  }))
}

/** How many orders each technician holds that are not over. */
export async function countOpenOrders(db: Executor): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('work_orders')
    .select(['technician_id', (select) => select.fn.countAll<number>().as('count')])
    .where('technician_id', 'is not', null)
    .where('state', 'in', ['assigned', 'in-progress', 'on-hold', 'contradicted'])
    .groupBy('technician_id')
    .execute()
  return new Map(rows.map((row) => [row.technician_id ?? '', row.count]))
}
