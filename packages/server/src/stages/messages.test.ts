import { expect, test } from 'vitest'
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
