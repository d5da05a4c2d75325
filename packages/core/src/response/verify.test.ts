import { describe, expect, test } from 'vitest'
import type { Expectation, FlowSummary, Match, ObservedFact, WorkOrder } from '../vocabulary.ts'
import type { SeenSinceDone } from './verify.ts'
import { verify } from './verify.ts'

const DONE = 1000
const UNTIL = 5000

function order(expectation: Expectation, change: Partial<WorkOrder> = {}): WorkOrder {
  return {
    id: 'wo',
    number: 1,
    kind: 'patch',
    title: '',
    state: 'done',
    severity: 'high',
    assetIds: ['pump'],
    incidentId: undefined,
    findingIds: [],
    expectation,
    technicianId: 'ada',
    opened: 0,
    due: undefined,
    done: DONE,
    resolution: 'done',
    verification: undefined,
    ...change,
  }
}

function fact(field: string, value: string, last = DONE + 1): ObservedFact {
  const evidence = { file: 'after.pcapng', frame: 7 }
  return { subject: {}, field, value, sensor: 's', first: last, last, count: 1, evidence }
}

function flow(client: string, server: string, last = DONE + 1): FlowSummary {
  const end = (id: string) => (id.includes('.') ? { ip: id } : { assetId: id, ip: '10.0.0.1' })
  return {
    siteId: 'n',
    sensor: 's',
    hour: 0,
    client: end(client),
    server: end(server),
    transport: 'tcp',
    port: 80,
    protocol: 'http',
    first: last,
    last,
    sessions: 1,
    packets: [1, 1],
    bytes: [1, 1],
    evidence: {},
  }
}

function match(verdict: Match['verdict'], version?: string): Match {
  const because = { pid: '1', product: 'Pump', range: '<= 9.33', version, reason: '' }
  return { advisoryId: 'ICSMA-1', cves: [], verdict, matcher: 'product', because }
}

function outcome(expectation: Expectation, seen: Partial<SeenSinceDone>, now = UNTIL) {
  const empty = {
    facts: [],
    flows: [],
    matches: [],
    versionFields: ['a', 'snmp.sys-descr'],
    seenAssetIds: ['pump'],
    isSensorBlind: false,
    waitUntil: UNTIL,
  }
  return verify(order(expectation), { ...empty, now, ...seen }).outcome
}

const firmware = { kind: 'firmware-not-affected', advisoryId: 'ICSMA-1' } as const
const contact = { kind: 'no-contact', actorId: 'laptop' } as const
const telnet = { kind: 'weakness-gone', code: 'telnet' } as const
const value = { kind: 'field-value', field: 'snmp.sys-name', value: 'pump-12' } as const

describe('firmware', () => {
  test('is verified by a version that the device itself tells', () => {
    const facts = [fact('snmp.sys-descr', 'Alaris PC Unit 12.3.1')]
    const seen = { facts, matches: [match('not-affected', '12.3.1')] }
    expect(outcome(firmware, seen, DONE + 2)).toBe('verified')
  })

  test('is contradicted by the old version seen again', () => {
    const facts = [fact('snmp.sys-descr', 'Alaris PC Unit 9.33')]
    expect(outcome(firmware, { facts, matches: [match('affected', '9.33')] }, DONE + 2)).toBe(
      'contradicted',
    )
  })

  test.each([
    [
      'a version typed in by somebody',
      { facts: [fact('arp.reply', 'x')], matches: [match('not-affected', '12.3.1')] },
    ],
    [
      'a version seen before the work',
      { facts: [fact('a', '12.3.1', DONE)], matches: [match('not-affected', '12.3.1')] },
    ],
    [
      'a verdict that is none',
      { facts: [fact('a', '12.3.1')], matches: [match('possibly-affected', '12.3.1')] },
    ],
    [
      'the same digits inside an address',
      { facts: [fact('a', '10.12.3.1')], matches: [match('not-affected', '12.3.1')] },
    ],
    [
      'the digits of a longer version',
      { facts: [fact('a', 'v12.3.1.9')], matches: [match('not-affected', '12.3.1')] },
    ],
    [
      'a field that tells no version',
      { facts: [fact('dns.query', '12.3.1')], matches: [match('not-affected', '12.3.1')] },
    ],
    [
      'one product of the advisory where another may be meant',
      {
        facts: [fact('a', '12.3.1')],
        matches: [match('not-affected', '12.3.1'), match('possibly-affected', '12.3.1')],
      },
    ],
    ['an advisory that no longer matches', { facts: [fact('a', '12.3.1')], matches: [] }],
  ])('is not verified by %s', (_case, seen) => {
    expect(outcome(firmware, seen, DONE + 2)).toBe('waiting')
    expect(outcome(firmware, seen)).toBe('not-observable')
  })
})

