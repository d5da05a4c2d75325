import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** A user of this machine that PostgreSQL runs as, since it refuses to run as root. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

const PREFERRED = ['wardkeeper', 'postgres', 'nobody']

/** The account to run as; undefined: our own. `owner` is the uid that owns an existing cluster. */
export function chooseAccount(owner: number | undefined): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const accounts = readAccounts()
  if (owner !== undefined && owner !== 0) {
    const known = accounts.find((account) => account.uid === owner)
    if (known) return known
  }
  for (const name of PREFERRED) {
    const account = accounts.find((candidate) => candidate.name === name)
    if (account) return account
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has no user wardkeeper, postgres or nobody. ' +
      'Add one (useradd --system wardkeeper), run as another user, or set DATABASE_URL.',
  )
}

function readAccounts(): readonly Account[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .filter((parts) => parts.length > 3)
    .map(([name, , uid, gid]) => ({ name: name!, uid: Number(uid), gid: Number(gid) }))
}

/** Whether the account may enter every folder above `file` (mode bits; access lists are not read). */
export function isReachable(file: string, account: Account): boolean {
  return firstClosedFolder(file, account) === undefined
}

/** The uppermost folder above `file` that the account may not enter. */
export function firstClosedFolder(file: string, account: Account): string | undefined {
  const parts = path.resolve(file).split(path.sep)
  for (let length = 1; length < parts.length; length++) {
    const folder = parts.slice(0, length).join(path.sep) || path.sep
    const { mode, uid, gid } = statSync(folder)
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return folder
  }
  return undefined
}
