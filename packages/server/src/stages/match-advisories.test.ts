import type { Advisory } from '@wardkeeper/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { saveAdvisories, withdrawAdvisories } from '../store/advisories.ts'
import { approveDecision, endDecisions, proposeDecision } from '../store/finding-decisions.ts'
import { listConcerned, readFinding, readHistory } from '../store/findings.ts'
import { mergeByHand } from '../store/regroup.ts'
import { saveObservations } from '../store/observations.ts'
import { saveSboms, saveSupportDates, saveVex } from '../store/product-facts.ts'
import { addUser } from '../store/users.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { toldOnce } from '../testing/facts.ts'
import { addAssets, changeFirmware, SEEN } from '../testing/hospital.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()
let bus: InlineBus
let users: readonly string[] = []
let sent = 0

function advisory(id: string, model: string, range: string, cves: readonly string[]): Advisory {
  return {
    id,
    kind: 'csaf',
    source: 'CISA',
    revision: '1',
    published: '2026-01-01',
    updated: '2026-01-01',
    products: [
      { pid: 'P', vendor: 'Acme', product: model, range, cves, leaf: `${model} as published` },
    ],
    vulnerabilities: cves.map((cve) => ({ cve, vectors: [], baseScore: 8 })),
    remedies: [],
    link: `https://example.org/${id}`,
  }
}

beforeAll(async () => {
  const { db } = database.current
  bus = new InlineBus(db, { backOff: [1, 1] })
  const content = await testContent()
  await attachStages({ db, bus, log: () => undefined }, { content, siteId: 'main' })
  users = await db.transaction().execute(async (trx) => {
    const names = ['author', 'approver']
    const added = await Promise.all(
      names.map((username) =>
        addUser(trx, { username, name: username, roles: ['manager'], sites: ['*'] }),
      ),
    )
    return added.map((one) => one!.id)
  })
})

async function publish(advisories: readonly Advisory[]): Promise<void> {
  await database.current.db.transaction().execute((trx) => saveAdvisories(trx, advisories))
  await tell(advisories.map(({ id }) => id))
}

async function tell(advisoryIds: readonly string[]): Promise<void> {
  const payload = { siteId: 'main', advisoryIds }
  await bus.publish({ subject: 'advisory.published', id: `a/${++sent}`, payload })
  await bus.drain()
}

async function look(assetIds: readonly string[]): Promise<void> {
  const payload = { siteId: 'main', assetIds }
  await bus.publish({ subject: 'asset.changed', id: `c/${++sent}`, payload })
  await bus.drain()
}

async function findings(assetId: string) {
  return await database.current.db
    .selectFrom('findings')
    .selectAll()
    .where('asset_id', '=', assetId)
    .orderBy('subject')
    .execute()
}

async function brief(assetId: string) {
  return (await findings(assetId)).map((row) => `${row.subject} ${row.verdict} ${row.state}`)
}

async function decide(findingId: string, decision: 'accept' | 'suppress', scope?: 'model') {
  await database.current.db.transaction().execute(async (trx) => {
    const proposal = { decision, reason: 'as agreed', ...(scope && { scope }) }
    await proposeDecision(trx, (await readFinding(trx, findingId))!, proposal, users[0]!, SEEN)
    await approveDecision(trx, (await readFinding(trx, findingId))!, users[1]!, SEEN)
  })
}

async function asset(model: string, firmware?: string, os?: string): Promise<string> {
  const [id] = await addAssets(database.current.db, [
    { name: model, manufacturer: 'Acme', model, ...(firmware && { firmware }), ...(os && { os }) },
  ])
  return id!
}

