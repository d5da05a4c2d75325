import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BadDocument } from '@wardkeeper/core'
import { keyIdOf, makeKeys } from '../feeds/bundle.ts'
import { FeedRefused, type FeedDocument } from '../feeds/feed.ts'
import { FEEDS } from '../feeds/index.ts'
import {
  importBundle,
  listFeeds,
  loadByHand,
  makeBundle,
  readTrustedKeys,
  runFeed,
} from '../feeds/service.ts'
import { appendAudit } from '../store/audit.ts'
import type { Database } from '../store/database.ts'
import { withDatabase } from './administer.ts'
import { paint } from './terminal.ts'

export interface FeedOptions {
  readonly data: string
  readonly json?: boolean
}

const SELF = 'command line'

/** Prints every feed with its age, its counts and what was set aside. */
export async function showFeeds(options: FeedOptions): Promise<number> {
  return await withDatabase(options, async ({ db }) => {
    const feeds = await listFeeds(db, Date.now())
    if (options.json === true) {
      const rows = feeds.map(
        ({ feed, staleness, isEnabled, state, counts, quarantined, problem, lastSuccess }) => ({
          id: feed.id,
          title: feed.title,
          isEnabled,
          state,
          isStale: staleness.isStale,
          ageDays: staleness.ageDays,
          lastSuccess: lastSuccess === undefined ? undefined : new Date(lastSuccess).toISOString(),
          counts,
          quarantined,
          problem,
        }),
      )
      process.stdout.write(`${JSON.stringify(rows)}\n`)
      return 0
    }
    const lines = feeds.map(({ feed, staleness, isEnabled, state, quarantined, problem }) => {
      const age = staleness.ageDays === undefined ? 'never' : `${staleness.ageDays} d`
      const set = quarantined === 0 ? '' : `  ${quarantined} in quarantine`
      const why = problem === undefined ? '' : `\n    ${problem}`
      return `${feed.id.padEnd(20)}${(isEnabled ? 'on' : 'off').padEnd(5)}${state.padEnd(11)}${age.padStart(7)}${set}${why}`
    })
    process.stdout.write(`${lines.join('\n')}\n`)
    return 0
  })
}

/** Makes a key pair for bundles: NAME.key signs and stays here, NAME.pub goes to the machines that import. */
export async function makeBundleKeys(name: string): Promise<number> {
  const { privateKey, publicKey } = makeKeys()
  await writeFile(`${name}.key`, privateKey, { mode: 0o600, flag: 'wx' })
  await writeFile(`${name}.pub`, publicKey, { flag: 'wx' })
  process.stdout.write(
    `${name}.key  signs bundles: keep it secret\n${name}.pub  goes into the folder feed-keys of each machine that imports\nKey id    ${keyIdOf(publicKey)}\n`,
  )
  return 0
}

export interface BundleOptions {
  readonly out: string
  readonly key: string
  readonly feeds?: string
  /** `feed=path` of files that were fetched by other means. */
  readonly from?: readonly string[]
}

/** Fetches feeds and packs them, signed, for machines without a network. Needs no database. */
export async function packBundle(options: BundleOptions): Promise<number> {
  return await refusing(async () => {
    const given = new Map<string, readonly FeedDocument[]>()
    for (const one of options.from ?? []) {
      const [id = '', ...rest] = one.split('=')
      given.set(id, [...(given.get(id) ?? []), ...(await readDocuments(rest.join('=')))])
    }
    const named = options.feeds
      ?.split(',')
      .map((id) => id.trim())
      .filter((id) => id !== '')
    const online = FEEDS.filter(({ url }) => url !== undefined).map(({ id }) => id)
    const ids = [...new Set([...given.keys(), ...(named ?? (given.size > 0 ? [] : online))])]
    const manifest = await makeBundle(
      {},
      options.out,
      await readFile(options.key, 'utf8'),
      ids,
      given,
    )
    for (const { id, parts } of manifest.feeds) {
      const bytes = parts.reduce((sum, { packed }) => sum + packed, 0)
      process.stdout.write(
        `${id.padEnd(20)}${String(parts.length).padStart(8)} documents${bytes.toLocaleString('en').padStart(16)} bytes\n`,
      )
    }
    process.stdout.write(`${options.out} is signed with key ${manifest.keyId}\n`)
    return 0
  })
}

/** A file, or every file below a folder. */
async function readDocuments(path: string): Promise<readonly FeedDocument[]> {
  if (!(await stat(path)).isDirectory())
    return [{ name: basename(path), bytes: await readFile(path) }]
  const names = await readdir(path, { recursive: true, withFileTypes: true })
  const files = names.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
  return await Promise.all(
    files
      .toSorted()
      .map(async (file) => ({ name: file.slice(path.length + 1), bytes: await readFile(file) })),
  )
}

/** Imports a bundle: all of it or nothing. */
export async function takeBundle(
  file: string,
  options: FeedOptions & { readonly key?: readonly string[] },
): Promise<number> {
  return await refusing(() =>
    withDatabase(options, async (database) => {
      const own = await Promise.all((options.key ?? []).map((path) => readFile(path, 'utf8')))
      const trusted = [...own, ...(await readTrustedKeys(join(options.data, 'feed-keys')))]
      const { manifest, keyId, outcomes } = await importBundle(
        { db: database.db },
        file,
        trusted,
        SELF,
      )
      await audit(database, 'feed.bundle-imported', `bundle:${keyId}`)
      if (options.json === true)
        process.stdout.write(`${JSON.stringify({ made: manifest.made, outcomes })}\n`)
      else
        for (const { feedId, counts } of outcomes)
          process.stdout.write(`${feedId.padEnd(20)}${countText(counts)}\n`)
      return 0
    }),
  )
}

/** Fetches one feed now. */
export async function fetchNow(id: string, options: FeedOptions): Promise<number> {
  return await refusing(() =>
    withDatabase(options, async (database) => {
      const { outcome, counts } = await runFeed({ db: database.db }, id, SELF)
      await audit(database, 'feed.run', `feed:${id}`)
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ feed: id, outcome, counts })}\n`
          : `${id}: ${outcome}, ${countText(counts)}\n`,
      )
      return 0
    }),
  )
}

/** Loads files of one feed that were fetched by other means. */
export async function loadFiles(
  id: string,
  paths: readonly string[],
  options: FeedOptions,
): Promise<number> {
  return await refusing(() =>
    withDatabase(options, async (database) => {
      const documents = (await Promise.all(paths.map((path) => readDocuments(path)))).flat()
      const { counts } = await loadByHand({ db: database.db }, id, documents, SELF)
      await audit(database, 'feed.loaded-by-hand', `feed:${id}`)
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ feed: id, counts })}\n`
          : `${id}: ${countText(counts)}\n`,
      )
      return 0
    }),
  )
}

function countText(counts: Readonly<Record<string, number>>): string {
  const told = Object.entries(counts).filter(([, count]) => count > 0)
  return (
    told.map(([name, count]) => `${count.toLocaleString('en')} ${name}`).join(', ') || 'nothing new'
  )
}

async function audit({ db }: Database, action: string, subject: string): Promise<void> {
  await db
    .transaction()
    .execute((trx) => appendAudit(trx, { siteId: '*', byName: SELF, action, subject }))
}

async function refusing(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof FeedRefused || error instanceof BadDocument) return complain(error.message)
    throw error
  }
}

/** One sentence for the person, and the exit code of a failure. */
function complain(message: string): number {
  process.stderr.write(`${paint('red', 'wardkeeper:', process.stderr)} ${message}\n`)
  return 1
}
