import { randomBytes } from 'node:crypto'
import type { ObservedFact } from '@wardkeeper/core'
import { expect, test } from 'vitest'
import { InlineBus } from '../bus/inline.ts'
import { packFacts } from '../bus/packed-facts.ts'
import { testContent } from '../testing/content.ts'
import { useDatabase } from '../testing/database.ts'
import { toldOnce } from '../testing/facts.ts'
import { attachStages } from './stages.ts'

const database = useDatabase()
const START = Date.UTC(2026, 5, 1, 8)
let next = 0

function fact(field: string, value: string, time = START): ObservedFact {
  next++
  const octet = next.toString(16).padStart(2, '0')
  const subject = { mac: `00:1b:44:00:00:${octet}`, ip: `10.0.0.${next}` }
  return toldOnce(subject, field, value, time)
}

async function deliver(subject: string, payload: object) {
  const failures: string[] = []
  const bus = new InlineBus(database.current.repeated, {
    backOff: [],
    onFailure: (name, { id }, error) => failures.push(`${name} ${id}: ${String(error)}`),
  })
  const content = await testContent()
  const settings = { content, siteId: 'main' }
  await attachStages({ db: database.current.repeated, bus, log: () => undefined }, settings)
  const origin = { sensor: 'capture:1', siteId: 'main', batch: ++next }
  await bus.publish({ subject, id: `${subject}/${next}`, payload: { ...origin, ...payload } })
  await bus.drain()
  await bus.stop()
  return failures
}

const LONG = randomBytes(6000).toString('base64')
const FIELDS = [
  'dhcp.host-name',
  'dhcp.vendor-class',
  'snmp.serial',
  'http.device-serial',
  'cdp.device-id',
  'mdns.instance',
  'nbns.name',
  'dicom.manufacturer',
  'snmp.ent-mfg-name',
  'snmp.ent-model-name',
]

test.each([
  ['8000 letters that cannot be packed', LONG],
  ['NUL', 'nul\0inside'],
  ['half a surrogate pair', 'half \ud800 of a pair'],
  ['the text of an escaped NUL', String.raw`nul \u0000 \\u0000 "written"`],
  ['the text of half a pair', String.raw`half \ud800 \\udc00`],
  ['nothing', ''],
  ['the name of a property of all objects', '__proto__'],
])('values of %s go through the whole line', async (_name, value) => {
  const facts = FIELDS.map((field) => fact(field, value))
  expect(await deliver('observation.recorded', { facts })).toEqual([])
  expect(await deliver('observation.recorded', { facts: packFacts(facts) })).toEqual([])
})

test.each([
  ['8000 letters that cannot be packed', LONG],
  ['NUL', 'nul\0inside'],
  ['half a surrogate pair', 'half \ud800 of a pair'],
  ['the name of a property of all objects', '__proto__'],
])('fields, sensors, files and addresses of %s go through the whole line', async (_name, text) => {
  const facts = [
    fact(text, 'said'),
    { ...fact('http.server', 'said'), sensor: text },
    { ...fact('http.server', 'said'), evidence: { file: text } },
    { ...fact('http.server', 'said'), subject: { mac: text, ip: text } },
  ]
  expect(await deliver('observation.recorded', { facts: packFacts(facts) })).toEqual([])
})

test.each([
  ['far in the future', 8.6e15],
  ['farther than a date reaches', 1e19],
  ['before there was a clock', -1e15],
  ['the year 10000', Date.UTC(10_000, 1, 1)],
  ['zero', 0],
])('times %s go through the whole line', async (_name, time) => {
  const facts = packFacts([fact('dhcp.host-name', `pump at ${time}`, time)])
  expect(await deliver('observation.recorded', { facts })).toEqual([])
  const end = { ip: `10.0.0.${next}` }
  const flow = {
    siteId: 'main',
    sensor: 'capture:1',
    hour: Math.floor(time / 3_600_000) * 3_600_000,
    client: end,
    server: { ip: '10.0.0.1' },
    transport: 'tcp',
    port: 443,
    first: time,
    last: time,
    sessions: 1,
    packets: [1, 1],
    bytes: [1, 1],
    evidence: {},
  }
  expect(await deliver('flow.summarized', { flows: [flow] })).toEqual([])
  const { sensor, ...report } = {
    sensor: 'capture:1',
    kind: 'capture',
    name: 'a',
    state: 'finished',
    frames: 1,
    flows: 1,
    observations: 1,
    firstFrame: time,
    lastFrame: time,
    counters: {},
  }
  expect(await deliver('sensor.reported', report)).toEqual([])
  expect(sensor).toBe('capture:1')
})
