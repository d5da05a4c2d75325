import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type pg from 'pg'
import { pino } from 'pino'
import { buildApi } from './api/api.ts'
import { ChangeFeed } from './api/change-feed.ts'
import type { Bus } from './bus/bus.ts'
import { InlineBus } from './bus/inline.ts'
import { readChecked, type Content } from './content/load.ts'
import { openFeedDesk } from './feeds/desk.ts'
import { startFeedSchedule } from './feeds/schedule.ts'
import { startClocks } from './stages/clocks.ts'
import { markObservations } from './stages/mark-observations.ts'
import { watchPresence } from './stages/presence.ts'
import { repeat } from './stages/repeat.ts'
import { scoringOf } from './stages/score-risk.ts'
import { attachStages } from './stages/stages.ts'
import { saveAdvisories } from './store/advisories.ts'
import { connectionOf, ensureDatabase, openDatabase, type Database } from './store/database.ts'
import { migrate } from './store/migrate.ts'
import { appendOutbox } from './store/outbox.ts'
import { PostgresGuard } from './store/postgres-guard.ts'
import { holdProgramLock } from './store/program-lock.ts'
import { hospitalFile, loadSample } from './store/sample.ts'
import { isFinished, sensorName } from './store/sensors.ts'
import { ensureSite } from './store/sites.ts'
import { gatherStatistics } from './store/statistics.ts'
import { summarize, type Summary } from './store/summary.ts'
import { makeFolder } from './store/folders.ts'
import { warmInventory } from './store/warm.ts'
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
  /** Told when the database is lost for good: nothing can be finished any more. */
  readonly onLoss: (error: Error) => void
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
  /** What people call the sensor, once it has reported. */
  nameOf(sensor: string): Promise<string | undefined>
  /** Finishes the message in hand, closes the API and stops the embedded database. */
  stop(): Promise<void>
}

const DATABASE = 'wardkeeper'
const VERSION = '0.1.0'
const STATISTICS_EVERY_MS = 5000

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
  closers.push(await holdProgramLock(connection, options))
  own()
  const isFirstRun = (await migrate(connection)).length > 0
  const onFailure = (subscription: string, message: { id: string }, error: unknown) =>
    log(
      `${subscription} could not handle ${message.id}: ${error instanceof Error ? error.message : String(error)}`,
    )
  const bus = new InlineBus(database.repeated, { onFailure })
  database.pool.on('error', () => bus.lost())
  await loadDeclarations(database, options)
  await ensureSite(database.db, { id: siteId, name: 'Hospital' })
  const marking = await markObservations(database.db, content.knowledge, (error) =>
    onFailure('marking', { id: 'observations' }, error),
  )
  closers.push(() => marking.stop())
  const settings = { content, siteId, connection, marks: marking.marks }
  const { verifyOrders } = await attachStages({ db: database.repeated, bus, log }, settings)
  closers.push(() => bus.stop())
  await publishAdvisories(database, content, siteId)
  bus.wake()

  const clocks = await startClocks(connection, {
    db: database.db,
    bus,
    verifyOrders,
    scoring: scoringOf(content),
    content,
  })
  closers.push(() => clocks.stop())
  const presence = watchPresence(database.db, content.presence, (error) =>
    onFailure('presence', { id: 'who is there' }, error),
  )
  closers.push(() => presence.stop())
  const warming = warmInventory(database.db).catch((error: unknown) =>
    onFailure('warming', { id: 'what lists read' }, error),
  )
  closers.push(async () => void (await warming))
  const statistics = repeat(
    () => gatherStatistics(database.db),
    STATISTICS_EVERY_MS,
    (error) => onFailure('statistics', { id: 'what the planner knows' }, error),
  )
  closers.push(() => statistics.stop())
  const onLoaded = () => bus.wake()
  const schedule = await startFeedSchedule(connection, { db: database.db, log, onLoaded })
  closers.push(() => schedule.stop())
  const keyFolder = path.join(options.dataDir, 'feed-keys')
  const feeds = openFeedDesk(
    { db: database.db, bundledDate: content.advisoryDate },
    keyFolder,
    onLoaded,
  )
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
      feeds,
      siteId,
      uploadFolder,
      documentFolder: path.join(options.dataDir, 'documents'),
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
    nameOf: (sensor) => sensorName(database.db, sensor),
    stop,
  }
}

/** For root the database runs as another user, who must be able to pass through, though not to look around. */
function makeDataFolder(folder: string): void {
  try {
    makeFolder(folder)
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new Error(
      `The data folder ${folder} cannot be written. Choose another one with --data.`,
      {
        cause: error,
      },
    )
  }
  const { mode, uid } = statSync(folder)
  if (process.getuid?.() === 0 && uid === 0) chmodSync(folder, (mode & 0o777) | 0o011)
}

interface StartedDatabase {
  readonly connection: pg.ClientConfig
  /** Says that nobody else works on it: from now on stopping us stops the server. */
  readonly own: () => void
}

async function startDatabase(
  { databaseUrl, dataDir, log, onLoss }: SystemOptions,
  closers: (() => Promise<unknown>)[],
): Promise<StartedDatabase> {
  if (databaseUrl !== undefined && databaseUrl !== '') {
    return { connection: connectionOf(databaseUrl), own: () => undefined }
  }
  const guard = await PostgresGuard.start({ area: path.join(dataDir, 'postgres'), log, onLoss })
  // A server that was running already may be in use by another program.
  let isOurs = !guard.server.isAdopted
  closers.push(async () => {
    await guard.leave()
    if (isOurs) await guard.server.stop()
  })
  const { host, port, user } = guard.server
  await ensureDatabase({ host, port, user }, DATABASE)
  return { connection: { host, port, user, database: DATABASE }, own: () => (isOurs = true) }
}

async function loadDeclarations({ db }: Database, { sample }: SystemOptions): Promise<void> {
  if (sample === undefined || !existsSync(sample)) return
  await loadSample(db, await readChecked(sample, hospitalFile))
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
