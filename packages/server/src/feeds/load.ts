import { createHash } from 'node:crypto'
import { BadDocument, type BadRecord, type FeedFacts } from '@wardkeeper/core'
import type { Db, Trx } from '../store/database.ts'
import { saveFeedFacts } from '../store/feed-facts.ts'
import {
  countSignals,
  finishRun,
  lockFeed,
  quarantine,
  type FeedRow,
  type FeedWay,
  type Quarantined,
} from '../store/feeds.ts'
import { appendOutbox } from '../store/outbox.ts'
import { newId } from '../store/uuid.ts'
import { FeedRefused, type Cursor, type Feed, type FeedDocument, type FeedParsed } from './feed.ts'

/** Everything that the documents of one run told. */
export interface Loaded {
  readonly facts: Partial<FeedFacts>
  readonly bad: readonly Quarantined[]
  readonly read: readonly string[]
  readonly duplicates: number
  readonly notes: number
  /** Documents whose signature was not checked although their publisher signs them. */
  readonly unsigned: number
  /** ms since 1970. */
  readonly date: number | undefined
  readonly cursor: Cursor | undefined
}

/** Clocks differ a little; what is dated later than this after now is wrong. */
const FUTURE_MS = 48 * 3_600_000

/** Reads documents one by one; a bad one is set aside with its reason while the rest goes on. */
export async function loadDocuments(
  feed: Feed,
  documents: AsyncIterator<FeedDocument, Cursor | undefined | void>,
  now: number,
): Promise<Loaded> {
  const parsed = new Map<string, FeedParsed>()
  const hashes = new Map<string, string>()
  const bad: Quarantined[] = []
  const unsigned = new Set<string>()
  let duplicates = 0
  let cursor: Cursor | undefined
  for (;;) {
    const next = await documents.next()
    if (next.done === true) {
      cursor = next.value ?? undefined
      break
    }
    const document = next.value
    const hash = hashOf(document.bytes)
    if (hashes.get(document.name) === hash) duplicates++
    else {
      try {
        parsed.set(document.name, await readDocument(feed, document, now))
        hashes.set(document.name, hash)
        if (feed.hasSignatures === true && document.isSigned !== true) unsigned.add(document.name)
        else unsigned.delete(document.name)
      } catch (error) {
        if (!(error instanceof BadDocument)) throw error
        bad.push(setAside(document, hash, error.message))
      }
    }
  }
  const [first] = bad
  if (parsed.size === 0 && first !== undefined) {
    const others = bad.length > 1 ? ` (and ${bad.length - 1} more documents)` : ''
    throw new FeedRefused(`${first.name}: ${first.reason}${others}`)
  }
  const joined = feed.join?.([...parsed.values()].flatMap(({ records }) => records ?? []))
  const records = [...[...parsed.values()].flatMap((one) => one.bad), ...(joined?.bad ?? [])]
  return {
    facts: joinFacts([...[...parsed.values()].map(({ facts }) => facts), joined ?? {}]),
    bad: [...bad, ...records.map(recordAside)],
    read: [...parsed.keys()],
    duplicates,
    unsigned: unsigned.size,
    notes: [...parsed.values()].reduce((sum, { notes }) => sum + (notes?.length ?? 0), 0),
    date: newest([...parsed.values()]),
    cursor,
  }
}

async function readDocument(feed: Feed, document: FeedDocument, now: number): Promise<FeedParsed> {
  if (document.problem !== undefined) throw new BadDocument(document.problem)
  if (document.bytes.length > feed.maxBytes) {
    throw new BadDocument(
      `The document is larger than ${feed.maxBytes.toLocaleString('en')} bytes.`,
    )
  }
  const parsed: FeedParsed = await feed.parse(document)
  if (parsed.date !== undefined) {
    const time = Date.parse(parsed.date)
    if (Number.isNaN(time)) throw new BadDocument(`Its date "${parsed.date.slice(0, 40)}" is none.`)
    if (time > now + FUTURE_MS) {
      throw new BadDocument(
        `It is dated ${parsed.date.slice(0, 10)}, which is in the future. Look at the clock of this machine, then at the source.`,
      )
    }
  }
  return parsed
}

function newest(parsed: readonly FeedParsed[]): number | undefined {
  const times = parsed.flatMap(({ date }) => (date === undefined ? [] : Date.parse(date)))
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.max(a, b))
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function setAside({ name, bytes }: FeedDocument, hash: string, reason: string): Quarantined {
  return { name, hash, reason, bytes: bytes.length, raw: bytes }
}

function recordAside({ name, reason, raw }: BadRecord): Quarantined {
  const bytes = Buffer.from(raw)
  return { name, hash: hashOf(bytes), reason, bytes: bytes.length, raw: bytes }
}

