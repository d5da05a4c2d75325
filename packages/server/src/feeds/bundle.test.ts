import { spawnSync } from 'node:child_process'
import { createPrivateKey, sign } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbeddedPostgres } from '../store/embedded-postgres.ts'
import { migrate } from '../store/migrate.ts'
import { useDatabase } from '../testing/database.ts'
import { keyIdOf, makeKeys, openBundle } from './bundle.ts'
import type { FeedDocument } from './feed.ts'
import { findFeed } from './index.ts'
import { loadDocuments } from './load.ts'
import { importBundle, listFeeds, makeBundle } from './service.ts'
import { kevDocument, SAMPLES } from './testing/samples.ts'

const database = useDatabase()
const keys = makeKeys()
const MADE = Date.parse('2026-11-20T12:00:00Z')
const NOW = Date.parse('2026-11-25T12:00:00Z')
const MAIN = path.resolve(import.meta.dirname, '../main.mjs')
const IDS = ['csaf-cisa', 'kev', 'fda-recalls', 'sbom']
let folder: string
let file: string

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'wk-bundle-'))
  file = await bundle('good.wkb')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function bundle(
  name: string,
  made = MADE,
  more: ReadonlyMap<string, readonly FeedDocument[]> = new Map(),
) {
  const target = path.join(folder, name)
  const day = new Date(made).toISOString().slice(0, 10)
  const given = new Map([...IDS.map((id) => [id, [SAMPLES[id]!(day)]] as const), ...more])
  await makeBundle({ now: () => made }, target, keys.privateKey, [...given.keys()], given)
  return target
}

const take = (from: string, trusted = [keys.publicKey], now = NOW) =>
  importBundle({ db: database.current.db, now: () => now }, from, trusted, 'test')

async function counts() {
  const { rows } = await database.current.pool.query<{ a: number; s: number; b: number }>(
    `select (select count(*) from advisories) a, (select count(*) from exploit_signals) s, (select count(*) from sboms) b`,
  )
  return rows[0]
}

function changed(name: string, change: (bytes: Buffer) => Buffer): string {
  const target = path.join(folder, name)
  writeFileSync(target, change(readFileSync(file)))
  return target
}

test('a bundle brings every feed in, and each is as old as the bundle', async () => {
  const { outcomes } = await take(file)
  expect(outcomes.map(({ feedId, outcome }) => [feedId, outcome])).toEqual(
    IDS.map((id) => [id, 'changed']),
  )
  expect(await counts()).toMatchObject({ a: 2, s: 4, b: 1 })
  const feeds = await listFeeds(database.current.db, MADE + 41 * 86_400_000)
  expect(feeds.find(({ feed }) => feed.id === 'kev')).toMatchObject({
    lastWay: 'bundle',
    staleness: {
      isStale: true,
      ageDays: 41,
      reason: expect.stringMatching(/^unknown because .* is 41 days old$/),
    },
  })
  const { rows } = await database.current.pool.query(
    `select 1 from outbox where subject = 'advisory.published'`,
  )
  expect(rows.length).toBeGreaterThan(0)
})

test.each([
  ['every byte of the manifest or a part changed', /signature|changed|no bundle|cut short/],
] as const)('refuses a bundle with %s', async (_what, reason) => {
  const before = await counts()
  const { length } = readFileSync(file)
  for (let at = 0; at < length; at += Math.ceil(length / 25)) {
    const spoilt = changed('spoilt.wkb', (bytes) => {
      bytes[at] = bytes[at]! ^ 0x5a
      return bytes
    })
    await expect(take(spoilt), `byte ${at}`).rejects.toThrow(reason)
  }
  expect(await counts()).toEqual(before)
})

test('refuses a bundle that was cut anywhere, or is longer than it says', async () => {
  const { length } = readFileSync(file)
  for (const share of [0, 0.01, 0.3, 0.6, 0.999]) {
    const cut = changed('cut.wkb', (bytes) => bytes.subarray(0, Math.floor(length * share)))
    await expect(take(cut), `${share}`).rejects.toThrow(/cut short|no bundle/)
  }
  const long = changed('long.wkb', (bytes) => Buffer.concat([bytes, Buffer.from('x')]))
  await expect(take(long)).rejects.toThrow('longer than it says')
})

test('refuses a bundle of a stranger, and any bundle where nobody is trusted', async () => {
  await expect(take(file, [makeKeys().publicKey])).rejects.toThrow('does not fit a trusted key')
  await expect(take(file, [])).rejects.toThrow('No public key is trusted')
})

test('refuses a bundle older than what is stored, and one of the future', async () => {
  const old = await bundle('old.wkb', MADE - 10 * 86_400_000)
  await expect(take(old)).rejects.toThrow('2026-11-10, older than what is stored (2026-11-20)')
  await expect(take(file, [keys.publicKey], MADE - 30 * 86_400_000)).rejects.toThrow(
    'in the future',
  )
})