describe('no contact', () => {
  test.each([
    ['the actor reaches the device', flow('laptop', 'pump')],
    ['the device reaches the actor', flow('pump', 'laptop')],
  ])('is contradicted when %s', (_case, one) => {
    expect(outcome(contact, { flows: [one] }, DONE + 2)).toBe('contradicted')
  })

  test('is contradicted even where the sensor is said to be blind', () => {
    expect(outcome(contact, { flows: [flow('laptop', 'pump')], isSensorBlind: true })).toBe(
      'contradicted',
    )
  })

  test('knows an actor that is only an address', () => {
    const actor = { kind: 'no-contact', actorId: 'ip:10.0.0.77' } as const
    expect(outcome(actor, { flows: [flow('10.0.0.77', 'pump')] })).toBe('contradicted')
  })

  test.each([
    ['older contact', [flow('laptop', 'pump', DONE), flow('gateway', 'pump')]],
    ['contact with another device', [flow('laptop', 'printer'), flow('gateway', 'pump')]],
  ])('is verified after the wait in spite of %s', (_case, flows) => {
    expect(outcome(contact, { flows }, UNTIL - 1)).toBe('waiting')
    expect(outcome(contact, { flows })).toBe('verified')
  })
})

test('one device that was seen does not speak for the others', () => {
  const two = { ...order(contact), assetIds: ['pump', 'monitor'] }
  const seen = {
    facts: [fact('a', 'b')],
    flows: [],
    matches: [],
    versionFields: [],
    isSensorBlind: false,
    now: UNTIL,
    waitUntil: UNTIL,
  }
  expect(verify(two, { ...seen, seenAssetIds: ['pump'] })).toMatchObject({
    outcome: 'not-observable',
    reason: '1 of the 2 devices have not been seen on the network since the work.',
  })
  expect(verify(two, { ...seen, seenAssetIds: ['pump', 'monitor'] }).outcome).toBe('verified')
})

describe('a weakness', () => {
  test('is contradicted when seen again, at once', () => {
    expect(outcome(telnet, { facts: [fact('telnet.session', 'login')] }, DONE + 1)).toBe(
      'contradicted',
    )
  })

  test('is verified when the device was seen without it', () => {
    expect(outcome(telnet, { facts: [fact('http.server', 'x')] })).toBe('verified')
  })
})

describe('a value', () => {
  test.each([
    ['verified', 'pump-12'],
    ['contradicted', 'pump-11'],
  ])('is %s by the last one seen', (wanted, last) => {
    const facts = [fact('snmp.sys-name', 'old', DONE + 1), fact('snmp.sys-name', last, DONE + 2)]
    expect(outcome(value, { facts })).toBe(wanted)
  })
})

describe('not seen is never read as not there', () => {
  test.each([firmware, contact, telnet, value])('for %o', (expectation) => {
    expect(outcome(expectation, {}, UNTIL - 1)).toBe('waiting')
    expect(outcome(expectation, {})).toBe('not-observable')
    expect(outcome(expectation, { facts: [fact('a', 'b')], isSensorBlind: true })).toBe(
      'not-observable',
    )
  })

  test('nor where there is nothing to see', () => {
    const none = { kind: 'none', reason: 'It is on paper.' } as const
    expect(
      verify(order(none), {
        facts: [],
        flows: [],
        matches: [],
        versionFields: [],
        seenAssetIds: [],
        isSensorBlind: false,
        now: 0,
        waitUntil: 0,
      }),
    ).toEqual({
      outcome: 'not-observable',
      reason: 'It is on paper.',
      evidence: [],
    })
  })
})

test('names the frame it saw it in', () => {
  const facts = [fact('snmp.sys-name', 'pump-12')]
  const nothing = { flows: [], matches: [], versionFields: [], seenAssetIds: [] }
  const seen = { ...nothing, facts, isSensorBlind: false, now: 0, waitUntil: UNTIL }
  expect(verify(order(value), seen).evidence).toMatchObject([{ file: 'after.pcapng', frame: 7 }])
})
