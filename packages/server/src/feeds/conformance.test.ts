import { expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import type { Feed, FeedDocument } from './feed.ts'
import { FEEDS } from './index.ts'
import { loadDocuments } from './load.ts'
import { listFeeds, loadByHand } from './service.ts'
import { SAMPLES } from './testing/samples.ts'

const database = useDatabase()
const DAY = '2026-11-20'
const NOW = Date.parse('2026-11-25T12:00:00Z')

async function* given(
  ...documents: readonly FeedDocument[]
): AsyncGenerator<FeedDocument, undefined> {
  yield* documents
  return undefined
}

function sampleOf(feed: Feed, day = DAY): FeedDocument {
  const sample = SAMPLES[feed.id]
  if (sample === undefined) throw new Error(`write a sample of ${feed.id} in testing/samples.ts`)
  return sample(day)
}

const load = (feed: Feed, ...documents: readonly FeedDocument[]) =>
  loadDocuments(feed, given(...documents), NOW)

const CASES = FEEDS.map((feed) => [feed.id, feed] as const)

test.each(CASES)('%s reads its sample and tells something', async (_id, feed) => {
  const { facts, bad, read } = await load(feed, sampleOf(feed))
  expect(read).toHaveLength(1)
  expect(bad).toEqual([])
  expect(Object.values(facts).flat().length).toBeGreaterThan(0)
})

const REFUSED = [
  ['an empty document', () => Buffer.alloc(0), /empty/],
  [
    'a web page in place of data',
    () => Buffer.from('<!DOCTYPE html><html><body>Sign in</body></html>'),
    /web page/,
  ],
  [
    'UTF-16',
    (own: Uint8Array) =>
      Buffer.concat([
        Buffer.from([0xff, 0xfe]),
        Buffer.from(Buffer.from(own).toString(), 'utf16le'),
      ]),
    /UTF-16|not/,
  ],
  [
    'letters of another charset',
    (own: Uint8Array) => Buffer.concat([Buffer.from([0x22, 0xe9, 0xe8]), own]),
    /UTF-8|not/,
  ],
  ['bytes that mean nothing', () => Buffer.from('}{ nonsense ][', 'latin1'), /./],
] as const

test.each(CASES)('%s refuses what is not its data, with a reason', async (_id, feed) => {
  for (const [what, make, reason] of REFUSED) {
    const { name, bytes } = sampleOf(feed)
    const refused = load(feed, { name, bytes: make(bytes) })
    await expect(refused, what).rejects.toThrow(reason)
    await expect(refused, what).rejects.toHaveProperty('name', 'FeedRefused')
  }
})

test.each(CASES)('%s never takes a document that was cut for a whole one', async (_id, feed) => {
  const { name, bytes } = sampleOf(feed)
  // A table that lost its end is a shorter table; its last row is set aside or complete.
  const isTable = name.endsWith('.csv')
  const taken: number[] = []
  for (const share of [0.2, 0.5, 0.9]) {
    const cut = bytes.subarray(0, Math.floor(bytes.length * share))
    await load(feed, { name, bytes: cut }).then(
      () => taken.push(share),
      (error: Error) => expect(String(error)).toMatch(/cut short|not JSON|FeedRefused/),
    )
  }
  expect(isTable ? [] : taken).toEqual([])
})

test.each(CASES)('%s refuses what is larger than its bound', async (_id, feed) => {
  await expect(load({ ...feed, maxBytes: 10 }, sampleOf(feed))).rejects.toThrow(
    /larger than 10 bytes/,
  )
})

test.each(CASES)('%s sets one bad document aside and goes on with the rest', async (_id, feed) => {
  const { bad, read } = await load(
    feed,
    { name: 'bad.json', bytes: Buffer.from('<html>') },
    sampleOf(feed),
  )
  expect(read).toHaveLength(1)
  expect(bad).toMatchObject([{ name: 'bad.json', reason: expect.stringContaining('web page') }])
})

test.each(CASES)('%s counts a document that comes twice once', async (_id, feed) => {
  const one = await load(feed, sampleOf(feed))
  const two = await load(feed, sampleOf(feed), sampleOf(feed))
  expect(two.duplicates).toBe(1)
  expect(Object.values(two.facts).flat()).toHaveLength(Object.values(one.facts).flat().length)
})

test.each(['csaf-cisa', 'cve', 'epss', 'kev', 'nvd', 'fda-recalls', 'gudid'])(
  '%s refuses data of the future',
  async (id) => {
    const feed = FEEDS.find((one) => one.id === id)!
    await expect(load(feed, sampleOf(feed, '2027-03-01'))).rejects.toThrow(/in the future|after/)
  },
)

test.each(CASES)(
  '%s loses nothing that is stored when its next document is refused',
  async (id, feed) => {
    const context = { db: database.current.db, now: () => NOW }
    const first = await loadByHand(context, id, [sampleOf(feed)], 'test')
    expect(first.outcome).toBe('changed')
    const before = await countAll()
    const page = { name: sampleOf(feed).name, bytes: Buffer.from('<html>') }
    await expect(loadByHand(context, id, [page], 'test')).rejects.toThrow('web page')
    expect(await countAll()).toEqual(before)
    const status = (await listFeeds(database.current.db, NOW)).find((one) => one.feed.id === id)
    expect(status).toMatchObject({ state: 'refused', problem: expect.stringContaining('web page') })
    expect(status?.lastSuccess).toBe(NOW)
  },
)

async function countAll(): Promise<readonly unknown[]> {
  const tables = [
    'advisories',
    'exploit_signals',
    'sboms',
    'support_dates',
    'patches',
    'device_identifiers',
    'product_codes',
  ]
  const counts = tables.map(async (table) => {
    const { rows } = await database.current.pool.query<{ count: number }>(
      `select count(*) from ${table}`,
    )
    return [table, rows[0]?.count]
  })
  return await Promise.all(counts)
}

test.each(['kev', 'epss'])('%s refuses a statement older than what is stored', async (id) => {
  const feed = FEEDS.find((one) => one.id === id)!
  const context = { db: database.current.db, now: () => NOW }
  await loadByHand(context, id, [sampleOf(feed, '2026-11-22')], 'test')
  await expect(loadByHand(context, id, [sampleOf(feed, '2026-11-01')], 'test')).rejects.toThrow(
    /2026-11-01, older than what is stored \(2026-11-22\)/,
  )
})