test('one bad feed keeps all of a bundle out: nothing is half imported', async () => {
  const before = await counts()
  const later = MADE + 86_400_000
  const short = {
    name: 'kev.json',
    bytes: Buffer.from(JSON.stringify(kevDocument('2026-11-21', 1))),
  }
  const bad = await bundle(
    'bad.wkb',
    later,
    new Map([
      ['kev', [short]],
      ['epss', [SAMPLES.epss!('2026-11-21')]],
    ]),
  )
  await expect(take(bad)).rejects.toThrow('It has 1 entries where 3 are stored')
  expect(await counts()).toEqual(before)
  const feeds = await listFeeds(database.current.db, NOW)
  expect(feeds.find(({ feed }) => feed.id === 'epss')?.lastSuccess).toBeUndefined()
  expect(feeds.find(({ feed }) => feed.id === 'kev')).toMatchObject({
    state: 'refused',
    lastSuccess: MADE,
  })
})

const hasNamespaces = spawnSync('unshare', ['--net', 'true']).status === 0
const WHY = hasNamespaces ? '' : ' (skipped: no leave to make a network namespace, needs root)'

test.skipIf(!hasNamespaces)(
  `the command line imports a bundle on a machine without any network interface${WHY}`,
  { timeout: 120_000 },
  async () => {
    const data = path.join(folder, 'data')
    mkdirSync(data, { mode: 0o755 })
    const server = await startEmbeddedPostgres({ area: path.join(data, 'postgres') })
    const { host, port, user } = server
    const { ensureDatabase } = await import('../store/database.ts')
    await ensureDatabase({ host, port, user }, 'wardkeeper')
    await migrate({ host, port, user, database: 'wardkeeper' })
    await server.stop()
    mkdirSync(path.join(data, 'feed-keys'))
    writeFileSync(path.join(data, 'feed-keys', 'maker.pub'), keys.publicKey)
    const alone = (...args: string[]) =>
      spawnSync(
        'unshare',
        ['--net', process.execPath, MAIN, 'feed', ...args, '--data', data, '--json'],
        {
          encoding: 'utf8',
        },
      )
    const imported = alone('import', file)
    expect(imported.stderr).toBe('')
    expect(JSON.parse(imported.stdout)).toMatchObject({
      outcomes: [{ feedId: 'csaf-cisa' }, {}, {}, {}],
    })
    const listed = alone('list')
    expect(JSON.parse(listed.stdout)).toContainEqual(
      expect.objectContaining({
        id: 'kev',
        state: 'fresh',
        counts: expect.objectContaining({ signals: 3 }),
      }),
    )
    const spoilt = changed('spoilt.wkb', (bytes) =>
      Buffer.concat([bytes.subarray(0, -1), Buffer.from('?')]),
    )
    expect(alone('import', spoilt)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Nothing was imported'),
    })
  },
)

/** The bundle with another manifest, signed by the same key. */
function resigned(name: string, change: (text: string) => string): string {
  return changed(name, (bytes) => {
    const length = bytes.readUInt32BE(4)
    const text = Buffer.from(change(bytes.subarray(8, 8 + length).toString('utf8')))
    const head = Buffer.alloc(8)
    head.write('WKB1')
    head.writeUInt32BE(text.length, 4)
    const signed = Buffer.concat([Buffer.from('wardkeeper feed bundle 1\0'), text])
    const signature = sign(undefined, signed, createPrivateKey(keys.privateKey))
    return Buffer.concat([head, text, signature, bytes.subarray(8 + length + 64)])
  })
}

test('the key that is written down is the one that was checked, whatever the manifest says', async () => {
  const { keyId } = await openBundle(
    resigned('name.wkb', (text) => text.replace(/"keyId":"[0-9a-f]+"/, '"keyId":"somebody-else"')),
    [makeKeys().publicKey, keys.publicKey],
    NOW,
  )
  expect(keyId).toBe(keyIdOf(keys.publicKey))
})

test('a source cannot have been looked at after the bundle was made', async () => {
  const later = resigned('later.wkb', (text) =>
    text.replace(/"seen":"2026-11-20/, '"seen":"2026-11-24'),
  )
  await expect(take(later)).rejects.toThrow(/after that: its dates are wrong/)
})

test('a document without a checked signature is counted, one of a bundle is not', async () => {
  const feed = findFeed('csaf-cisa')!
  const document = SAMPLES['csaf-cisa']!('2026-11-20')
  async function* one(isSigned: boolean) {
    yield { ...document, ...(isSigned && { isSigned }) }
  }
  expect((await loadDocuments(feed, one(false), NOW)).unsigned).toBe(1)
  expect((await loadDocuments(feed, one(true), NOW)).unsigned).toBe(0)
  const { outcomes } = await take(await bundle('again.wkb', MADE + 3_600_000))
  expect(outcomes[0]?.counts).toMatchObject({ unsigned: 0 })
})
