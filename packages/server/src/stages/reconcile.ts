import {
  cloneOf,
  findTwins,
  judgeAsset,
  subnetOf,
  suggestPairs,
  type AssetState,
  type AssetView,
  type Claim,
  type Coverage,
  type DeclaredDevice,
  type Discrepancy,
  type Vocabulary,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import type { InventoryContent } from '../content/inventory.ts'
import { loadTwinViews } from '../store/asset-traits.ts'
import { tellChange } from '../store/changes.ts'
import { loadClaims } from '../store/claims.ts'
import type { Db, Executor, Trx } from '../store/database.ts'
import { recordsOfAssets } from '../store/declared-records.ts'
import { endUnasked, openItems, type ItemCandidate, type NewItem } from '../store/reconciliation.ts'
import { loadSeparations } from '../store/regroup.ts'
import { isSilent, listSensors } from '../store/sensors.ts'
import { LAST_SEEN } from '../store/sights.ts'
import { toDatabaseTime } from '../store/time.ts'

const PAGE = 2000
const DAY = 86_400_000
/** Where nothing was heard for so long we cannot say that we listen. */
const HEARD_WITHIN_MS = 2 * DAY
const EVERY_MS = 10 * 60_000

/** Kinds of question that end by themselves when they are no longer asked. */
const WATCHED = [
  'clone',
  'ghost',
  'moved',
  'seen-twice',
  'stranger',
  'wrong-model',
  'wrong-version',
] as const

export interface ReconcileContext {
  readonly db: Db
  readonly vocabulary: Vocabulary
  readonly inventory: InventoryContent
}

/** Holds the records of every site against what is seen there; once in a while, however often it is called. */
export async function reconcileSites(context: ReconcileContext, now: number): Promise<void> {
  const sites = await context.db.selectFrom('sites').select('id').orderBy('id').execute()
  for (const { id } of sites) {
    const last = await context.db
      .selectFrom('match_rates')
      .select('measured_at')
      .where('site_id', '=', id)
      .orderBy('measured_at', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (last === undefined || last.measured_at < now - EVERY_MS)
      await reconcileSite(context, id, now)
  }
}

/** One pass over a site: opens and ends questions, and writes down the match rate of the week. In one transaction. */
export async function reconcileSite(
  { db, vocabulary, inventory }: ReconcileContext,
  siteId: string,
  now: number,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`reconcile/${siteId}`}, 0))`.execute(
      trx,
    )
    const coverage = await loadCoverage(trx, siteId, now)
    const tally = {
      matched: 0,
      ghost: 0,
      'not-observable': 0,
      stranger: 0,
      unconnected: 0,
      aside: 0,
    }
    const found: Discrepancy[] = []
    const halves = new Map<string, Half>()
    let seen = 0
    for await (const view of readViews(trx, siteId, vocabulary)) {
      const { items, standing } = judgeAsset(view, coverage, inventory.matching, now)
      tally[standing]++
      if (view.isSeen) seen++
      found.push(...items)
      if (
        standing === 'ghost' ||
        standing === 'not-observable' ||
        standing === 'stranger' ||
        standing === 'unconnected'
      )
        halves.set(view.assetId, halfOf(view, standing))
    }
    found.push(...(await findClones(trx, siteId)))
    const twins = await seenTwice(trx, siteId)
    const asked = [...withSuggestions(found, halves), ...twins]
    const opened = await openItems(trx, siteId, asked, now)
    const ended = await endUnasked(
      trx,
      siteId,
      WATCHED,
      asked.map(({ question }) => question),
      now,
    )
    await saveRate(trx, siteId, tally, seen, now)
    if (opened + ended > 0) await tellChange(trx, 'reconciliation.changed', siteId, ['*'])
  })
}

async function loadCoverage(db: Executor, siteId: string, now: number): Promise<Coverage> {
  const sensors = (await listSensors(db, [siteId])).filter(({ state }) => state !== 'failed')
  // The clock of a capture is that of its frames; one that was read just now may tell of last year.
  const isListening = sensors.some(
    (sensor) =>
      !isSilent(sensor, now) &&
      sensor.state === 'running' &&
      (sensor.last_frame ?? 0) > now - HEARD_WITHIN_MS,
  )
  const { rows } = await sql<{ ips: readonly string[]; unit: string | null }>`
    select ips, unit from assets join asset_sights on asset_id = id
    where site_id = ${siteId} and is_connected and merged_into is null and seen > ${toDatabaseTime(now - HEARD_WITHIN_MS)}`.execute(
    db,
  )
  return {
    isListening,
    subnets: new Set(
      rows.flatMap(({ ips }) => ips.filter((ip) => !ip.includes(':')).map(subnetOf)),
    ),
    units: new Set(rows.flatMap(({ unit }) => (unit === null ? [] : [unit.toLowerCase()]))),
  }
}

interface AssetRow {
  readonly id: string
  readonly label: string
  readonly state: string
  readonly is_connected: boolean
  readonly last_seen: number
  readonly ips: readonly string[]
  readonly unit: string | null
  readonly type: string | null
  readonly category: string | null
}

/** Every asset of a site, page by page, with what is said and seen of it. */
async function* readViews(
  db: Executor,
  siteId: string,
  vocabulary: Vocabulary,
): AsyncGenerator<AssetView> {
  for (let last = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql<AssetRow>`
      select id, label, state, is_connected, ${LAST_SEEN} as last_seen, ips, unit, type, category from assets
      where site_id = ${siteId} and merged_into is null and id > ${last} order by id limit ${PAGE}`.execute(
      db,
    )
    if (rows.length === 0) return
    const ids = rows.map(({ id }) => id)
    const records = await recordsOfAssets(db, ids)
    // Claims are held against records only where both are.
    const claims = await loadClaims(
      db,
      rows.filter(({ id, is_connected: isSeen }) => isSeen || records.has(id)).map(({ id }) => id),
    )
    const settled = await sql<{
      asset_id: string
      attribute: string
    }>`select asset_id, attribute from accepted_values where asset_id = any(${ids}::uuid[]) and until is null`.execute(
      db,
    )
    const byAsset = Map.groupBy(settled.rows, (row) => row.asset_id)
    for (const row of rows) {
      yield {
        assetId: row.id,
        label: row.label,
        state: row.state as AssetState,
        isSeen: row.is_connected,
        lastSeen: row.last_seen,
        isClinical: isClinical(row, vocabulary),
        ips: row.ips,
        unit: row.unit ?? undefined,
        claims: (claims.get(row.id) ?? []) as readonly Claim[],
        records: (records.get(row.id) ?? []).map(
          ({ id, source, native_key: nativeKey, body, since }) => ({
            id,
            source,
            nativeKey,
            body: body as DeclaredDevice,
            since,
          }),
        ),
        settled: new Set((byAsset.get(row.id) ?? []).map(({ attribute }) => attribute)),
      }
    }
    last = ids.at(-1) ?? last
  }
}

function isClinical({ type, category }: AssetRow, { types, categories }: Vocabulary): boolean {
  const known = type === null ? undefined : types.get(type)
  return (
    known?.isRegulated ??
    (category === null ? false : (categories.get(category)?.isClinical ?? false))
  )
}

interface Half {
  readonly standing: string
  readonly assetId: string
  readonly label: string
  readonly manufacturer: string | undefined
  readonly model: string | undefined
  readonly unit: string | undefined
}

function halfOf(view: AssetView, standing: string): Half {
  const valueOf = (attribute: string) =>
    view.claims.find((claim) => claim.attribute === attribute)?.value
  return {
    standing,
    assetId: view.assetId,
    label: view.label,
    manufacturer: valueOf('manufacturer'),
    model: valueOf('model'),
    unit: view.unit,
  }
}

function withSuggestions(
  found: readonly Discrepancy[],
  halves: ReadonlyMap<string, Half>,
): readonly NewItem[] {
  const all = [...halves.values()]
  const strangers = all.filter(({ standing }) => standing === 'stranger')
  const pairs = suggestPairs(
    strangers,
    all.filter(({ standing }) => standing !== 'stranger'),
  )
  const forStranger = Map.groupBy(pairs, ({ strangerId }) => strangerId)
  const forGhost = Map.groupBy(pairs, ({ ghostId }) => ghostId)
  return found.map((item) => {
    const ghosts = (forStranger.get(item.assetId) ?? []).map(
      ({ ghostId: assetId, label, score, reasons }): ItemCandidate => ({
        assetId,
        label,
        score,
        reasons,
      }),
    )
    const seen = (forGhost.get(item.assetId) ?? []).map(
      ({ strangerId: assetId, score, reasons }): ItemCandidate => ({
        assetId,
        label: halves.get(assetId)?.label ?? '',
        score,
        reasons,
      }),
    )
    const candidates =
      item.kind === 'stranger'
        ? ghosts
        : item.kind === 'ghost'
          ? seen.toSorted((a, b) => b.score - a.score).slice(0, 3)
          : []
    return candidates.length === 0 ? item : { ...item, candidates }
  })
}

async function findClones(db: Executor, siteId: string): Promise<readonly Discrepancy[]> {
  const { rows } = await sql<{
    serial: string
    assets: readonly { assetId: string; label: string }[]
  }>`
    select upper(serial) as serial, jsonb_agg(jsonb_build_object('assetId', id, 'label', label) order by id) as assets from assets
    where site_id = ${siteId} and merged_into is null and serial is not null and length(serial) >= 5 and state not in ('retired', 'disposed')
    group by upper(serial), lower(coalesce(manufacturer, '')) having count(*) > 1 limit 1000`.execute(
    db,
  )
  return rows.flatMap(({ serial, assets }) => cloneOf(serial, assets) ?? [])
}

/** Records that are probably one device, but for pairs that a person keeps apart. */
async function seenTwice(db: Executor, siteId: string): Promise<readonly NewItem[]> {
  const views = await loadTwinViews(db, siteId)
  const apart = new Set(
    (
      await loadSeparations(
        db,
        views.map(({ assetId }) => assetId),
      )
    ).flatMap(([one, other]) => [`${one} ${other}`, `${other} ${one}`]),
  )
  return findTwins(views, (one, other) => apart.has(`${one} ${other}`))
}

async function saveRate(
  trx: Trx,
  siteId: string,
  tally: Readonly<Record<string, number>>,
  seen: number,
  now: number,
): Promise<void> {
  const day = new Date(now)
  // Weeks begin on Monday.
  const week = new Date(now - ((day.getUTCDay() + 6) % 7) * DAY).toISOString().slice(0, 10)
  const count = (name: string) => tally[name] ?? 0
  const open = await trx
    .selectFrom('reconciliation_items')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('site_id', '=', siteId)
    .where('state', '=', 'open')
    .executeTakeFirst()
  const row = {
    records: count('matched') + count('ghost') + count('not-observable'),
    matched: count('matched'),
    not_observable: count('not-observable'),
    seen,
    strangers: count('stranger'),
    open_items: Number(open?.count ?? 0),
    measured_at: toDatabaseTime(now),
  }
  await trx
    .insertInto('match_rates')
    .values({ site_id: siteId, week, ...row })
    .onConflict((conflict) => conflict.columns(['site_id', 'week']).doUpdateSet(row))
    .execute()
}
