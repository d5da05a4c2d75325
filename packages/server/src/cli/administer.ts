import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { appendAudit, findAuditEntry, verifyAudit } from '../store/audit.ts'
import { connectionOf, openDatabase, type Database } from '../store/database.ts'
import { startEmbeddedPostgres } from '../store/embedded-postgres.ts'
import { endSessionsOf } from '../store/sessions.ts'
import { resetPassword } from '../store/users.ts'
import { paint } from './terminal.ts'

export interface AdministerOptions {
  readonly data: string
  readonly json?: boolean
}

const DATABASE = 'wardkeeper'
const SELF = 'command line'

/** Follows the chain of the audit log; with `contains`, a hash kept elsewhere, also looks whether its end was cut off. */
export async function verifyAuditLog(
  options: AdministerOptions & { readonly contains?: string },
): Promise<number> {
  const { contains } = options
  return await withDatabase(options, async ({ db }) => {
    const check = await verifyAudit(db)
    const isCut = contains !== undefined && (await findAuditEntry(db, contains)) === undefined
    const isWhole = check.broken === undefined && !isCut
    if (options.json === true) {
      process.stdout.write(`${JSON.stringify({ isWhole, isCut, ...check })}\n`)
      return isWhole ? 0 : 1
    }
    const count = `${check.entries.toLocaleString('en')} ${check.entries === 1 ? 'entry' : 'entries'}`
    if (check.broken !== undefined) {
      const { id, reason } = check.broken
      return complain(`The audit log was changed: entry ${id}: ${reason}. Whole before: ${count}.`)
    }
    if (isCut) return complain(`The audit log was cut: no entry has the hash ${contains}.`)
    process.stdout.write(`The audit log is whole: ${count}.\nHash of the last: ${check.lastHash}\n`)
    return 0
  })
}

/** Gives an account a new one-time password and ends its sessions. */
export async function resetUserPassword(
  username: string,
  options: AdministerOptions,
): Promise<number> {
  return await withDatabase(options, async ({ db }) => {
    const reset = await db.transaction().execute(async (trx) => {
      const made = await resetPassword(trx, username)
      if (made === undefined) return undefined
      await endSessionsOf(trx, made.id, '', Date.now())
      const action = 'user.password-reset'
      await appendAudit(trx, {
        siteId: '*',
        byName: SELF,
        action,
        subject: `user:${made.username}`,
      })
      return made
    })
    if (reset === undefined) return complain(`There is no active account ${username}.`)
    const { username: name, oneTimePassword } = reset
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify({ username: name, oneTimePassword })}\n`
        : `  Sign in    ${name}\n  Password   ${paint('bold', oneTimePassword)}   (once; then they choose their own)\n`,
    )
    return 0
  })
}

/** Works on the database of the data folder, be the program running or not. */
export async function withDatabase(
  { data }: AdministerOptions,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  const url = process.env.DATABASE_URL
  if (url !== undefined && url !== '')
    return await using(await openDatabase(connectionOf(url)), work)
  const area = join(data, 'postgres')
  if (!existsSync(area)) {
    return complain(`There is no database in ${data}. Say where it is with --data.`)
  }
  const server = await startEmbeddedPostgres({ area })
  try {
    const { host, port, user } = server
    return await using(await openDatabase({ host, port, user, database: DATABASE }), work)
  } finally {
    // One that was running belongs to the program that started it.
    if (!server.isAdopted) await server.stop()
  }
}

async function using(
  database: Database,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  try {
    return await work(database)
  } catch (error) {
    // A table that is not there.
    if (error instanceof Error && 'code' in error && error.code === '42P01') {
      return complain('This database was never started; run wardkeeper start first.')
    }
    throw error
  } finally {
    await database.close()
  }
}

function complain(message: string): number {
  process.stderr.write(`${paint('red', 'wardkeeper:', process.stderr)} ${message}\n`)
  return 1
}
