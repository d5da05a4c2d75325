import type { ObservedFact } from '@wardkeeper/core'
import { sql, type RawBuilder } from 'kysely'
import { toPlainList } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import {
  addUp,
  findNumbers,
  MOST_COUNTED,
  rowsOf,
  type DistinctFact,
  type NamedNumbers,
  type ObservationColumns,
  type OwnedFact,
} from './observation-rows.ts'
import { asStoredTime, toIndexedText } from './time.ts'

/** Values of one field of one asset that identification looks at; a name server sees thousands. */
const VALUES_PER_FIELD = 64

/** As the unique index of `observations` says it: two facts with one of these are the same fact. */
export const SAME_FACT = sql`(asset, field, hashtextextended(value, (sensor::bigint << 32) | subject))`
const ADDED_UP = sql`
  first_seen = least(observations.first_seen, excluded.first_seen),
  last_seen = greatest(observations.last_seen, excluded.last_seen),
  count = least(observations.count::bigint + excluded.count, ${sql.lit(MOST_COUNTED)})`

export interface SaveOptions {
  /** Numbers of the assets, where they are known. */
  readonly numbers?: ReadonlyMap<string, number>
  /** Numbers of what the facts name, where they are known. */
  readonly named?: NamedNumbers
  /** Whether likely none of them is stored yet: then they are laid down unasked, and only where one is there added up. */
  readonly areNew?: boolean
  /** Called when the rows are on their way: the database needs as long for them as anything else takes. */
  readonly meanwhile?: (() => void) | undefined
}

export interface SavedFacts {
  /** Assets that got a bearing fact which they had never shown before. */
  readonly fresh: ReadonlySet<string>
  /** Whether none of the facts was there before. */
  readonly wereNew: boolean
}

/** Fewer rows are not worth the two statements around them. */
const LAID_UNASKED = 100

/** Adds facts up. */
export async function saveObservations(
  trx: Trx,
  siteId: string,
  facts: readonly OwnedFact[],
  { numbers, named, areNew = false, meanwhile = () => undefined }: SaveOptions = {},
): Promise<SavedFacts> {
  if (facts.length === 0) return { fresh: new Set(), wereNew: true }
  const numberOf = numbers ?? (await numbersOfAssets(trx, assetsOf(facts)))
  const told = named ?? (await findNumbers(trx, siteId, factsOf(facts)))
  const { count, columns, idOf, bearing } = rowsOf(facts, numberOf, told)
  const insert = insertOf(columns)
  if (areNew && count >= LAID_UNASKED && (await layUnasked(trx, insert, meanwhile))) {
    return { fresh: bearing, wereNew: true }
  }
  const saving = sql<{ fresh: readonly number[]; wereNew: boolean }>`
    with saved as (
      ${insert} on conflict ${SAME_FACT} do update set ${ADDED_UP}, bears = excluded.bears
      returning asset, bears, xmax = 0 as is_new
    )
    select coalesce(array_agg(distinct asset) filter (where bears and is_new and asset <> 0), '{}') as fresh,
      bool_and(is_new) as "wereNew" from saved`.execute(trx)
  const [saved] = (await whileWaiting(saving, meanwhile)).rows
  const fresh = saved?.fresh.flatMap((asset) => idOf.get(asset) ?? [])
  return { fresh: new Set(fresh), wereNew: saved?.wereNew === true }
}

function factsOf(owned: readonly OwnedFact[]): readonly ObservedFact[] {
  return owned.map(({ fact }) => fact)
}

function assetsOf(facts: readonly OwnedFact[]): readonly string[] {
  return [...new Set(facts.flatMap(({ assetId }) => assetId ?? []))]
}

