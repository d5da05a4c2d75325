import type { KeyLink } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Trx } from './database.ts'
import { holdersOf, linksOfAssets, type Holding } from './key-links.ts'
import { lockResolution, shareResolution } from './merge.ts'
import { together } from './together.ts'

/**
 * So many locks of one transaction fit into a server as it is set up at first (64 for each of 100 connections), with three
 * such transactions at once; who reaches further has the whole site.
 */
const MOST_LOCKS = 1000

export interface Wanted {
  readonly keys: readonly string[]
  /** Subjects of facts that give no key: their facts are rows, too. */
  readonly strangers: readonly string[]
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
 * not. `before` waits for the message before this one, and throws when that one has to be tried again first; it is asked
 * when both want the same, with no row locked.
 */
export async function takeReach(
  trx: Trx,
  siteId: string,
  { keys, strangers }: Wanted,
  before: () => Promise<void> = async () => undefined,
): Promise<Reach> {
  const names = [...keys, ...strangers.map((subject) => `subject:${subject}`)]
  if (names.length > MOST_LOCKS) {
    await lockResolution(trx, siteId)
    await before()
    return await readReach(trx, siteId, keys)
  }
  const [, areFree, holders] = await together(
    shareResolution(trx, siteId),
    tryToLock(trx, siteId, names),
    holdersOf(trx, siteId, keys),
  )
  if (areFree) {
    const owners = ownersOf(holders)
    const [isMine, links] = await together(
      tryToLock(trx, siteId, owners),
      linksOfAssets(trx, owners),
    )
    if (isMine && areStill(holders, links)) return { owners, links }
  }
  await before()
  await lock(trx, siteId, names)
  for (;;) {
    const seen = await holdersOf(trx, siteId, keys)
    const owners = ownersOf(seen)
    await lock(trx, siteId, owners)
    const links = await linksOfAssets(trx, owners)
    if (areStill(seen, links)) return { owners, links }
  }
}

async function readReach(trx: Trx, siteId: string, keys: readonly string[]): Promise<Reach> {
  const owners = ownersOf(await holdersOf(trx, siteId, keys))
  return { owners, links: await linksOfAssets(trx, owners) }
}

function ownersOf(holders: readonly Holding[]): readonly string[] {
  return [...new Set(holders.map(({ assetId }) => assetId))]
}

/** False when a key went to another asset after it was read whose it is, and before that asset was locked. */
function areStill(holders: readonly Holding[], links: readonly KeyLink[]): boolean {
  const now = new Set(links.map(({ assetId, key }) => `${assetId} ${key}`))
  return holders.every(({ assetId, key }) => now.has(`${assetId} ${key}`))
}

const hashes = (siteId: string, names: readonly string[]) => sql`(
  select distinct hashtextextended(${`reach/${siteId}/`} || name, 0) as hash from unnest(${names}::text[]) as name
  order by hash offset 0) as wanted`

/** Takes all that nobody has; true when that is all. */
async function tryToLock(trx: Trx, siteId: string, names: readonly string[]): Promise<boolean> {
  if (names.length === 0) return true
  const { rows } = await sql<{ isMine: boolean }>`
    select bool_and(pg_try_advisory_xact_lock(hash)) as "isMine" from ${hashes(siteId, names)}`.execute(
    trx,
  )
  return rows[0]?.isMine === true
}

/** In one order everywhere, so that two seldom wait for each other. */
async function lock(trx: Trx, siteId: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await sql`select count(pg_advisory_xact_lock(hash)) from ${hashes(siteId, names)}`.execute(trx)
}
