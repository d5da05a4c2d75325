import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { pino } from 'pino'
import { buildApi } from './api/api.ts'
import { ChangeFeed } from './api/change-feed.ts'
import type { Bus } from './bus/bus.ts'
import { InlineBus } from './bus/inline.ts'
import { readChecked, type Content } from './content/load.ts'
import { startClocks } from './stages/clocks.ts'
import { attachStages } from './stages/stages.ts'
import { saveAdvisories } from './store/advisories.ts'
import { connectionOf, ensureDatabase, openDatabase, type Database } from './store/database.ts'
import { startEmbeddedPostgres } from './store/embedded-postgres.ts'
import { migrate } from './store/migrate.ts'
import { appendOutbox } from './store/outbox.ts'
import { hospitalFile, loadSample } from './store/sample.ts'
import { isFinished } from './store/sensors.ts'
import { ensureSite } from './store/sites.ts'
import { summarize, type Summary } from './store/summary.ts'
import { ensureFirstAdmin } from './store/users.ts'

export interface SystemOptions {
  readonly dataDir: string
  /** External PostgreSQL 15 or newer; the embedded one when undefined. */
  readonly databaseUrl?: string | undefined
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly webFolder: string
  readonly content: Content
  /** Site that facts without one belong to. */
  readonly siteId?: string | undefined
  /** Declarations of the sample hospital. */
  readonly sample?: string | undefined
  /** Takes over a capture that was handed in by the API. */
  readonly onCapture: (path: string, name: string) => Promise<unknown> | void
  /** One line for the person who started it. */
  readonly log: (text: string) => void
}

export interface System {
  /** `http://127.0.0.1:4780` */
  readonly address: string
  readonly bus: Pick<Bus, 'publish' | 'drain' | 'parked'>
  readonly database: Database
  readonly firstAdmin: { readonly username: string; readonly oneTimePassword: string } | undefined
  /** Resolves when every message was handled. */
  idle(): Promise<void>
  summary(): Promise<Summary>
  /** True when the capture with this sensor id was read to its end. */
  isFinished(sensor: string): Promise<boolean>
  /** Finishes the message in hand, closes the API and stops the embedded database. */
  stop(): Promise<void>
}

const DATABASE = 'wardkeeper'
const VERSION = '0.1.0'
/** Held as long as the program lives: two of them would do everything twice. */
const PROGRAM_LOCK = 4_780_005
const LOCK_WAIT_MS = 3000

/** Starts database, stages and API; what was started is stopped again when a later step fails. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const closers: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const close of closers.splice(0).toReversed()) await close()
  }
  try {
    return await startParts(options, closers, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function startParts(
  options: SystemOptions,
  closers: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<System> {
  const { content, log } = options
  const siteId = options.siteId ?? 'main'
  makeDataFolder(options.dataDir)
  const { connection, own } = await startDatabase(options, closers)
  const database = await openDatabase(connection)
  closers.push(() => database.close())
  await lockProgram(database, closers)
  own()
  const isFirstRun = (await migrate(connection)).length > 0
  const onFailure = (subscription: string, message: { id: string }, error: unknown) =>
    log(
      `${subscription} could not handle ${message.id}: ${error instanceof Error ? error.message : String(error)}`,
    )
  const bus = new InlineBus(database.db, { onFailure })
  await loadDeclarations(database, options)
  await ensureSite(database.db, { id: siteId, name: 'Hospital' })
  const { verifyOrders } = await attachStages({ db: database.db, bus, log }, { content, siteId })
  closers.push(() => bus.stop())
  await publishAdvisories(database, content, siteId)
  bus.wake()

  const clocks = await startClocks(connection, { db: database.db, bus, verifyOrders })
  closers.push(() => clocks.stop())
  const changes = new ChangeFeed(connection)
  await changes.start()
  closers.push(() => changes.stop())
  const uploadFolder = path.join(options.dataDir, 'captures')
  mkdirSync(uploadFolder, { recursive: true, mode: 0o700 })
  const app = await buildApi({
    webFolder: options.webFolder,
    log: pino(
      pino.destination({
        dest: path.join(options.dataDir, 'requests.log'),
        mode: 0o600,
        sync: false,
      }),
    ),
    context: {
      database,
      bus,
      content,
      changes,
      siteId,
      uploadFolder,
      dataFolder: options.databaseUrl === undefined ? options.dataDir : undefined,
      version: VERSION,
      isFirstRun,
      onCapture: options.onCapture,
      now: Date.now,
    },
  })
  closers.push(() => app.close())
  const address = await listen(app, options)
  const firstAdmin = await database.db.transaction().execute(ensureFirstAdmin)
  return {
    address,
    // Bound, because callers hand these on.
    bus: {
      publish: (message) => bus.publish(message),
      drain: () => bus.drain(),
      parked: () => bus.parked(),
    },
    database,
    firstAdmin,
    idle: () => bus.drain(),
    summary: () => summarize(database.db),
    isFinished: (sensor) => isFinished(database.db, sensor),
    stop,
  }
}

/** For root the database runs as another user, who must be able to pass through, though not to look around. */
function makeDataFolder(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const { mode, uid } = statSync(folder)
  if (process.getuid?.() === 0 && uid === 0) chmodSync(folder, (mode & 0o777) | 0o011)
}

