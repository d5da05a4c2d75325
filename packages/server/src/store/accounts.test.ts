import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { appendAudit, verifyAudit } from './audit.ts'
import { isPassword } from './passwords.ts'
import {
  endSession,
  findSession,
  IDLE_LIMIT_MS,
  openSession,
  SESSION_LIMIT_MS,
} from './sessions.ts'
import { addUser, ensureFirstAdmin, findUser, setPassword } from './users.ts'

const database = useDatabase()
const NOW = Date.now()

test('the first administrator gets a new one-time password at each start until it is changed', async () => {
  const { db } = database.current
  const make = () => db.transaction().execute(ensureFirstAdmin)
  const [first, second] = [await make(), await make()]
  expect(first?.username).toBe('admin')
  expect(second?.oneTimePassword).not.toBe(first?.oneTimePassword)
  const user = await findUser(db, 'ADMIN')
  expect(user?.password_hash).toMatch(/^\$argon2id\$/)
  expect(await isPassword(user?.password_hash, first!.oneTimePassword)).toBe(false)
  expect(await isPassword(user?.password_hash, second!.oneTimePassword)).toBe(true)
  await db.transaction().execute((trx) => setPassword(trx, user!.id, 'a password of my own'))
  expect(await make()).toBeUndefined()
  expect(await isPassword(undefined, 'nobody has this password')).toBe(false)
})

test('a session ends when idle, after its day, and on sign-out; its token is not in the database', async () => {
  const { db, pool } = database.current
  const user = await findUser(db, 'admin')
  const token = await openSession(db, user!.id, NOW)
  expect((await findSession(db, token, NOW + 1000))?.username).toBe('admin')
  expect(await findSession(db, token, NOW + IDLE_LIMIT_MS + 1)).toBeUndefined()
  for (let at = NOW; at < NOW + SESSION_LIMIT_MS; at += IDLE_LIMIT_MS / 2) {
    expect(await findSession(db, token, at)).toBeDefined()
  }
  expect(await findSession(db, token, NOW + SESSION_LIMIT_MS + 1)).toBeUndefined()
  const { rows } = await pool.query('select s::text from sessions s')
  expect(JSON.stringify(rows)).not.toContain(token)

  const other = await openSession(db, user!.id, NOW)
  await endSession(db, other, NOW)
  expect(await findSession(db, other, NOW)).toBeUndefined()
})

test('the audit log shows tampering: a changed text, a changed column, a missing entry', async () => {
  const { db, pool } = database.current
  for (let n = 1; n <= 4; n++) {
    const entry = {
      siteId: '*',
      byName: 'admin',
      action: 'user.added',
      subject: `user:u${n}`,
      after: { n },
    }
    await db.transaction().execute((trx) => appendAudit(trx, entry))
  }
  expect(await verifyAudit(db)).toMatchObject({ entries: 4, broken: undefined })
  const tamper = async (change: string) => {
    const client = await pool.connect()
    try {
      await client.query('begin; alter table audit_entries disable trigger user')
      await client.query(change)
      await client.query('alter table audit_entries enable trigger user; commit')
    } finally {
      client.release()
    }
    return (await verifyAudit(db)).broken
  }
  const rename = (to: string) => `update audit_entries set by_name = '${to}' where id = 2`
  expect(await tamper(rename('eve'))).toEqual({ id: 2, reason: 'its columns were changed' })
  expect(await tamper(rename('admin'))).toBeUndefined()
  expect(
    await tamper(`update audit_entries set body = replace(body, 'u3', 'u9') where id = 3`),
  ).toEqual({
    id: 3,
    reason: 'its text was changed',
  })
  expect(await tamper('delete from audit_entries where id = 3')).toEqual({
    id: 4,
    reason: 'entry 3 is missing',
  })
})

test('who only listens lets the session run out', async () => {
  const { db } = database.current
  const person = { username: 'listener', name: 'L', roles: ['viewer'], sites: ['*'] } as const
  const added = await db.transaction().execute((trx) => addUser(trx, person))
  const token = await openSession(db, added!.id, NOW)
  const half = NOW + IDLE_LIMIT_MS / 2
  expect(await findSession(db, token, half, { isUse: false })).toBeDefined()
  expect(await findSession(db, token, NOW + IDLE_LIMIT_MS + 1)).toBeUndefined()
})