function insertOf(columns: ObservationColumns): RawBuilder<unknown> {
  // The lists side by side, all of one length: in a `from` the server lays each of them down as a table first, 4.4 > 2.5 µs a row.
  const { first, last, frame, flow, asset, subject, field, sensor, file, count, bears, value } =
    columns
  return sql`
    insert into observations (first_seen, last_seen, frame, flow, asset, subject, field, sensor, file, count, bears,
      value)
    select unnest(${first}::timestamptz[]), unnest(${last}::timestamptz[]), unnest(${frame}::bigint[]),
      unnest(${flow}::bigint[]), unnest(${asset}::integer[]), unnest(${subject}::integer[]), unnest(${field}::integer[]),
      unnest(${sensor}::integer[]), unnest(${file}::integer[]), unnest(${count}::integer[]),
      unnest(${bears}::boolean[]), unnest(${value}::text[])`
}

/**
 * False, with nothing written, where one of the facts is stored already: the unique index refuses it. A row that is asked
 * for before it is laid down is looked up and written twice: 22 > 16 µs of the database (`npm run bench:rows`).
 */
async function layUnasked(
  trx: Trx,
  insert: RawBuilder<unknown>,
  meanwhile: () => void,
): Promise<boolean> {
  await sql`savepoint unasked`.execute(trx)
  const isLaid = await whileWaiting(insert.execute(trx), meanwhile).then(
    () => true,
    (error: unknown) => {
      if (isDuplicate(error)) return false
      throw error
    },
  )
  if (!isLaid) await sql`rollback to savepoint unasked`.execute(trx)
  await sql`release savepoint unasked`.execute(trx)
  return isLaid
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}

async function whileWaiting<Answer>(
  statement: Promise<Answer>,
  meanwhile: () => void,
): Promise<Answer> {
  const immediate = setImmediate(meanwhile)
  return await statement.finally(() => clearImmediate(immediate))
}

async function numbersOfAssets(
  db: Executor,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; number: number }>`
    select id, number from assets where id = any(${ids}::uuid[])`.execute(db)
  return new Map(rows.map(({ id, number }) => [id, number]))
}

/** Which facts are wanted: all, those that are marked to bear on their asset, those of some fields. */
export interface FactChoice {
  readonly bearing?: boolean
  readonly fields?: readonly string[]
}

/** Facts of each asset, the newest values of each field when there are very many. */
export async function loadFacts(
  db: Executor,
  assetIds: readonly string[],
  { bearing = false, fields }: FactChoice = {},
): Promise<ReadonlyMap<string, readonly ObservedFact[]>> {
  if (assetIds.length === 0) return new Map()
  const numbers = await numbersOfAssets(db, assetIds)
  const idOf = new Map([...numbers].map(([id, number]) => [number, id]))
  const chosen = [
    sql`asset = any(${toPlainList([...idOf.keys()])}::integer[])`,
    ...(bearing ? [sql`bears`] : []),
    ...(fields === undefined
      ? []
      : [
          sql`field = any(array(select id from observation_names where kind = 'field' and name = any(${fields}::text[])))`,
        ]),
  ]
  const { rows } = await sql<ObservationRow & { asset: number }>`
    select o.asset, s.name as sensor, nullif(u.mac, '') as mac, nullif(u.ip, '') as ip, f.name as field,
      o.value, o.first_seen, o.last_seen, o.count, p.name as file, nullif(o.frame, 0) as frame,
      nullif(o.flow, 0) as flow
    from (
      select *, row_number() over (partition by asset, field order by last_seen desc, value, sensor, subject) as place
      from observations where ${sql.join(chosen, sql` and `)}
    ) as o
    join observation_names f on f.id = o.field
    join observation_names s on s.id = o.sensor
    join observation_subjects u on u.id = o.subject
    left join observation_names p on p.id = o.file
    where o.place <= ${VALUES_PER_FIELD} order by o.first_seen, f.name, o.value`.execute(db)
  const facts = new Map<string, ObservedFact[]>()
  for (const row of rows) {
    const id = idOf.get(row.asset) ?? ''
    const list = facts.get(id)
    if (list) list.push(factOf(row))
    else facts.set(id, [factOf(row)])
  }
  return facts
}

