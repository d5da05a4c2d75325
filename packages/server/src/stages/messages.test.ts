import { expect, test } from 'vitest'
import { packFacts } from '../bus/packed-facts.ts'
import { toldOnce } from '../testing/facts.ts'
import { observationRecorded } from './messages.ts'

test('facts of one device share its subject, and nothing else of them changes', () => {
  const subjects = [
    { mac: '00:1b:44:00:01:01', ip: '10.0.0.1' },
    { mac: '00:1b:44:00:01:01' },
    { mac: '00:1b:44:00:01:01', ip: '' },
    { ip: '10.0.0.1' },
    {},
    { mac: '00:1b:44:00:01:01', ip: '10.0.0.1' },
    { mac: 'a b', ip: 'c' },
    { mac: 'a', ip: 'b c' },
    { mac: '\0', ip: '10.0.0.1' },
    { mac: 'undefined' },
  ]
  const facts = subjects.map((subject, n) => toldOnce(subject, 'http.server', `thing ${n}`, n))
  const told = { sensor: 'live:1', siteId: 'main', batch: 1, facts: structuredClone(facts) }
  const read = observationRecorded.parse(told)
  expect(read.facts).toEqual(facts)
  expect(read.facts[5]?.subject).toBe(read.facts[0]?.subject)
  expect(new Set(read.facts.map(({ subject }) => subject)).size).toBe(9)
})

const MAC = '00:1b:44:00:01:01'
const facts = [
  toldOnce({ mac: MAC, ip: '10.0.0.1' }, 'tls.sni', 'a.example.org', 5),
  { ...toldOnce({ mac: MAC, ip: '10.0.0.1' }, 'tls.sni', 'b.example.org', 6), sensor: 'live:2' },
  { ...toldOnce({ mac: MAC }, 'dhcp.hostname', 'pump-7', 7), evidence: { file: 'a.pcap' } },
]
const sent = () => JSON.parse(JSON.stringify(packFacts(facts))) as ReturnType<typeof packFacts>

test('a message is read with its facts in lists and one by one', () => {
  const message = { sensor: 'live:1', siteId: 'main', batch: 1 }
  expect(observationRecorded.parse({ ...message, facts: sent() }).facts).toStrictEqual(facts)
  expect(observationRecorded.parse({ ...message, facts }).facts).toEqual(facts)
})

test.each<readonly [string, object]>([
  ['a list too short', { count: [1, 1] }],
  ['a place that is not there', { subject: [0, 0, 2] }],
  ['a place before the first', { field: [0, 0, -1] }],
  ['a place between two', { sensor: [0, 0.5, 0] }],
  ['a place that is a word', { file: [null, null, 'length'] }],
  ['a number that is none', { first: [1, 2, null] }],
  ['a number without end', { last: [1, 2, Infinity] }],
  ['a value that is no text', { value: ['a', 'b', 6] }],
  ['no list at all', { value: 'abc' }],
  ['a subject that is a text', { subjects: ['a', 'b'] }],
  ['no frames', { frame: undefined }],
])('a message with %s is refused', (_, wrong) => {
  const told = { sensor: 'live:1', siteId: 'main', batch: 1, facts: { ...sent(), ...wrong } }
  expect(observationRecorded.safeParse(told).success).toBe(false)
})
