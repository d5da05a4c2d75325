import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { makeFolder } from './folders.ts'
import { explainFailure } from './postgres-failure.ts'
import { findBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import { isPostgresOf, readPostmaster } from './postmaster.ts'
import { chooseAccount, firstClosedFolder, type Account } from './system-account.ts'

/** Longest path of a unix socket on Linux in bytes; macOS allows 103. */
const SOCKET_PATH_LIMIT = process.platform === 'darwin' ? 103 : 107
const PORT = 5432
const USER = 'wardkeeper'
/** For root, whose own folders other users may not enter. */
const SHARED_PLACE = '/var/lib/wardkeeper'
const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 30_000

export interface EmbeddedPostgres {
  /** Folder of the unix socket; pass it as `host`. */
  readonly host: string
  readonly port: number
  readonly user: string
  readonly pid: number
  /** True when a server that an earlier run left behind was taken over. */
  readonly isAdopted: boolean
  isAlive(): boolean
  /** Fast shutdown: open transactions end, everything committed is on disk. */
  stop(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  /** Folder that holds the cluster, its log and its socket; made when absent. */
  readonly area: string
  /** Told when the files have to lie elsewhere. */
  readonly log?: ((text: string) => void) | undefined
  readonly settings?: Readonly<Record<string, string>>
  /** False only for tests: no waiting for the disk. */
  readonly isDurable?: boolean
}

/** Starts PostgreSQL on a unix socket that only this user reaches, or takes over the one that still runs. */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const area = placeFor(path.resolve(options.area), options.log)
  const cluster = path.join(area, 'cluster')
  const account = accountOf(cluster)
  const orphan = await adoptOrphan(cluster)
  if (orphan) return orphan

  const own = ownershipOf(account)
  if (account) chownSync(area, account.uid, account.gid)
  const binaries = findBinaries(area, account)
  if (!existsSync(cluster)) await makeCluster(binaries, cluster, own, options.isDurable ?? true)
  const host = makeSocketFolder(area, account)
  return await run(binaries, { area, cluster, host, own, options })
}

/** The folder itself, or, where PostgreSQL's own account may not enter it, one under /var/lib. */
function placeFor(area: string, log: EmbeddedPostgresOptions['log']): string {
  makeArea(area)
  const account = accountOf(path.join(area, 'cluster'))
  const closed = account && firstClosedFolder(path.join(area, 'cluster'), account)
  if (closed === undefined) return area
  const name = createHash('sha256').update(area).digest('hex').slice(0, 12)
  const place = path.join(SHARED_PLACE, name)
  makeArea(place)
  const stillClosed = firstClosedFolder(path.join(place, 'cluster'), account!)
  if (stillClosed !== undefined) {
    throw new Error(
      `PostgreSQL runs as the user ${account!.name}, who may enter neither ${closed} nor ${stillClosed}. ` +
        'Choose another data folder with --data.',
    )
  }
  log?.(
    `PostgreSQL runs as the user ${account!.name}, who may not enter ${closed}: its files are in ${place}`,
  )
  return place
}

function accountOf(cluster: string): Account | undefined {
  return chooseAccount(existsSync(cluster) ? statSync(cluster).uid : undefined)
}

type Ownership = { readonly uid?: number; readonly gid?: number }

function ownershipOf(account: Account | undefined): Ownership {
  return account ? { uid: account.uid, gid: account.gid } : {}
}

function makeArea(area: string): void {
  try {
    makeFolder(area)
    chmodSync(area, 0o755)
  } catch (error) {
    throw new Error(
      `The data folder ${area} cannot be written (${(error as NodeJS.ErrnoException).code}). ` +
        'Choose another one with --data.',
      { cause: error },
    )
  }
}

/** Takes over a server of this cluster that outlived its parent; clears what a dead one left behind. */
async function adoptOrphan(cluster: string): Promise<EmbeddedPostgres | undefined> {
  const deadline = Date.now() + START_LIMIT_MS
  while (Date.now() < deadline) {
    const left = readPostmaster(cluster)
    if (left === undefined) return undefined
    if (!isPostgresOf(left.pid, cluster)) {
      // Otherwise PostgreSQL would refuse to start when another program has got this process number.
      rmSync(path.join(cluster, 'postmaster.pid'), { force: true })
      return undefined
    }
    if (left.status === 'ready' && left.socketFolder !== undefined) {
      return serverOf(left.pid, left.socketFolder, cluster, true)
    }
    await wait(20)
  }
  throw new Error(
    `PostgreSQL in ${cluster} neither gets ready nor ends; see postgres.log beside it.`,
  )
}

/** Made aside and renamed, so that a cluster is there whole or not at all. */
async function makeCluster(
  binaries: PostgresBinaries,
  cluster: string,
  own: Ownership,
  isDurable: boolean,
): Promise<void> {
  clearPartial(cluster)
  // A name of its own: the initdb of a run that was killed may still be writing.
  const partial = `${cluster}.partial-${process.pid}`
  mkdirSync(partial, { mode: 0o700 })
  if (own.uid !== undefined) chownSync(partial, own.uid, own.gid ?? own.uid)
  const flags = ['-D', partial, '-U', USER, '--auth=trust', '-E', 'UTF8', '--no-instructions']
  flags.push('--locale-provider=builtin', '--locale=C.UTF-8')
  if (!isDurable) flags.push('--no-sync')
  const child = spawn(binaries.initdb, flags, {
    ...own,
    cwd: partial,
    env: environment(partial),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (data: Buffer) => (said += data.toString()))
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  const code = await ended(child)
  if (code !== 0) {
    rmSync(partial, { recursive: true, force: true })
    throw explainFailure('The database cannot be made', said, path.dirname(cluster))
  }
  renameSync(partial, cluster)
}

function clearPartial(cluster: string): void {
  const folder = path.dirname(cluster)
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${path.basename(cluster)}.partial`)) continue
    try {
      rmSync(path.join(folder, name), { recursive: true, force: true })
    } catch {
      // Somebody still writes there; the next first start clears it.
    }
  }
}

function makeSocketFolder(area: string, account: Account | undefined): string {
  const wanted = path.join(area, 'socket')
  const isTooLong = Buffer.byteLength(`${wanted}/.s.PGSQL.${PORT}`) > SOCKET_PATH_LIMIT
  const folder = isTooLong ? mkdtempSync(path.join(tmpdir(), 'wardkeeper-')) : wanted
  mkdirSync(folder, { recursive: true })
  // Connections are trusted: who may enter this folder may read the database.
  chmodSync(folder, 0o700)
  if (account) chownSync(folder, account.uid, account.gid)
  return folder
}

async function run(
  binaries: PostgresBinaries,
  at: {
    readonly area: string
    readonly cluster: string
    readonly host: string
    readonly own: Ownership
    readonly options: EmbeddedPostgresOptions
  },
): Promise<EmbeddedPostgres> {
  const settings = {
    listen_addresses: '',
    port: String(PORT),
    unix_socket_directories: at.host,
    unix_socket_permissions: '0700',
    shared_buffers: `${sharedMegabytes()}MB`,
    // The data lies on flash: to fetch any page costs hardly more than the next one.
    random_page_cost: '1.1',
    work_mem: '16MB',
    // After each checkpoint the first change of a page is written down with the whole page.
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    // Rows that change all day are cleared before they take twice their room.
    autovacuum_naptime: '1min',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(at.options.isDurable === false
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
      : {}),
    ...at.options.settings,
  }
  const log = path.join(at.area, 'postgres.log')
  // Its own session: Ctrl-C in the terminal reaches us, and we stop it after the last write.
  // The log is a file, not a pipe, so that it goes on logging when we are killed.
  const output = openSync(log, 'w', 0o600)
  const child = spawn(
    binaries.postgres,
    [
      '-D',
      at.cluster,
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    {
      ...at.own,
      cwd: at.cluster,
      env: environment(at.cluster),
      detached: true,
      stdio: ['ignore', output, output],
    },
  )
  closeSync(output)
  child.unref()
  await waitUntilReady(child, at.cluster, log)
  return serverOf(child.pid!, at.host, at.cluster, false)
}

/** An eighth of the memory, at least 256 MB and at most 2 GB: the index of 20 million observations needs about one. */
function sharedMegabytes(): number {
  return Math.max(256, Math.min(2048, Math.floor(totalmem() / 8 / 2 ** 20)))
}

async function waitUntilReady(child: ChildProcess, cluster: string, log: string): Promise<void> {
  let end: string | undefined
  child.once('error', (error) => (end = error.message))
  child.once('exit', (code, signal) => (end ??= `ended with ${code ?? signal}`))
  const deadline = Date.now() + START_LIMIT_MS
  while (end === undefined && Date.now() < deadline) {
    const now = readPostmaster(cluster)
    if (now?.pid === child.pid && now?.status === 'ready') return
    await wait(10)
  }
  const said = existsSync(log) ? readFileSync(log, 'utf8') : ''
  throw explainFailure(
    `PostgreSQL did not start (${end ?? 'it took too long'})`,
    said,
    path.dirname(cluster),
  )
}

function serverOf(
  pid: number,
  host: string,
  cluster: string,
  isAdopted: boolean,
): EmbeddedPostgres {
  return {
    host,
    port: PORT,
    user: USER,
    pid,
    isAdopted,
    isAlive: () => isPostgresOf(pid, cluster),
    async stop() {
      if (!isPostgresOf(pid, cluster)) return
      process.kill(pid, 'SIGINT')
      const deadline = Date.now() + STOP_LIMIT_MS
      while (isPostgresOf(pid, cluster)) {
        if (Date.now() > deadline) throw new Error(`PostgreSQL (process ${pid}) does not stop.`)
        await wait(5)
      }
      if (host.startsWith(path.join(tmpdir(), 'wardkeeper-'))) {
        rmSync(host, { recursive: true, force: true })
      }
    },
  }
}

function environment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: home, TZ: 'UTC' }
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(-1))
    child.once('close', (code) => resolve(code ?? -1))
  })
}