interface StartedDatabase {
  readonly connection: pg.ClientConfig
  /** Says that nobody else works on it: from now on stopping us stops the server. */
  readonly own: () => void
}

async function startDatabase(
  { databaseUrl, dataDir, log }: SystemOptions,
  closers: (() => Promise<unknown>)[],
): Promise<StartedDatabase> {
  if (databaseUrl !== undefined && databaseUrl !== '') {
    return { connection: connectionOf(databaseUrl), own: () => undefined }
  }
  const server = await startEmbeddedPostgres({ area: path.join(dataDir, 'postgres'), log })
  // A server that was running already may be in use by another program.
  let isOurs = !server.isAdopted
  closers.push(async () => (isOurs ? server.stop() : undefined))
  const { host, port, user } = server
  await ensureDatabase({ host, port, user }, DATABASE)
  return { connection: { host, port, user, database: DATABASE }, own: () => (isOurs = true) }
}

async function loadDeclarations({ db }: Database, { sample }: SystemOptions): Promise<void> {
  if (sample === undefined || !existsSync(sample)) return
  await loadSample(db, await readChecked(sample, hospitalFile))
}

async function lockProgram(database: Database, closers: (() => Promise<unknown>)[]): Promise<void> {
  const client = await database.pool.connect()
  closers.push(async () => client.release(true))
  const deadline = Date.now() + LOCK_WAIT_MS
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock($1) as locked',
      [PROGRAM_LOCK],
    )
    if (rows[0]?.locked === true) return
    // A program that was killed holds it until its last query has ended.
    if (Date.now() > deadline) break
    await wait(100)
  }
  throw new Error(
    'Another Wardkeeper works on this database. Stop it first, or choose another one with --data.',
  )
}

async function publishAdvisories(
  { db }: Database,
  content: Content,
  siteId: string,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const advisoryIds = await saveAdvisories(trx, content.advisories)
    if (advisoryIds.length === 0) return
    const id = `advisories/${content.advisoryDate ?? 'none'}/${Date.now()}`
    await appendOutbox(trx, [
      { subject: 'advisory.published', id, payload: { siteId, advisoryIds } },
    ])
  })
}

async function listen(
  app: { listen(options: { host: string; port: number }): Promise<string> },
  { host, port }: SystemOptions,
): Promise<string> {
  try {
    return await app.listen({ host, port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Error(`Port ${port} is taken by another program. Choose another one with --port.`, {
      cause: error,
    })
  }
}
