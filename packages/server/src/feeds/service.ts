import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { BUNDLED_FEED, stalenessOf, type FeedAge, type Staleness } from '@wardkeeper/core'
import type { Db, Executor } from '../store/database.ts'
import { countQuarantine, listFeedRows, lockFeed, type FeedRow } from '../store/feeds.ts'
import { openBundle, writeBundle, type BundleFeed, type Manifest } from './bundle.ts'
import { demandOutside, makeDownload, type Download } from './download.ts'
import { FeedRefused, type Cursor, type Feed, type FeedDocument } from './feed.ts'
import { FEEDS, findFeed, NAMING_FEEDS } from './index.ts'
import { loadDocuments, recordFailure, saveLoaded, type LoadOutcome } from './load.ts'
import { csafCisa } from './sources/csaf.ts'

export interface FeedContext {
  readonly db: Db
  readonly download?: Download
  readonly env?: NodeJS.ProcessEnv
  readonly now?: () => number
  /** ISO date of the advisories that the product brings along. */
  readonly bundledDate?: string | undefined
}

/** Fetches one feed and saves what it tells; a refusal is written down and thrown, and nothing is lost. */
export async function runFeed(context: FeedContext, id: string, by: string): Promise<LoadOutcome> {
  const feed = demandFeed(id)
  const started = (context.now ?? Date.now)()
  try {
    const row = await context.db.transaction().execute((trx) => lockFeed(trx, id))
    const documents = fetchFeed(context, feed, row.url, row.cursor, started)
    const loaded = await loadDocuments(feed, documents, started)
    return await context.db
      .transaction()
      .execute((trx) =>
        saveLoaded(trx, feed, loaded, { way: 'online', by, started, seen: started }),
      )
  } catch (error) {
    await recordFailure(context.db, feed, error, { way: 'online', by, started })
    throw error
  }
}

function fetchFeed(
  { download = makeDownload(), env = process.env }: FeedContext,
  feed: Feed,
  url: string | undefined,
  cursor: Cursor,
  now: number,
): AsyncGenerator<FeedDocument, Cursor | undefined> {
  const address = (url ?? feed.url)?.replace(/\/$/, '')
  if (address === undefined) {
    throw new FeedRefused(
      `${feed.title} has no address: set one, or import documents by hand or in a bundle.`,
    )
  }
  const key = feed.keyVariable === undefined ? undefined : env[feed.keyVariable]
  const own: Download = async (url, options) => {
    demandOutside(address, url)
    return await download(url, options)
  }
  return feed.fetch({ url: address, cursor, now, download: own, key })
}

/** Saves documents that a person hands in. */
export async function loadByHand(
  context: FeedContext,
  id: string,
  documents: readonly FeedDocument[],
  by: string,
): Promise<LoadOutcome> {
  const feed = demandFeed(id)
  const started = (context.now ?? Date.now)()
  try {
    const loaded = await loadDocuments(feed, iterate(documents), started)
    return await context.db
      .transaction()
      .execute((trx) =>
        saveLoaded(trx, feed, loaded, { way: 'by hand', by, started, seen: started }),
      )
  } catch (error) {
    await recordFailure(context.db, feed, error, { way: 'by hand', by, started })
    throw error
  }
}

async function* iterate(
  documents: readonly FeedDocument[],
): AsyncGenerator<FeedDocument, undefined> {
  yield* documents
  return undefined
}

function demandFeed(id: string): Feed {
  const feed = findFeed(id)
  if (feed !== undefined) return feed
  throw new FeedRefused(
    `There is no feed ${id}. There are: ${FEEDS.map((one) => one.id).join(', ')}.`,
  )
}

/** Imports all of a bundle or nothing: every part is checked and read before the first is saved. */
export async function importBundle(
  context: FeedContext,
  file: string,
  trusted: readonly string[],
  by: string,
): Promise<{
  readonly manifest: Manifest
  readonly keyId: string
  readonly outcomes: readonly LoadOutcome[]
}> {
  const started = (context.now ?? Date.now)()
  const bundle = await openBundle(file, trusted, started)
  try {
    const known = bundle.manifest.feeds.filter(({ id }) => findFeed(id) !== undefined)
    const outcomes = await context.db.transaction().execute(async (trx) => {
      const done: LoadOutcome[] = []
      for (const { id, seen } of known) {
        const feed = demandFeed(id)
        const row = await lockFeed(trx, id)
        const time = Date.parse(seen)
        if (row.lastSuccess !== undefined && time < row.lastSuccess - 1000) {
          throw new FeedRefused(
            `${feed.title} in the bundle is of ${seen.slice(0, 10)}, older than what is stored (${new Date(row.lastSuccess).toISOString().slice(0, 10)}). Nothing was imported.`,
          )
        }
        const loaded = await loadDocuments(feed, bundle.documentsOf(id, feed.maxBytes), started)
        done.push(await saveLoaded(trx, feed, loaded, { way: 'bundle', by, started, seen: time }))
      }
      return done
    })
    return { manifest: bundle.manifest, keyId: bundle.keyId, outcomes }
  } catch (error) {
    for (const { id } of bundle.manifest.feeds) {
      const feed = findFeed(id)
      if (feed) await recordFailure(context.db, feed, error, { way: 'bundle', by, started })
    }
    throw error
  } finally {
    await bundle.close()
  }
}

