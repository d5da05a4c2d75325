import type { ObservedFact } from '@wardkeeper/core'
import { sql, type RawBuilder } from 'kysely'
import { toBooleans, toIntegers, toLongs, toTexts, toTimes } from './binary-lists.ts'
import { toPlainList } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { findNames, findSubjects, subjectKey } from './observation-names.ts'
import { asStoredTime, fitTime, toDatabaseText, toIndexedText } from './time.ts'
import { together } from './together.ts'

export interface OwnedFact {
  readonly fact: ObservedFact
  readonly assetId: string | undefined
  /** Whether it can change what is known of its asset; taken to when left out. */
  readonly bears?: boolean
}

/** Values of one field of one asset that identification looks at; a name server sees thousands. */
const VALUES_PER_FIELD = 64
const MOST_COUNTED = 2_147_483_647

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
  /** Called when the rows are on their way: the database needs as long for them as anything else takes. */
  readonly meanwhile?: (() => void) | undefined
}

/** Adds facts up; answers with the assets that got a bearing fact which they had never shown before. */
export async function saveObservations(
  trx: Trx,
  siteId: string,
  facts: readonly OwnedFact[],
  { numbers, named, meanwhile = () => undefined }: SaveOptions = {},
): Promise<ReadonlySet<string>> {
  const distinct = addUp(facts)
  if (distinct.length === 0) return new Set()
  const rows = numbered(
    distinct,
    numbers ?? (await numbersOfAssets(trx, assetsOf(distinct))),
    named ??
      (await findNumbers(
        trx,
        siteId,
        distinct.map(({ fact }) => fact),
      )),
  )
  const column = (name: NumberColumn) => toIntegers(rows.map((row) => row[name]))
  // The lists side by side, all of one length: in a `from` the server lays each of them down as a table first, 4.4 > 2.5 µs a row.
  const saving = sql<{ asset: number }>`
    with saved as (
      insert into observations (first_seen, last_seen, frame, flow, asset, subject, field, sensor, file, count, bears,
        value)
      select unnest(${toTimes(rows.map(({ first }) => first))}::timestamptz[]),
        unnest(${toTimes(rows.map(({ last }) => last))}::timestamptz[]),
        unnest(${toLongs(rows.map(({ frame }) => frame))}::bigint[]), unnest(${toLongs(rows.map(({ flow }) => flow))}::bigint[]),
        unnest(${column('asset')}::integer[]), unnest(${column('subject')}::integer[]),
        unnest(${column('field')}::integer[]), unnest(${column('sensor')}::integer[]),
        unnest(${column('file')}::integer[]), unnest(${column('count')}::integer[]),
        unnest(${toBooleans(rows.map(({ bears }) => bears))}::boolean[]), unnest(${toTexts(rows.map(({ value }) => value))}::text[])
      on conflict ${SAME_FACT} do update set ${ADDED_UP}, bears = excluded.bears
      returning asset, bears and xmax = 0 as is_news
    )
    select distinct asset from saved where is_news and asset <> 0`.execute(trx)
  const immediate = setImmediate(meanwhile)
  const saved = await saving.finally(() => clearImmediate(immediate))
  const fresh = new Set(saved.rows.map(({ asset }) => asset))
  return new Set(
    rows.flatMap(({ asset, assetId }) =>
      assetId !== undefined && fresh.has(asset) ? [assetId] : [],
    ),
  )
}

interface DistinctFact {
  readonly assetId: string | undefined
  readonly fact: ObservedFact
  readonly field: string
  readonly value: string
  readonly bears: boolean
  first: number
  last: number
  count: number
}

/** One statement must not touch a row twice. */
function addUp(facts: readonly OwnedFact[]): readonly DistinctFact[] {
  const distinct = new Map<string, DistinctFact>()
  for (const { fact, assetId, bears = true } of facts) {
    const { mac = '', ip = '' } = fact.subject
    const field = toIndexedText(fact.field)
    const value = toDatabaseText(fact.value)
    const key = `${assetId}\x1f${fact.sensor}\x1f${mac}\x1f${ip}\x1f${field}\x1f${value}`
    const same = distinct.get(key)
    if (same === undefined) {
      const { first, last, count } = fact
      distinct.set(key, { assetId, fact, field, value, bears, first, last, count })
      continue
    }
    same.first = Math.min(same.first, fact.first)
    same.last = Math.max(same.last, fact.last)
    same.count += fact.count
  }
  return [...distinct.values()]
}

interface NumberedFact {
  readonly assetId: string | undefined
  readonly first: number
  readonly last: number
  readonly frame: number
  readonly flow: number
  readonly asset: number
  readonly subject: number
  readonly field: number
  readonly sensor: number
  readonly file: number
  readonly count: number
  readonly bears: boolean
  readonly value: string
}

type NumberColumn = 'asset' | 'subject' | 'field' | 'sensor' | 'file' | 'count'

/** Numbers in place of the texts that many facts share. */
export interface NamedNumbers {
  readonly names: Awaited<ReturnType<typeof findNames>>
  readonly subjects: Awaited<ReturnType<typeof findSubjects>>
}

/** What stands for the fields, sensors, files and subjects of these facts in `observations`; what is new gets a number. */
export async function findNumbers(
  trx: Trx,
  siteId: string,
  facts: readonly ObservedFact[],
): Promise<NamedNumbers> {
  const [names, subjects] = await together(
    findNames(trx, siteId, {
      field: facts.map(({ field }) => toIndexedText(field)),
      sensor: facts.map(({ sensor }) => toIndexedText(sensor)),
      file: facts.flatMap(({ evidence }) => evidence.file ?? []).map(toIndexedText),
    }),
    findSubjects(
      trx,
      facts.map(({ subject }) => subject),
    ),
  )
  return { names, subjects }
}

function assetsOf(facts: readonly DistinctFact[]): readonly string[] {
  return [...new Set(facts.flatMap(({ assetId }) => (assetId === undefined ? [] : [assetId])))]
}

function numbered(
  facts: readonly DistinctFact[],
  numberOf: ReadonlyMap<string, number>,
  { names, subjects }: NamedNumbers,
): readonly NumberedFact[] {
  return facts.map(({ assetId, fact, field, value, bears, first, last, count }) => {
    const { file, frame = 0, flow = 0 } = fact.evidence
    return {
      assetId,
      first: fitTime(first),
      last: fitTime(last),
      frame,
      flow,
      asset: assetId === undefined ? 0 : (numberOf.get(assetId) ?? 0),
      subject: subjects.get(subjectKey(fact.subject)) ?? 0,
      field: names.field.get(field) ?? 0,
      sensor: names.sensor.get(toIndexedText(fact.sensor)) ?? 0,
      file: file === undefined ? 0 : (names.file.get(toIndexedText(file)) ?? 0),
      count: Math.min(count, MOST_COUNTED),
      bears,
      value,
    }
  })
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