describe('advisories of the database', () => {
  test('open nothing on a device that a person merges into another meanwhile', async () => {
    const { db } = database.current
    const [from, into] = [await asset('Merged 1', '1.5'), await asset('Merged 1', '1.5')]
    await db
      .transaction()
      .execute((trx) =>
        saveAdvisories(trx, [advisory('A-MERGED', 'Merged 1', '< 2', ['CVE-2026-1099'])]),
      )
    let commit: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (commit = resolve))
    const merging = db.transaction().execute(async (trx) => {
      const decision = { by: 'A person', reason: 'one device' }
      await mergeByHand(trx, 'main', { from: from!, into: into! }, decision, Date.now())
      await asked
    })
    const payload = { siteId: 'main', assetIds: [from, into] }
    await new Promise((resolve) => setTimeout(resolve, 200))
    await bus.publish({ subject: 'asset.changed', id: `c/${++sent}`, payload })
    await new Promise((resolve) => setTimeout(resolve, 500))
    commit()
    await merging
    await bus.drain()
    await look([into])
    expect(await brief(from)).toEqual([])
    expect(await brief(into)).toEqual(['A-MERGED affected open'])
  })

  test('are held against the devices of one model side by side', async () => {
    const named: [string, string][] = []
    for (const model of ['Twin 2', 'Twin 1', 'Twin 2', 'Twin 1']) {
      named.push([await asset(model), model])
    }
    const modelOf = new Map(named)
    const listed = await database.current.db
      .transaction()
      .execute((trx) => listConcerned(trx, [], (_, model) => model?.startsWith('Twin') === true))
    expect(listed.map(({ id }) => modelOf.get(id))).toEqual([
      'Twin 1',
      'Twin 1',
      'Twin 2',
      'Twin 2',
    ])
  })

  test('find the devices they mean, with their own words, and no others', async () => {
    const [meant, other] = [await asset('Alpha 1', '1.5'), await asset('Beta 1', '1.5')]
    await publish([advisory('A-1', 'Alpha 1', '< 2', ['CVE-2026-1001'])])
    expect(await brief(meant)).toEqual(['A-1 affected open'])
    expect(await brief(other)).toEqual([])
    const [row] = await findings(meant)
    expect(row?.grounds).toMatchObject([
      { pid: 'P', vendor: 'Acme', leaf: 'Alpha 1 as published', range: '< 2', version: '1.5' },
    ])
  })

  test('revised close one finding and open another; what they said is kept', async () => {
    const [old, young] = [await asset('Gamma 1', '1.5'), await asset('Gamma 1', '2.5')]
    await publish([advisory('A-2', 'Gamma 1', '< 2', ['CVE-2026-1002'])])
    expect([await brief(old), await brief(young)]).toEqual([['A-2 affected open'], []])
    const revised = advisory('A-2', 'Gamma 1', '>= 2', ['CVE-2026-1003'])
    await publish([{ ...revised, revision: '2', updated: '2026-02-01' }])
    expect(await brief(old)).toEqual(['A-2 not-affected resolved'])
    expect(await brief(young)).toEqual(['A-2 affected open'])
    const { db } = database.current
    const kept = await db
      .selectFrom('advisory_revisions')
      .select('revision')
      .where('advisory_id', '=', 'A-2')
      .execute()
    expect(kept).toEqual([{ revision: '1' }])
    const [row] = await findings(old)
    const history = await readHistory(db, row!.id)
    expect(history.map(({ what }) => what)).toEqual(['closed', 'opened'])
  })

  test('of a part find the devices that have it inside, whatever they are called', async () => {
    const id = await asset('Iota 9', '1.0')
    const sbom = {
      id: 'S-9',
      manufacturer: 'Acme',
      model: 'Iota 9',
      range: 'vers:all/*',
      source: 'Acme',
      published: '2026-01-01',
      components: [{ name: 'codec', supplier: 'Partmaker', version: '2.0' }],
    }
    await database.current.db.transaction().execute((trx) => saveSboms(trx, [sbom]))
    const criteria = 'cpe:2.3:a:partmaker:codec:2.0:*:*:*:*:*:*:*'
    const none = { products: [], vulnerabilities: [], remedies: [] }
    await publish([
      {
        ...advisory('CVE-2026-1090', '', '', []),
        ...none,
        kind: 'cve',
        configurations: [{ nodes: [[{ criteria, vulnerable: true }]] }],
      },
    ])
    expect(await brief(id)).toEqual(['CVE-2026-1090 affected open'])
  })

  test('withdrawn close their findings', async () => {
    const id = await asset('Delta 1', '1')
    await publish([advisory('A-3', 'Delta 1', 'vers:all/*', ['CVE-2026-1004'])])
    await database.current.db.transaction().execute((trx) => withdrawAdvisories(trx, ['A-3']))
    await tell(['A-3'])
    expect(await brief(id)).toEqual(['A-3 affected superseded'])
  })
})

test('a weakness is a finding of a device of which nothing else is known', async () => {
  const [thing = ''] = await addAssets(database.current.db, [{ name: 'thing', ip: '10.1.7.7' }])
  const fact = toldOnce({ ip: '10.1.7.7' }, 'telnet.session', '10.1.7.8', SEEN, 9)
  await database.current.db
    .transaction()
    .execute((trx) => saveObservations(trx, 'main', [{ fact, assetId: thing }]))
  await look([thing])
  expect(await findings(thing)).toMatchObject([
    { kind: 'weakness', subject: 'telnet', state: 'open', evidence: [{ frame: 9 }] },
  ])
})

