import { createHash, randomBytes } from 'node:crypto'
import { moment } from './column-types.ts'
import type { Executor } from './database.ts'
import { toDatabaseTime } from './time.ts'
import type { UserRecord } from './users.ts'

const HOUR = 3_600_000
/** A session ends after so long without a request, and in any case after a working day. */
export const IDLE_LIMIT_MS = 2 * HOUR
export const SESSION_LIMIT_MS = 12 * HOUR
/** The time of last use is written at most this often. */
const TOUCH_EVERY_MS = 60_000

/** Opens a session; the token goes to the browser, only its hash is kept. */
export async function openSession(db: Executor, userId: string, now: number): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await db
    .insertInto('sessions')
    .values({
      token_hash: hashOf(token),
      user_id: userId,
      last_used_at: toDatabaseTime(now),
      expires_at: toDatabaseTime(now + SESSION_LIMIT_MS),
    })
    .execute()
  return token
}

/** Who holds the token, unless the session is over or the account was closed. With `isUse` it is used now. */
export async function findSession(
  db: Executor,
  token: string,
  now: number,
  { isUse = true }: { readonly isUse?: boolean } = {},
): Promise<UserRecord | undefined> {
  const found = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .selectAll('users')
    .select('sessions.last_used_at')
    .where('token_hash', '=', hashOf(token))
    .where('ended_at', 'is', null)
    .where('expires_at', '>', moment(now))
    .where('last_used_at', '>', moment(now - IDLE_LIMIT_MS))
    .where('is_active', '=', true)
    .executeTakeFirst()
  if (found === undefined) return undefined
  if (isUse && found.last_used_at < now - TOUCH_EVERY_MS) {
    await db
      .updateTable('sessions')
      .set({ last_used_at: toDatabaseTime(now) })
      .where('token_hash', '=', hashOf(token))
      .execute()
  }
  return found
}

export async function endSession(db: Executor, token: string, now: number): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ ended_at: toDatabaseTime(now) })
    .where('token_hash', '=', hashOf(token))
    .where('ended_at', 'is', null)
    .execute()
}

/** Ends every session of an account, but for the one that asks. */
export async function endSessionsOf(
  db: Executor,
  userId: string,
  except: string,
  now: number,
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ ended_at: toDatabaseTime(now) })
    .where('user_id', '=', userId)
    .where('token_hash', '!=', hashOf(except))
    .where('ended_at', 'is', null)
    .execute()
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
