import { rememberedFor, type ObservedFact } from '@wardkeeper/core'
import { toBooleans, toIntegers, toLongs, toTexts, toTimes } from './binary-lists.ts'
import type { Trx } from './database.ts'
import { findNames, findSubjects, subjectKey } from './observation-names.ts'
import { fitTime, toDatabaseText, toIndexedText } from './time.ts'
import { together } from './together.ts'

export interface OwnedFact {
  readonly fact: ObservedFact
  readonly assetId: string | undefined
  /** Whether it can change what is known of its asset; taken to when left out. */
  readonly bears?: boolean
}

/** As many as the column can count. */
export const MOST_COUNTED = 2_147_483_647

export interface DistinctFact {
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
export function addUp(facts: readonly OwnedFact[]): readonly DistinctFact[] {
  const distinct: DistinctFact[] = []
  const told = new Map<string, Map<string, DistinctFact>>()
  let before: OwnedFact | undefined
  let ofOne = new Map<string, DistinctFact>()
  for (const owned of facts) {
    const { fact, assetId, bears = true } = owned
    // Facts of one device mostly follow each other, and long texts take longer to look up than to make.
    if (!isOfSame(before, owned)) {
      const { mac = '', ip = '' } = fact.subject
      const who = `${assetId}\x1f${fact.sensor}\x1f${mac}\x1f${ip}`
      ofOne = told.get(who) ?? new Map<string, DistinctFact>()
      told.set(who, ofOne)
    }
    before = owned
    const field = toIndexedText(fact.field)
    const value = toDatabaseText(fact.value)
    const what = `${field}\x1f${value}`
    const same = ofOne.get(what)
    if (same === undefined) {
      const { first, last, count } = fact
      const one = { assetId, fact, field, value, bears, first, last, count }
      distinct.push(one)
      ofOne.set(what, one)
      continue
    }
    same.first = Math.min(same.first, fact.first)
    same.last = Math.max(same.last, fact.last)
    same.count += fact.count
  }
  return distinct
}

function isOfSame(before: OwnedFact | undefined, now: OwnedFact): boolean {
  return (
    before !== undefined &&
    before.assetId === now.assetId &&
    before.fact.subject === now.fact.subject &&
    before.fact.sensor === now.fact.sensor
  )
}

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

/** Columns of `observations`, one as long as the other, as the database takes them. */
export interface ObservationColumns {
  readonly first: Buffer
  readonly last: Buffer
  readonly frame: Buffer
  readonly flow: Buffer
  readonly asset: Buffer
  readonly subject: Buffer
  readonly field: Buffer
  readonly sensor: Buffer
  readonly file: Buffer
  readonly count: Buffer
  readonly bears: Buffer
  readonly value: Buffer
}

export interface ObservationRows {
  readonly count: number
  readonly columns: ObservationColumns
  /** Assets by their numbers. */
  readonly idOf: ReadonlyMap<number, string>
  /** Assets that one of the facts bears on. */
  readonly bearing: ReadonlySet<string>
}

/**
 * The rows of these facts, each fact once. Of what is made on the way only the columns are left: the database works on them
 * for as long as all else takes, and what stands there meanwhile is copied by each collection of young objects.
 */
export function rowsOf(
  facts: readonly OwnedFact[],
  numberOf: ReadonlyMap<string, number>,
  { names, subjects }: NamedNumbers,
): ObservationRows {
  const rows = addUp(facts)
  const assets = rows.map(({ assetId }) =>
    assetId === undefined ? 0 : (numberOf.get(assetId) ?? 0),
  )
  const subjectNumber = rememberedFor((subject: ObservedFact['subject']) =>
    subjects.get(subjectKey(subject)),
  )
  const integers = (valueOf: (row: DistinctFact) => number | undefined) =>
    toIntegers(rows.map((row) => valueOf(row) ?? 0))
  const columns = {
    first: toTimes(rows.map(({ first }) => fitTime(first))),
    last: toTimes(rows.map(({ last }) => fitTime(last))),
    frame: toLongs(rows.map(({ fact }) => fact.evidence.frame ?? 0)),
    flow: toLongs(rows.map(({ fact }) => fact.evidence.flow ?? 0)),
    asset: toIntegers(assets),
    subject: integers(({ fact }) => subjectNumber(fact.subject)),
    field: integers(({ field }) => names.field.get(field)),
    sensor: integers(({ fact }) => names.sensor.get(toIndexedText(fact.sensor))),
    file: integers(({ fact: { evidence } }) =>
      evidence.file === undefined ? 0 : names.file.get(toIndexedText(evidence.file)),
    ),
    count: integers(({ count }) => Math.min(count, MOST_COUNTED)),
    bears: toBooleans(rows.map(({ bears }) => bears)),
    value: toTexts(rows.map(({ value }) => value)),
  }
  const idOf = new Map<number, string>()
  const bearing = new Set<string>()
  for (const [place, { assetId, bears }] of rows.entries()) {
    const asset = assets[place] ?? 0
    if (assetId === undefined || asset === 0) continue
    idOf.set(asset, assetId)
    if (bears) bearing.add(assetId)
  }
  return { count: rows.length, columns, idOf, bearing }
}