/** Facts of assets that nothing is stored of yet, as `loadFacts` will give them back once they are saved. */
export function factsInHand(
  facts: readonly OwnedFact[],
  { bearing = false }: { readonly bearing?: boolean } = {},
): ReadonlyMap<string, readonly ObservedFact[]> {
  const wanted = addUp(facts).filter(({ bears }) => bears || !bearing)
  const byAsset = Map.groupBy(wanted, ({ assetId }) => assetId)
  return new Map(
    [...byAsset].flatMap(([id, own]) => (id === undefined ? [] : [[id, asLoaded(own)]])),
  )
}

function asLoaded(facts: readonly DistinctFact[]): readonly ObservedFact[] {
  const stored = facts.map(asStored)
  const newest = [...Map.groupBy(stored, ({ field }) => field).values()].flatMap((own) =>
    own.length <= VALUES_PER_FIELD
      ? own
      : own
          .toSorted((a, b) => b.last - a.last || compareTexts(a.value, b.value))
          .slice(0, VALUES_PER_FIELD),
  )
  return newest.toSorted(
    (a, b) => a.first - b.first || compareTexts(a.field, b.field) || compareTexts(a.value, b.value),
  )
}

function asStored({ fact, field, value, first, last, count }: DistinctFact): ObservedFact {
  const { mac, ip } = fact.subject
  const { file, frame, flow } = fact.evidence
  return factOf({
    sensor: toIndexedText(fact.sensor),
    mac: mac ? toIndexedText(mac) : null,
    ip: ip ? toIndexedText(ip) : null,
    field,
    value,
    first_seen: asStoredTime(first),
    last_seen: asStoredTime(last),
    count: Math.min(count, MOST_COUNTED),
    file: file === undefined ? null : toIndexedText(file),
    frame: frame || null,
    flow: flow || null,
  })
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

interface ObservationRow {
  readonly sensor: string
  readonly mac: string | null
  readonly ip: string | null
  readonly field: string
  readonly value: string
  readonly first_seen: number
  readonly last_seen: number
  readonly count: number
  readonly file: string | null
  readonly frame: number | null
  readonly flow: number | null
}

function factOf(row: ObservationRow): ObservedFact {
  return {
    subject: {
      ...(row.mac === null ? {} : { mac: row.mac }),
      ...(row.ip === null ? {} : { ip: row.ip }),
    },
    field: row.field,
    value: row.value,
    sensor: row.sensor,
    first: row.first_seen,
    last: row.last_seen,
    count: row.count,
    evidence: {
      ...(row.file === null ? {} : { file: row.file }),
      ...(row.frame === null ? {} : { frame: row.frame }),
      ...(row.flow === null ? {} : { flow: row.flow }),
    },
  }
}

/** The mark of a row that is laid elsewhere: while marks are made anew it could come to a place that was passed already. */
export function marked(bears: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`(${bears} or exists (select from observation_marks where not is_done))`
}

/** Facts of one asset become facts of another: all of them, or those about one address. */
export async function moveObservations(
  trx: Trx,
  from: string,
  into: string,
  ip?: string,
): Promise<void> {
  const onlyIp =
    ip === undefined
      ? sql``
      : sql`and subject in (select id from observation_subjects where ip = ${ip})`
  await sql`
    with moved as (
      delete from observations where asset = (select number from assets where id = ${from}) ${onlyIp} returning *
    )
    insert into observations
      (first_seen, last_seen, frame, flow, asset, subject, field, sensor, file, count, value, bears)
    select first_seen, last_seen, frame, flow, (select number from assets where id = ${into}), subject, field, sensor,
      file, count, value, ${marked(sql`bears`)} from moved
    on conflict ${SAME_FACT} do update set ${ADDED_UP}`.execute(trx)
}