describe('decisions', () => {
  test('an accepted risk is open again when the version is another', async () => {
    const id = await asset('Epsilon 1', '1.0')
    await publish([advisory('A-4', 'Epsilon 1', '< 2', ['CVE-2026-1005'])])
    const [row] = await findings(id)
    await decide(row!.id, 'accept')
    await look([id])
    expect(await brief(id)).toEqual(['A-4 affected accepted'])
    const model = { name: 'x', manufacturer: 'Acme', model: 'Epsilon 1', firmware: '1.1' }
    await changeFirmware(database.current.db, id, model)
    await look([id])
    expect(await brief(id)).toEqual(['A-4 affected open'])
    const [latest] = await readHistory(database.current.db, row!.id)
    expect(latest?.reason).toContain('accepted for version 1.0; the device has 1.1')
  })

  test('an accepted risk is open again when an exploit becomes known', async () => {
    const id = await asset('Zeta 1', '1.0')
    await publish([advisory('A-5', 'Zeta 1', '< 2', ['CVE-2026-1006'])])
    const [row] = await findings(id)
    await decide(row!.id, 'accept')
    const signal = {
      cve: 'CVE-2026-1006',
      kev_added: '2026-03-01',
      updated: '2026-03-01T00:00:00Z',
    }
    await database.current.db.insertInto('exploit_signals').values(signal).execute()
    await look([id])
    expect(await brief(id)).toEqual(['A-5 affected open'])
    expect((await findings(id))[0]?.is_known_exploited).toBe(true)
  })

  test('what is called untrue of a model stays so over versions, and for its twins', async () => {
    const id = await asset('Eta 1', '1.0')
    await publish([advisory('A-6', 'Eta 1', '< 2', ['CVE-2026-1007'])])
    const [row] = await findings(id)
    await decide(row!.id, 'suppress', 'model')
    const twin = await asset('Eta 1', '1.2')
    const model = { name: 'x', manufacturer: 'Acme', model: 'Eta 1', firmware: '1.1' }
    await changeFirmware(database.current.db, id, model)
    await look([id, twin])
    expect(await brief(id)).toEqual(['A-6 affected suppressed'])
    expect(await brief(twin)).toEqual(['A-6 affected suppressed'])
  })

  test('when a decision on a model ends, its twins are open again too', async () => {
    const id = await asset('Theta 7', '1.0')
    await publish([advisory('A-70', 'Theta 7', '< 2', ['CVE-2026-1070'])])
    const [row] = await findings(id)
    await decide(row!.id, 'suppress', 'model')
    const twin = await asset('Theta 7', '1.2')
    await look([id, twin])
    expect(await brief(twin)).toEqual(['A-70 affected suppressed'])
    const { db } = database.current
    await db
      .updateTable('finding_decisions')
      .set({ until: '2026-01-02' })
      .where('finding_id', '=', row!.id)
      .execute()
    await db.transaction().execute((trx) => endDecisions(trx, Date.parse('2026-01-04')))
    expect(await brief(id)).toEqual(['A-70 affected open'])
    expect(await brief(twin)).toEqual(['A-70 affected open'])
  })
})

describe('what makers say', () => {
  test('a statement clears a finding, which stays and says why', async () => {
    const id = await asset('Theta 1', '1.0')
    await publish([advisory('A-7', 'Theta 1', '< 2', ['CVE-2026-1008'])])
    const statement = {
      id: 'V-1',
      source: 'Acme',
      published: '2026-02-01',
      cves: ['CVE-2026-1008'],
      manufacturer: 'Acme',
      model: 'Theta 1',
      range: '< 2',
      status: 'not-affected' as const,
      justification: 'component_not_present',
    }
    await database.current.db.transaction().execute((trx) => saveVex(trx, [statement]))
    await look([id])
    expect(await brief(id)).toEqual(['A-7 not-affected resolved'])
    expect((await findings(id))[0]?.because).toContain('component not present')
  })

  test('a part inside is matched with the CVEs of the part', async () => {
    const id = await asset('Iota 1', '1.0')
    const criteria = 'cpe:2.3:a:apache:tomcat:*:*:*:*:*:*:*:*'
    const cve: Advisory = {
      ...advisory('CVE-2026-1009', 'unused', 'vers:all/*', []),
      kind: 'cve',
      products: [],
      configurations: [{ nodes: [[{ criteria, vulnerable: true, endExcluding: '9.0.50' }]] }],
    }
    const sbom = {
      id: 'S-1',
      manufacturer: 'Acme',
      model: 'Iota 1',
      range: 'vers:all/*',
      source: 'Acme',
      published: '2026-01-01',
      components: [{ name: 'tomcat', supplier: 'Apache', version: '9.0.37' }],
    }
    await database.current.db.transaction().execute((trx) => saveSboms(trx, [sbom]))
    await publish([cve])
    await look([id])
    expect(await brief(id)).toEqual(['CVE-2026-1009 affected open'])
    expect((await findings(id))[0]?.because).toContain('inside')
  })

  test('an operating system without support is a finding', async () => {
    const id = await asset('Kappa 1', '1.0', 'Windows 7')
    const date = {
      id: 'w7',
      kind: 'os' as const,
      manufacturer: 'Microsoft',
      model: 'Windows 7',
      range: 'vers:all/*',
      endOfSupport: '2020-01-14',
      source: 'Microsoft',
    }
    await database.current.db.transaction().execute((trx) => saveSupportDates(trx, [date]))
    await look([id])
    expect(await brief(id)).toEqual(['support:w7 affected open'])
    expect((await findings(id))[0]?.kind).toBe('support')
  })
})
