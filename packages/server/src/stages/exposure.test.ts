import type { Advisory } from '@wardkeeper/core'
import { sql } from 'kysely'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { keepExposure } from './exposure.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { saveAdvisories, withdrawAdvisories } from '../store/advisories.ts'
import { addUpChanges, readRevisions } from '../store/content-changes.ts'
import { saveSboms } from '../store/product-facts.ts'

const database = useDatabase()
let content: Awaited<ReturnType<typeof testContent>>

beforeAll(async () => {
  content = await testContent()
})

beforeEach(async () => {
  await sql`truncate advisories, content_changes, sboms, exploit_signals cascade`.execute(
    database.current.db,
  )
})

function advisory(id: string, kind: 'csaf' | 'cve'): Advisory {
  const common = { id, kind, source: 'X', revision: '1', published: '2026-01-01' }
  const rest = { updated: '2026-01-01', vulnerabilities: [], remedies: [], link: '' }
  const product = { pid: 'P', vendor: 'Acme', product: 'Pump', range: 'vers:all/*', cves: [] }
  if (kind === 'csaf') return { ...common, ...rest, products: [product] }
  const criteria = 'cpe:2.3:o:acme:pump_firmware:*:*:*:*:*:*:*:*'
  const configurations = [{ nodes: [[{ criteria, vulnerable: true }]] }]
  return { ...common, ...rest, products: [], configurations }
}

/** Two loads: the one that began first is committed last, and what is kept compiled is asked for in between. */
async function expectSeenThoughLate(
  late: Advisory,
  early: Advisory,
  isKnown: (id: string) => Promise<boolean>,
) {
  const { db } = database.current
  const begun = await db.startTransaction().execute()
  await saveAdvisories(begun, [late])
  await sql`select pg_sleep(0.01)`.execute(db)
  await db.transaction().execute((trx) => saveAdvisories(trx, [early]))
  expect(await isKnown(early.id)).toBe(true)
  expect(await isKnown(late.id)).toBe(false)
  await begun.commit().execute()
  expect(await isKnown(late.id)).toBe(true)
}

test('an advisory whose load began before another and ended after it is matched', async () => {
  const exposureOf = keepExposure(content)
  await expectSeenThoughLate(advisory('A-1', 'csaf'), advisory('A-2', 'csaf'), async (id) =>
    (await exposureOf(database.current.db)).byId.has(id),
  )
})

test.each(['here', 'in a thread'])('a late CVE is matched, read %s', async (where) => {
  const connection = where === 'here' ? undefined : database.current.connection
  const exposureOf = keepExposure(content, connection)
  const device = { manufacturer: 'Acme', model: 'Pump' }
  await expectSeenThoughLate(
    advisory('CVE-2026-1', 'cve'),
    advisory('CVE-2026-2', 'cve'),
    async (id) => {
      const { index } = await exposureOf(database.current.db)
      return index.cpes?.explain(device, id) !== undefined
    },
  )
})

test('what changes nothing is no change, and each kind counts for itself', async () => {
  const { db } = database.current
  const save = (some: readonly Advisory[]) =>
    db.transaction().execute((trx) => saveAdvisories(trx, some))
  await save([advisory('A-1', 'csaf'), advisory('CVE-2026-1', 'cve')])
  const first = await readRevisions(db)
  expect(first).toEqual({ advisories: 1, cves: 1, facts: 0 })
  await save([advisory('A-1', 'csaf'), advisory('CVE-2026-1', 'cve')])
  await db.insertInto('exploit_signals').values({ cve: 'C', epss: 0.5, updated: 'now' }).execute()
  await db.updateTable('exploit_signals').set({ epss: 0.6 }).execute()
  expect(await readRevisions(db)).toEqual(first)
  await db.updateTable('exploit_signals').set({ kev_added: '2026-01-02' }).execute()
  await db.transaction().execute((trx) => withdrawAdvisories(trx, ['A-1']))
  expect(await readRevisions(db)).toEqual({ advisories: 2, cves: 1, facts: 1 })
  const sbom = { id: 'S', manufacturer: 'Acme', model: 'Pump', range: '*', source: 'X' }
  await db
    .transaction()
    .execute((trx) => saveSboms(trx, [{ ...sbom, published: '2026-01-01', components: [] }]))
  expect(await readRevisions(db)).toEqual({ advisories: 2, cves: 1, facts: 2 })
})

test('adding up changes no revision', async () => {
  const { db } = database.current
  await sql`insert into content_changes (kind) select 'cves' from generate_series(1, 1500)`.execute(
    db,
  )
  await db.transaction().execute(addUpChanges)
  const { rows } = await sql<{ rows: number }>`
    select count(*) as rows from content_changes`.execute(db)
  expect([rows[0]?.rows, (await readRevisions(db)).cves]).toEqual([1, 1500])
})
