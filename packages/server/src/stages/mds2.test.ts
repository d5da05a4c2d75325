import type { Mds2Form } from '@wardkeeper/core'
import { beforeAll, expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { saveMds2Form } from '../store/feed-facts.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { addAssets, SEEN } from '../testing/hospital.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()
const HOUR = 3_600_000
let bus: InlineBus
let pump = ''
let other = ''
let sent = 0

const form = (answer: 'yes' | 'no' | 'unanswered', range = 'vers:all/*'): Mds2Form => ({
  id: 'mds2:acme/drip',
  edition: '2019',
  manufacturer: 'Acme Medical',
  models: ['Drip 9'],
  range,
  documentId: 'D-17',
  released: '2025-03-01',
  claims: [{ id: 'RMOT-1', answer, raw: answer === 'unanswered' ? '' : answer, note: 'see 4.2' }],
})

beforeAll(async () => {
  const { db } = database.current
  bus = new InlineBus(db, { backOff: [1, 1] })
  const content = await testContent()
  await attachStages({ db, bus, log: () => undefined }, { content, siteId: 'main' })
  const product = { manufacturer: 'Acme', firmware: '2.1' }
  ;[pump = '', other = ''] = await addAssets(db, [
    { name: 'pump', ...product, model: 'Drip 9', ip: '10.1.1.5' },
    { name: 'other', ...product, model: 'Other 3', ip: '10.1.1.6' },
  ])
})

async function state(one: Mds2Form): Promise<void> {
  await database.current.db.transaction().execute((trx) => saveMds2Form(trx, one))
  const payload = { siteId: '*', advisoryIds: [one.id] }
  await bus.publish({ subject: 'advisory.published', id: `m/${++sent}`, payload })
  await bus.drain()
}

/** A session of a device with a server, and one more question to a name server of the provider. */
async function talk(ip: string, server: string, port: number, time = SEEN): Promise<void> {
  const flow = {
    siteId: 'main',
    sensor: 's1',
    hour: Math.floor(time / HOUR) * HOUR,
    client: { ip },
    server: { ip: server },
    transport: 'tcp',
    port,
    protocol: 'tls',
    first: time,
    last: time,
    sessions: 1,
    packets: [9, 9],
    bytes: [900, 900],
    evidence: { file: 'ward.pcap', flow: 12 },
  }
  const payload = { sensor: 's1', siteId: 'main', batch: ++sent, flows: [flow] }
  await bus.publish({ subject: 'flow.summarized', id: `f/${sent}`, payload })
  await bus.drain()
}

const found = () =>
  database.current.db
    .selectFrom('findings')
    .selectAll()
    .where('kind', '=', 'mds2')
    .orderBy('opened')
    .execute()

test('no remote service is claimed and a session with a cloud is seen: both are shown', async () => {
  await state(form('no'))
  await talk('10.1.1.5', '10.9.9.9', 443)
  await talk('10.1.1.5', '9.9.9.9', 53)
  expect(await found()).toEqual([])

  await talk('10.1.1.5', '198.51.100.7', 443)
  await talk('10.1.1.6', '198.51.100.7', 443)
  const findings = await found()
  expect(findings).toMatchObject([
    {
      asset_id: pump,
      subject: 'mds2.contradiction/RMOT-1',
      verdict: 'affected',
      severity: 'high',
      state: 'open',
      evidence: [
        { field: 'flow.outside', value: 'to 198.51.100.7 tcp/443 tls, flow 12', file: 'ward.pcap' },
      ],
      grounds: [{ matcher: 'mds2', pid: 'RMOT-1', leaf: 'RMOT-1: no (see 4.2)', version: '2.1' }],
    },
  ])
  expect(findings[0]?.because).toContain('198.51.100.7')
  expect(findings.some((one) => one.asset_id === other)).toBe(false)
})

test('an open question claims nothing, and a form for other versions is held against nobody', async () => {
  await state(form('unanswered'))
  expect(await found()).toMatchObject([{ state: 'resolved' }])
  await state(form('no', '< 2.0'))
  expect(await found()).toMatchObject([{ state: 'resolved' }])
  await state(form('no', '< 3.0'))
  expect(await found()).toMatchObject([{ state: 'open' }])
  await state(form('yes'))
  expect(await found()).toMatchObject([{ state: 'resolved' }])
})

test('what contradicts a maker is shown of a device of which nothing else was found', async () => {
  expect(await found()).not.toContainEqual(expect.objectContaining({ asset_id: other }))
  await state({ ...form('no'), id: 'mds2:acme/other', models: ['Other 3'] })
  expect(await found()).toContainEqual(
    expect.objectContaining({
      asset_id: other,
      subject: 'mds2.contradiction/RMOT-1',
      state: 'open',
    }),
  )
})
