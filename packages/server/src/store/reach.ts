import type { KeyLink } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'
import { holdersOf, linksOfAssets, type Holding } from './key-links.ts'
import { lockResolution, shareResolution } from './merge.ts'
import { together } from './together.ts'

export interface Wanted {
  readonly keys: readonly string[]
  /** Subjects of facts that give no key: their facts are rows, too. */
  readonly strangers: readonly string[]
}

export interface ReachOptions {
  /**
   * Waits for the message before this one, and throws when that one has to be tried again first; asked when both want the
   * same, with no row locked.
   */
  readonly before?: (() => Promise<void>) | undefined
  /** So many names are locked one by one (`locksOfMessage`); who reaches further has the whole site. */
  readonly most: number
}

/** What a message of observations can change: nobody else changes it before the transaction ends. */
export interface Reach {
  /** Assets that hold one of the keys. */
  readonly owners: readonly string[]
  /** All current links of the owners. */
  readonly links: readonly KeyLink[]
}

/**
 * Takes what observations with these keys can change: the keys, held by an asset or not, and the assets that hold them.
 * Two messages of a site that have nothing in common are so worked at together, and two that could make the same asset are
 * not.
 */
export async function takeReach(
  trx: Trx,
  siteId: string,
  { keys, strangers }: Wanted,
  { before, most }: ReachOptions,
): Promise<Reach> {
  const names = [...keys, ...lookupsOf(keys), ...strangers.map((subject) => `subject:${subject}`)]
  const locks = { trx, siteId, most }
  const [, areFree, holders] = await together(
    shareResolution(trx, siteId),
    tryToLock(locks, names),
    holdersOf(trx, siteId, keys),
  )
  if (areFree) {
    const owners = ownersOf(holders)
    const [areMine, links] = await together(tryToLock(locks, owners), linksOfAssets(trx, owners))
    const isMine = areMine && areStill(holders, links) && (await tryToLock(locks, marked(links)))
    if (isMine) return { owners, links }
  }
  await before?.()
  // Each statement sees what was committed before it begins, which is when it has got what the one before it waited for.
  let [, seen] = await together(lock(locks, names), holdersOf(trx, siteId, keys))
  for (;;) {
    const owners = ownersOf(seen)
    const [, links] = await together(lock(locks, owners), linksOfAssets(trx, owners))
    await lock(locks, marked(links))
    if (areStill(seen, links)) return { owners, links }
    seen = await holdersOf(trx, siteId, keys)
  }
}

/**
 * How many locks one message may take of this server: two are in hand at once, each with as many assets as keys at most,
 * and the table of locks is everybody's.
 */
export async function locksOfMessage(db: Executor): Promise<number> {
  const { rows } = await sql<{ all: number }>`
    select current_setting('max_locks_per_transaction')::integer * current_setting('max_connections')::integer as all`.execute(
    db,
  )
  return Math.floor((rows[0]?.all ?? 0) / 6)
}

function ownersOf(holders: readonly Holding[]): readonly string[] {
  return [...new Set(holders.map(({ assetId }) => assetId))]
}

/** A serial number is looked up with its strokes, and linked without. */
function lookupsOf(keys: readonly string[]): readonly string[] {
  return keys
    .filter((key) => key.startsWith('serial:') && key.includes('/'))
    .map((key) => key.replaceAll('/', '-'))
}

/** Addresses that an asset was seen with and does not hold: it may get them without being named. */
function marked(links: readonly KeyLink[]): readonly string[] {
  const held = new Set(links.map(({ assetId, key }) => `${assetId} ${key}`))
  return links.flatMap(({ assetId, key, kind }) => {
    if (kind !== 'binding') return []
    const ip = /^(?:proven|seen):[^/]+\/(.+)$/.exec(key)?.[1]
    return ip === undefined || held.has(`${assetId} ip:${ip}`) ? [] : [`ip:${ip}`]
  })
}

/** False when a key went to another asset after it was read whose it is, and before that asset was locked. */
function areStill(holders: readonly Holding[], links: readonly KeyLink[]): boolean {
  const now = new Set(links.map(({ assetId, key }) => `${assetId} ${key}`))
  return holders.every(({ assetId, key }) => now.has(`${assetId} ${key}`))
}

interface Locks {
  readonly trx: Trx
  readonly siteId: string
  readonly most: number
}

const hashes = (siteId: string, names: readonly string[]) => sql`(
  select distinct hashtextextended(${`reach/${siteId}/`} || name, 0) as hash from unnest(${names}::text[]) as name
  order by hash offset 0) as wanted`

/** Takes all that nobody has; true when that is all. */
async function tryToLock({ trx, siteId, most }: Locks, names: readonly string[]): Promise<boolean> {
  if (names.length === 0) return true
  if (names.length > most) return false
  const { rows } = await sql<{ isMine: boolean }>`
    select bool_and(pg_try_advisory_xact_lock(hash)) as "isMine" from ${hashes(siteId, names)}`.execute(
    trx,
  )
  return rows[0]?.isMine === true
}

/** In one order everywhere, so that two seldom wait for each other. */
async function lock({ trx, siteId, most }: Locks, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  if (names.length > most) await lockResolution(trx, siteId)
  else
    await sql`select count(pg_advisory_xact_lock(hash)) from ${hashes(siteId, names)}`.execute(trx)
}
