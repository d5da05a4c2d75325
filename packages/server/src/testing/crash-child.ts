import { startSystem } from '../system.ts'
import { testContent } from './content.ts'

/** Publishes numbered batches into a system until it is killed or through; run by the crash test alone. */
const [dataDir = '', count = '0'] = process.argv.slice(2)

const system = await startSystem({
  dataDir,
  host: '127.0.0.1',
  port: 0,
  webFolder: '/nowhere',
  content: await testContent(),
  onCapture: () => undefined,
  onLoss: (error) => {
    throw error
  },
  log: (text) => process.stderr.write(`${text}\n`),
})
const origin = { sensor: 'capture:1', siteId: 'main' }
for (let batch = 1; batch <= Number(count); batch++) {
  const time = 1_780_000_000_000 + batch * 1000
  const subject = (n: number) => ({ mac: `00:1b:44:00:00:0${n}`, ip: `10.0.0.${n}` })
  const fact = (n: number, field: string, value: string) => ({
    subject: subject(n),
    field,
    value,
    sensor: origin.sensor,
    first: time,
    last: time,
    count: 1,
    evidence: { frame: batch },
  })
  const facts = [
    fact(1, 'dhcp.vendor-class', 'Acme Drip 9 v2.1'),
    fact(2, 'arp.ip', '10.0.0.2'),
    fact(1 + (batch % 4), 'http.user-agent', `agent ${batch}`),
  ]
  await system.bus.publish({
    subject: 'observation.recorded',
    id: `obs/${origin.sensor}/${batch}`,
    payload: { ...origin, batch, facts },
  })
  const flow = {
    siteId: 'main',
    sensor: origin.sensor,
    hour: 1_779_998_400_000,
    client: subject(1),
    server: subject(2),
    transport: 'tcp',
    port: 443,
    first: time,
    last: time,
    sessions: 1,
    packets: [1, 1],
    bytes: [100, 200],
    evidence: {},
  }
  await system.bus.publish({
    subject: 'flow.summarized',
    id: `flow/${origin.sensor}/${batch}`,
    payload: { ...origin, batch, flows: [flow] },
  })
  process.stdout.write(`published ${batch}\n`)
}
await system.idle()
const { rows } = await system.database.pool.query(
  `select (select sum(count)::int from observations) as facts, (select sum(sessions)::int from flow_summaries) as sessions,
    (select count(*) from assets) as assets, (select count(*) from findings) as findings,
    (select count(*) from parked_messages) as parked, (select count(*) from outbox) as waiting`,
)
process.stdout.write(`result ${JSON.stringify(rows[0])}\n`)
await system.stop()
