import type { Finding } from '@wardkeeper/core'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { useDatabase } from '../testing/database.ts'
import { addAssets } from '../testing/hospital.ts'
import { addUpFindingCounts, groupByRemedy } from './finding-list.ts'
import { lockFindingsOf, saveFindings, saveHistory } from './findings.ts'
import { newId } from './uuid.ts'

const database = useDatabase()
let assets: readonly string[] = []

beforeAll(async () => {
  const named = ['one', 'two'].map((name) => ({ name, manufacturer: 'Acme', model: 'Pump' }))
  assets = await addAssets(database.current.db, named)
})

function finding(asset: number, subject: string, change: Partial<Finding> = {}): Finding {
  return {
    id: newId(),
    assetId: assets[asset] ?? '',
    kind: 'advisory',
    subject,
    verdict: 'affected',
    severity: 'high',
    state: 'open',
    cves: ['CVE-2026-1'],
    because: 'as published',
    evidence: [],
    remedy: `patch:${subject}`,
    opened: 1_700_000_000_000,
    closed: undefined,
    ...change,
  }
}

async function save(findings: readonly Finding[]): Promise<void> {
  await database.current.db
    .transaction()
    .execute((trx) => saveFindings(trx, 'main', findings, () => false))
}

async function expectCountsToAgree() {
  const { db } = database.current
  const { rows } = await sql`
    select remedy, count(*) filter (where verdict = 'affected') as affected,
      count(*) filter (where verdict not in ('affected', 'not-affected')) as "possiblyAffected",
      (array_agg(severity order by severity_rank desc))[1] as severity
    from findings where state in ('open', 'in-progress')
    group by remedy order by max(severity_rank) desc, count(*) desc, remedy`.execute(db)
  const groups = await groupByRemedy(db, undefined, 100)
  expect(
    groups.map(({ remedy, affected, possiblyAffected, severity }) => ({
      remedy,
      affected,
      possiblyAffected,
      severity,
    })),
  ).toEqual(rows)
  return groups
}

test('remedies are counted over opening, changing, closing and adding up', async () => {
  const { db } = database.current
  await sql`truncate findings, finding_counts cascade`.execute(db)
  const [a, b] = [finding(0, 'A-1'), finding(1, 'A-1', { verdict: 'possibly-affected' })]
  const c = finding(0, 'A-2', { severity: 'critical', state: 'suppressed' })
  await save([a, b, c])
  expect(await expectCountsToAgree()).toMatchObject([
    { remedy: 'patch:A-1', severity: 'high', affected: 1, possiblyAffected: 1 },
  ])
  await save([
    { ...b, verdict: 'affected', severity: 'low' },
    { ...c, state: 'open' },
  ])
  expect(await expectCountsToAgree()).toHaveLength(2)
  await db.transaction().execute(addUpFindingCounts)
  await save([{ ...a, state: 'resolved', closed: 1_700_000_001_000 }, finding(1, 'A-2')])
  await db.updateTable('findings').set({ state: 'in-progress' }).where('id', '=', c.id).execute()
  await expectCountsToAgree()
  await sql`insert into finding_counts select site_id, remedy, kind, subject, severity, verdict, 0
    from finding_counts, generate_series(1, 1000)`.execute(db)
  await db.transaction().execute(addUpFindingCounts)
  await expectCountsToAgree()
  const { rows } = await sql<{ n: number }>`select count(*) as n from finding_counts`.execute(db)
  expect(rows[0]?.n).toBe(3)
  expect(await groupByRemedy(db, ['elsewhere'], 10)).toEqual([])
})

test('an asset waits for its score once for all its findings, and again only for what matters', async () => {
  const { db } = database.current
  await sql`delete from risk_queue`.execute(db)
  const mine = [finding(0, 'B-1'), finding(0, 'B-2'), finding(0, 'B-3'), finding(1, 'B-1')]
  await save(mine)
  const queued = async () => (await db.selectFrom('risk_queue').selectAll().execute()).length
  expect(await queued()).toBe(2)
  await save(mine.map((one) => ({ ...one, because: 'in other words' })))
  expect(await queued()).toBe(2)
  await save(mine.map((one) => ({ ...one, severity: 'low' as const })))
  expect(await queued()).toBe(4)
})

test('what a finding says is kept as it is, whatever letters it has', async () => {
  const { db } = database.current
  const odd = finding(0, 'C-1', {
    cves: ['CVE-1', 'a "b" \\ {c}', ''],
    because: 'NUL \0 half \ud800 "quote" \\ line\nend',
    missing: 'firmware',
    closed: 1_700_000_000_123,
    grounds: [
      {
        matcher: 'cpe',
        pid: 'x\0',
        product: '"',
        range: '*',
        cves: [],
        verdict: 'affected',
        reason: 'é\ud800',
      },
    ],
  })
  await save([odd])
  await save([odd])
  const changes = [{ findingId: odd.id, time: 1, what: 'opened' as const, reason: 'a "b", {c} \0' }]
  await db.transaction().execute((trx) => saveHistory(trx, 'main', changes))
  const found = await db.transaction().execute((trx) => lockFindingsOf(trx, [odd.assetId]))
  const [kept] = found.get(odd.assetId)!.filter(({ subject }) => subject === 'C-1')
  expect(kept).toEqual({
    ...odd,
    because: 'NUL  half \ufffd "quote" \\ line\nend',
    grounds: [{ ...odd.grounds![0], pid: 'x', reason: 'é\ufffd' }],
  })
  const history = await db.selectFrom('finding_history').select(['reason']).execute()
  expect(history).toEqual([{ reason: 'a "b", {c} ' }])
})