const KINDS = [
  'advisories',
  'signals',
  'sboms',
  'statements',
  'support',
  'patches',
  'identifiers',
  'productCodes',
] as const satisfies readonly (keyof FeedFacts)[]

function joinFacts(all: readonly Partial<FeedFacts>[]): Partial<FeedFacts> {
  return Object.fromEntries(
    KINDS.map(
      (kind) => [kind, all.flatMap((facts): readonly unknown[] => facts[kind] ?? [])] as const,
    ).filter(([, list]) => list.length > 0),
  )
}

export interface LoadedBy {
  readonly way: FeedWay
  readonly by: string
  readonly started: number
  /** When the source was looked at; the making of the bundle for what came in one. */
  readonly seen: number
}

export interface LoadOutcome {
  readonly feedId: string
  readonly outcome: 'changed' | 'unchanged'
  readonly counts: Readonly<Record<string, number>>
}

/** Saves what a run told, its quarantine and its message in the transaction of the caller: all of it or nothing. */
export async function saveLoaded(
  trx: Trx,
  feed: Feed,
  loaded: Loaded,
  { way, by, started, seen }: LoadedBy,
): Promise<LoadOutcome> {
  const row = await lockFeed(trx, feed.id)
  if (feed.isWhole && loaded.read.length > 0) await refuseWorse(trx, feed, row, loaded)
  const changed = await saveFeedFacts(trx, loaded.facts, feed.id, seen)
  await quarantine(trx, feed.id, loaded.bad, loaded.read, Date.now())
  const counts = {
    documents: loaded.read.length,
    ...Object.fromEntries(Object.entries(loaded.facts).map(([kind, list]) => [kind, list.length])),
    changed: changed.length,
    quarantined: loaded.bad.length,
    duplicates: loaded.duplicates,
    notes: loaded.notes,
    unsigned: loaded.unsigned,
  }
  const outcome = loaded.read.length === 0 ? 'unchanged' : 'changed'
  await finishRun(trx, {
    feedId: feed.id,
    way,
    by,
    started,
    ended: Date.now(),
    outcome,
    counts,
    seen,
    ...(loaded.cursor !== undefined && { cursor: loaded.cursor }),
    ...(loaded.date !== undefined && { dataDate: loaded.date }),
  })
  await publish(trx, feed.id, changed, loaded)
  return { feedId: feed.id, outcome, counts }
}

/** An older statement, or one that lost half of what it had, is not the whole truth of today. */
async function refuseWorse(
  trx: Trx,
  feed: Feed,
  row: FeedRow,
  { date, facts }: Loaded,
): Promise<void> {
  if (date !== undefined && row.dataDate !== undefined && date < row.dataDate) {
    throw new FeedRefused(
      `It is of ${dayText(date)}, older than what is stored (${dayText(row.dataDate)}). Nothing was changed.`,
    )
  }
  const count = facts.signals?.length ?? 0
  const known = await countSignals(trx, feed.id)
  if (count * 2 < known) {
    throw new FeedRefused(
      `It has ${count} entries where ${known} are stored: it seems to be cut short. Nothing was changed.`,
    )
  }
}

function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

const IDS_PER_MESSAGE = 2000

/** Findings follow advisories, risk follows signals: both hear of it with the commit. */
async function publish(
  trx: Trx,
  feedId: string,
  changed: readonly string[],
  loaded: Loaded,
): Promise<void> {
  const run = newId()
  const others = (['sboms', 'statements', 'support'] as const).flatMap((kind) =>
    (loaded.facts[kind] ?? []).map(({ id }) => id),
  )
  const ids = [...changed, ...others]
  const messages = []
  for (let start = 0; start < ids.length; start += IDS_PER_MESSAGE) {
    const advisoryIds = ids.slice(start, start + IDS_PER_MESSAGE)
    const id = `feed/${feedId}/${run}/${start}`
    messages.push({ subject: 'advisory.published', id, payload: { siteId: '*', advisoryIds } })
  }
  if (loaded.read.length > 0) {
    const kinds = Object.keys(loaded.facts)
    messages.push({
      subject: 'feed.loaded',
      id: `feed.loaded/${feedId}/${run}`,
      payload: { feedId, kinds },
    })
  }
  await appendOutbox(trx, messages)
}

/** Writes down that a run was refused or broke; what is stored stays as it was. */
export async function recordFailure(
  db: Db,
  feed: Feed,
  error: unknown,
  by: Omit<LoadedBy, 'seen'>,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockFeed(trx, feed.id)
    await finishRun(trx, {
      feedId: feed.id,
      way: by.way,
      by: by.by,
      started: by.started,
      ended: Date.now(),
      outcome: error instanceof FeedRefused || error instanceof BadDocument ? 'refused' : 'failed',
      problem: error instanceof Error ? error.message : String(error),
      counts: {},
    })
  })
}
