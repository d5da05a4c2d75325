import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, inject, test } from 'vitest'
import { appendAudit } from '../store/audit.ts'
import { isPassword } from '../store/passwords.ts'
import { findSession, openSession } from '../store/sessions.ts'
import { addUser, findUser } from '../store/users.ts'
import { useDatabase } from '../testing/database.ts'

const database = useDatabase()
const MAIN = resolve(import.meta.dirname, '../main.mjs')

function wardkeeper(...args: readonly string[]) {
  const { host, user } = inject('postgres')
  const name = String(database.current.connection.database)
  const url = `postgres:///${name}?host=${encodeURIComponent(host)}&user=${user}`
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', DATABASE_URL: url },
  })
  return { status, stdout, stderr }
}

test('a lost password is replaced by a one-time one, and whoever was signed in is out', async () => {
  const { db } = database.current
  const person = { username: 'eva', name: 'Eva', roles: ['admin'], sites: ['*'] } as const
  const added = await db.transaction().execute((trx) => addUser(trx, person))
  const token = await openSession(db, added!.id, Date.now())
  const { status, stdout } = wardkeeper('users', 'reset-password', 'Eva', '--json')
  expect(status).toBe(0)
  const { oneTimePassword } = JSON.parse(stdout) as { oneTimePassword: string }
  const user = await findUser(db, 'eva')
  expect(user?.must_change_password).toBe(true)
  expect(await isPassword(user?.password_hash, oneTimePassword)).toBe(true)
  expect(await findSession(db, token, Date.now())).toBeUndefined()
  expect(wardkeeper('users', 'reset-password', 'nobody')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('no active account nobody'),
  })
  const [entry] = await db.selectFrom('audit_entries').select(['action', 'by_name']).execute()
  expect(entry).toEqual({ action: 'user.password-reset', by_name: 'command line' })
})

test('the audit log is followed, and says when it was changed or cut', async () => {
  const { db, pool } = database.current
  for (const subject of ['user:a', 'user:b']) {
    const entry = { siteId: '*', byName: 'eva', action: 'user.added', subject }
    await db.transaction().execute((trx) => appendAudit(trx, entry))
  }
  const whole = wardkeeper('audit', 'verify')
  expect(whole).toMatchObject({ status: 0, stderr: '' })
  const hash = /Hash of the last: (\w{64})/.exec(whole.stdout)?.[1] ?? ''
  expect(wardkeeper('audit', 'verify', '--contains', hash).status).toBe(0)
  await pool.query('alter table audit_entries disable trigger all')
  await pool.query('delete from audit_entries where hash = $1', [hash])
  expect(wardkeeper('audit', 'verify', '--contains', hash)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('was cut'),
  })
  await pool.query(`update audit_entries set by_name = 'somebody' where id = 2`)
  expect(wardkeeper('audit', 'verify')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('entry 2: its columns were changed'),
  })
})

test('where there is no database, it says so', () => {
  const folder = join(tmpdir(), 'wardkeeper-not-there')
  const { status, stderr } = spawnSync(
    process.execPath,
    [MAIN, 'audit', 'verify', '--data', folder],
    { encoding: 'utf8', env: { ...process.env, DATABASE_URL: '' } },
  )
  expect({ status, stderr }).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`There is no database in ${folder}`),
  })
})
