import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

/** Fields that need a second person at a site: those of the content, as the site changed them. */
export async function protectedFields(
  db: Executor,
  siteId: string,
  content: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('protected_fields')
    .select(['field', 'is_protected'])
    .where('site_id', '=', siteId)
    .execute()
  const fields = new Set(content)
  for (const { field, is_protected: isProtected } of rows) {
    if (isProtected) fields.add(field)
    else fields.delete(field)
  }
  return fields
}

export async function protectField(
  trx: Trx,
  siteId: string,
  field: string,
  isProtected: boolean,
): Promise<void> {
  await trx
    .insertInto('protected_fields')
    .values({ site_id: siteId, field, is_protected: isProtected })
    .onConflict((conflict) =>
      conflict.columns(['site_id', 'field']).doUpdateSet({ is_protected: isProtected }),
    )
    .execute()
}

/** Nobody else of the site changes which fields are protected until the transaction ends. */
export async function lockProtection(trx: Trx, siteId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`protection/${siteId}`}, 0))`.execute(
    trx,
  )
}

/** A wish that a field needs no second person any more; it waits for one who wishes the same. */
export interface ProtectionLift {
  readonly id: string
  readonly field: string
  readonly reason: string
  readonly proposedBy: string
  readonly author: string
  readonly proposedAt: number
}

export async function openLifts(db: Executor, siteId: string): Promise<readonly ProtectionLift[]> {
  return db
    .selectFrom('protection_lifts as lift')
    .innerJoin('users as author', 'author.id', 'lift.proposed_by')
    .select(['lift.id', 'lift.field', 'lift.reason', 'lift.proposed_by as proposedBy'])
    .select(['author.name as author', 'lift.proposed_at as proposedAt'])
    .where('lift.site_id', '=', siteId)
    .where('lift.ended_at', 'is', null)
    .execute()
}

export async function proposeLift(
  trx: Trx,
  lift: {
    readonly siteId: string
    readonly field: string
    readonly reason: string
    readonly userId: string
  },
  now: number,
): Promise<void> {
  await trx
    .insertInto('protection_lifts')
    .values({
      id: newId(),
      site_id: lift.siteId,
      field: lift.field,
      reason: lift.reason,
      proposed_by: lift.userId,
      proposed_at: toDatabaseTime(now),
    })
    .execute()
}

/** Ends a wish: approved by this person, or without effect where there is none. */
export async function endLift(
  trx: Trx,
  id: string,
  approvedBy: string | undefined,
  now: number,
): Promise<void> {
  await trx
    .updateTable('protection_lifts')
    .set({ ended_at: toDatabaseTime(now), approved_by: approvedBy ?? null })
    .where('id', '=', id)
    .execute()
}