/** Fetches feeds whole, without a database, and packs them for machines without a network. */
export async function makeBundle(
  context: Omit<FeedContext, 'db'>,
  file: string,
  privateKey: string,
  ids: readonly string[],
  given: ReadonlyMap<string, readonly FeedDocument[]> = new Map(),
): Promise<Manifest> {
  const now = (context.now ?? Date.now)()
  const feeds = ids.map((id): BundleFeed => {
    const feed = demandFeed(id)
    const own = given.get(id)
    const documents = own === undefined ? fetchAll(context, feed, now) : iterate(own)
    return { id, source: feed.url ?? 'by hand', licence: feed.licence, seen: now, documents }
  })
  return await writeBundle(file, feeds, privateKey, now)
}

/** A source that is read over several runs is asked until it has no more. */
async function* fetchAll(
  context: Omit<FeedContext, 'db'>,
  feed: Feed,
  now: number,
): AsyncGenerator<FeedDocument> {
  let cursor: Cursor = {}
  for (;;) {
    const documents = fetchFeed(context as FeedContext, feed, undefined, cursor, now)
    let next = await documents.next()
    for (; next.done !== true; next = await documents.next()) yield next.value
    const after: Cursor = next.value ?? {}
    if (typeof after.startIndex !== 'number' || after.since !== undefined) return
    cursor = after
  }
}

/** Public keys whose bundles are taken: every `.pub` file of the folder. */
export async function readTrustedKeys(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  const files = names.filter((name) => name.endsWith('.pub')).toSorted()
  return await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')))
}

export interface FeedStatus extends FeedRow {
  readonly feed: Feed
  readonly staleness: Staleness
  readonly quarantined: number
  /** When it is fetched next; undefined for one that is off or has no address. */
  readonly next: number | undefined
}

/** Every feed with how fresh it is. */
export async function listFeeds(db: Executor, now: number): Promise<readonly FeedStatus[]> {
  const [rows, bad] = [await listFeedRows(db), await countQuarantine(db)]
  return FEEDS.map((feed) => {
    const row = rows.get(feed.id) ?? { ...NEVER, id: feed.id }
    const every = (row.everyHours ?? feed.everyHours) * 3_600_000
    const isOnline = row.isEnabled && (row.url ?? feed.url) !== undefined
    return {
      ...row,
      feed,
      staleness: stalenessOf(ageOf(feed, row), now),
      quarantined: bad.get(feed.id) ?? 0,
      next: isOnline ? Math.max(now, (row.lastRun ?? 0) + every) : undefined,
    }
  })
}

/**
 * How old the sources are that can name or clear a device, as far as they are relied on: turned on, or loaded before.
 * The advisories that the product brought along count until their own feed was loaded.
 */
export async function readFreshness(
  db: Executor,
  bundledDate: string | undefined,
  now: number,
): Promise<readonly Staleness[]> {
  const rows = await listFeedRows(db)
  const feeds = NAMING_FEEDS.flatMap((feed) => {
    const row = rows.get(feed.id)
    const isReliedOn = row !== undefined && (row.isEnabled || row.lastSuccess !== undefined)
    return isReliedOn ? [stalenessOf(ageOf(feed, row), now)] : []
  })
  const hasOwn = rows.get(csafCisa.id)?.lastSuccess !== undefined
  if (bundledDate === undefined || hasOwn) return feeds
  return [bundledStaleness(bundledDate, now), ...feeds]
}

/** How old the advisories are that the product brings along. */
export function bundledStaleness(date: string, now: number): Staleness {
  const title = 'the list of advisories that came with the program'
  const { staleDays } = csafCisa
  const age = { id: BUNDLED_FEED, title, staleDays, lastSuccess: undefined }
  return stalenessOf({ ...age, dataTime: Date.parse(date) }, now)
}

const NEVER: Omit<FeedRow, 'id'> = {
  isEnabled: false,
  url: undefined,
  everyHours: undefined,
  cursor: {},
  state: 'never-run',
  dataDate: undefined,
  lastRun: undefined,
  lastSuccess: undefined,
  lastWay: undefined,
  problem: undefined,
  counts: {},
}

function ageOf({ id, title, staleDays }: Feed, { dataDate, lastSuccess }: FeedRow): FeedAge {
  return { id, title, staleDays, dataTime: dataDate, lastSuccess }
}
