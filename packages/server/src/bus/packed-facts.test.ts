import { expect, test } from 'vitest'
import { toldOnce } from '../testing/facts.ts'
import { arePackedWell, packFacts, unpackFacts } from './packed-facts.ts'

const MAC = '00:1b:44:00:01:01'
const facts = [
  { ...toldOnce({ mac: MAC, ip: '10.0.0.1' }, 'tls.sni', 'a.example.org', 1_700_000_000_000.125) },
  { ...toldOnce({ mac: MAC, ip: '10.0.0.1' }, 'tls.sni', 'b.example.org', 5), last: 9, count: 3 },
  { ...toldOnce({ mac: MAC }, 'dhcp.hostname', 'pump-7', 6), evidence: {} },
  { ...toldOnce({ mac: MAC, ip: '' }, 'dhcp.hostname', '', 6), evidence: { file: 'a.pcap' } },
  { ...toldOnce({ ip: '10.0.0.1' }, 'tls.sni', 'a.example.org', 7), sensor: 'live:2' },
  { ...toldOnce({}, 'tls.sni', 'a.example.org', 8), evidence: { file: 'b', frame: 3, flow: 0 } },
]

const sent = () => JSON.parse(JSON.stringify(packFacts(facts))) as ReturnType<typeof packFacts>

test('facts come out as they went in, and those of one device share its subject', () => {
  const read = unpackFacts(sent())
  expect(read).toStrictEqual(facts)
  expect(read[1]?.subject).toBe(read[0]?.subject)
  expect(new Set(read.map(({ subject }) => subject)).size).toBe(5)
  expect(unpackFacts(packFacts([]))).toEqual([])
})

test('the lists fit each other, or not', () => {
  expect(arePackedWell(sent())).toBe(true)
  expect(arePackedWell({ ...sent(), file: [null, null, null, 0, null, 2] })).toBe(false)
})
