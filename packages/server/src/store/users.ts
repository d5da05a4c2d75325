import type { Role } from '@wardkeeper/core'
import { sql, type Selectable } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { hashPassword, newOneTimePassword } from './passwords.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export type UserRecord = Selectable<Schema['users']>

export interface NewUser {
  readonly username: string
  readonly name: string
  readonly roles: readonly Role[]
  /** Site ids, or `*` for all. */
  readonly sites: readonly string[]
  readonly technicianId?: string | undefined
}

/** Any fixed number: two programs that start together must not both make the first account. */
const LOCK = 4_780_003

/** Adds an account with a one-time password; undefined when the name is taken. */
export async function addUser(
  trx: Trx,
  user: NewUser,
): Promise<{ id: string; oneTimePassword: string } | undefined> {
  const oneTimePassword = newOneTimePassword()
  const row = await trx
    .insertInto('users')
    .values({
      id: newId(),
      username: user.username.toLowerCase(),
      name: user.name,
      password_hash: await hashPassword(oneTimePassword),
      must_change_password: true,
      roles: user.roles,
      sites: user.sites,
      technician_id: user.technicianId ?? null,
    })
    .onConflict((conflict) => conflict.column('username').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row && { id: row.id, oneTimePassword }
}

export async function findUser(db: Executor, username: string): Promise<UserRecord | undefined> {
  return await db
    .selectFrom('users')
    .selectAll()
    .where('username', '=', username.toLowerCase())
    .executeTakeFirst()
}

/** Accounts; for one who may not see every site, those that work on some site of theirs. */
export async function listUsers(
  db: Executor,
  sites: readonly string[] | undefined,
): Promise<readonly UserRecord[]> {
  let query = db.selectFrom('users').selectAll().orderBy('username')
  if (sites !== undefined) query = query.where(sql<boolean>`sites && ${sites}::text[]`)
  return await query.execute()
}

/** Sets a password of the user's own choice; every other session of the account ends. */
export async function setPassword(trx: Trx, userId: string, password: string): Promise<void> {
  await trx
    .updateTable('users')
    .set({ password_hash: await hashPassword(password), must_change_password: false })
    .where('id', '=', userId)
    .execute()
}

/** Gives an active account a new one-time password; undefined when there is none of that name. */
export async function resetPassword(
  trx: Trx,
  username: string,
): Promise<{ id: string; username: string; oneTimePassword: string } | undefined> {
  const oneTimePassword = newOneTimePassword()
  const row = await trx
    .updateTable('users')
    .set({ password_hash: await hashPassword(oneTimePassword), must_change_password: true })
    .where('username', '=', username.toLowerCase())
    .where('is_active', '=', true)
    .returning(['id', 'username'])
    .executeTakeFirst()
  return row && { ...row, oneTimePassword }
}

export async function markSignIn(db: Executor, userId: string, now: number): Promise<void> {
  await db
    .updateTable('users')
    .set({ last_sign_in_at: toDatabaseTime(now) })
    .where('id', '=', userId)
    .execute()
}

/**
 * Makes the first account when there is none. As long as its one-time password was not changed, each start makes
 * a new one: only its hash is kept, so the old one cannot be shown again.
 */
export async function ensureFirstAdmin(
  trx: Trx,
): Promise<{ username: string; oneTimePassword: string } | undefined> {
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
  const username = 'admin'
  const { count } = await trx
    .selectFrom('users')
    .select((select) => select.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (count === 0) {
    const roles = ['admin', 'manager', 'analyst'] as const
    const added = await addUser(trx, { username, name: 'Administrator', roles, sites: ['*'] })
    return added && { username, oneTimePassword: added.oneTimePassword }
  }
  const waiting = await trx
    .selectFrom('users')
    .select('id')
    .where('username', '=', username)
    .where('must_change_password', '=', true)
    .where('is_active', '=', true)
    .executeTakeFirst()
  if (waiting === undefined) return undefined
  const oneTimePassword = newOneTimePassword()
  await trx
    .updateTable('users')
    .set({ password_hash: await hashPassword(oneTimePassword) })
    .where('id', '=', waiting.id)
    .execute()
  return { username, oneTimePassword }
}
