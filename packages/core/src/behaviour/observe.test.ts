import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Baseline, Detection, FlowSummary } from '../vocabulary.ts'
import { forgetAlarm, learnDetection, observe } from './observe.ts'
import type { LearningSettings } from './settings.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.parse('2026-03-02T00:00:00Z')

const settings: LearningSettings = {
  minimumDays: 7,
  minimumHours: 40,
  repeatAfterHours: 24,
  scanPorts: 15,
  scanPeers: 10,
  weakServices: ['telnet', 'tcp/23'],
  infrastructure: ['dhcp', 'dns', 'icmp', 'ntp'],
}

const PUMP = { assetId: 'pump', ip: '10.0.0.10' }
const GATEWAY = { assetId: 'gateway', ip: '10.0.0.20' }
const LAPTOP = { assetId: 'laptop', ip: '10.0.0.66' }
const UNKNOWN = { ip: '10.0.0.77' }

function flow(change: Partial<FlowSummary> = {}): FlowSummary {
  const hour = change.hour ?? START
  return {
    siteId: 'n',
    sensor: 's',
    hour,
    client: PUMP,
    server: GATEWAY,
    transport: 'tcp',
    port: 2575,
    protocol: 'hl7',
    first: hour + 60_000,
    last: hour + 120_000,
    sessions: 3,
    packets: [30, 30],
    bytes: [3000, 3000],
    evidence: { file: 'a.pcapng' },
    ...change,
  }
}

/** The same flow on each of so many days. */
function daily(one: FlowSummary, days: number): readonly FlowSummary[] {
  return Array.from({ length: days }, (_, day) => ({
    ...one,
    hour: one.hour + day * DAY,
    first: one.first + day * DAY,
    last: one.last + day * DAY,
  }))
}

function look(
  flows: readonly FlowSummary[],
  baseline?: Baseline,
  isClinical?: (id: string) => boolean | undefined,
  assetId = 'pump',
) {
  let next = 0
  return observe({
    assetId,
    baseline,
    flows,
    settings,
    now: START,
    newId: () => `d-${++next}`,
    labelOf: (id, ip) => id ?? ip,
    ...(isClinical && { isClinical }),
  })
}

/** A pump that has sent HL7 to its gateway, and served HTTP to it, for a week. */
const learned = look([
  ...daily(flow(), 7),
  ...daily(flow({ client: GATEWAY, server: PUMP, port: 80, protocol: 'http' }), 7),
]).baseline
const AFTER = START + 8 * DAY

function alarms(flows: readonly FlowSummary[], baseline = learned) {
  return look(flows, baseline).detections.map(
    ({ detector, severity, actorId, targetId, remedy }) => [
      detector,
      severity,
      actorId,
      targetId,
      remedy,
    ],
  )
}

describe('learning', () => {
  test('watches after enough days and not before', () => {
    expect(look(daily(flow(), 6)).baseline.stage).toBe('learning')
    expect(learned.stage).toBe('watching')
    expect(learned.days).toHaveLength(7)
  })

  test('says how complete it is: days and hours seen of those wanted', () => {
    const half = look(daily(flow(), 3)).baseline
    expect(half.completeness).toBeCloseTo((3 / 7 + 3 / 40) / 2)
    expect(learned.completeness).toBeGreaterThan(half.completeness)
    expect(learned.completeness).toBeLessThan(1)
  })

  test('takes anything for normal while it learns, but not a scan and not a weak service', () => {
    const flows = [flow(), flow({ client: UNKNOWN, server: PUMP, port: 8080 })]
    expect(look(flows).detections).toEqual([])
    const contact = flow({ client: LAPTOP, server: PUMP, port: 23, protocol: 'telnet' })
    const { detections, baseline } = look([...flows, contact])
    expect(detections.map(({ detector }) => detector)).toEqual(['weak-service'])
    expect(Object.keys(baseline.known).some((key) => key.startsWith('in tcp/23'))).toBe(false)
  })

  test('learning a flow twice changes nothing but counts', () => {
    const again = look(daily(flow(), 7), learned).baseline
    const counts = ({ known }: Baseline) =>
      Object.values(known).map((one) => ({ ...one, count: 0 }))
    expect(counts(again)).toEqual(counts(learned))
    expect({ ...again, known: {} }).toEqual({ ...learned, known: {} })
  })

  test('is the same hour by hour as all at once', () => {
    const flows = [
      ...daily(flow(), 9),
      flow({ hour: AFTER, client: LAPTOP, server: PUMP, port: 8080 }),
    ]
    const whole = look(flows)
    const detections: Detection[] = []
    let baseline: Baseline | undefined
    for (const one of flows.toSorted((a, b) => a.first - b.first)) {
      const step = look([one], baseline)
      baseline = step.baseline
      detections.push(...step.detections)
    }
    expect(baseline).toEqual(whole.baseline)
    expect(detections.map(({ detector }) => detector)).toEqual(['stranger'])
    expect(whole.detections.map(({ detector }) => detector)).toEqual(['stranger'])
  })
})

describe('watching', () => {
  test.each([
    ['what it knows', flow({ hour: AFTER })],
    [
      'a known asset at a new address',
      flow({ hour: AFTER, server: { ...GATEWAY, ip: '10.0.9.9' } }),
    ],
    ['DNS', flow({ hour: AFTER, server: UNKNOWN, port: 53, protocol: 'dns', transport: 'udp' })],
    ['multicast', flow({ hour: AFTER, server: { ip: '239.1.1.1' }, transport: 'udp' })],
    ['broadcast', flow({ hour: AFTER, server: { ip: '255.255.255.255' }, transport: 'udp' })],
    [
      'a directed broadcast',
      flow({ hour: AFTER, server: { ip: '10.0.3.255', mac: 'ff:ff:ff:ff:ff:ff' } }),
    ],
    [
      'what it does to another watched asset, told from there',
      flow({ hour: AFTER, server: LAPTOP }),
    ],
  ])('is silent on %s', (_case, one) => {
    expect(look([one], learned).detections).toEqual([])
  })

  test.each([
    [
      'a stranger on a new service',
      flow({ hour: AFTER, client: LAPTOP, server: PUMP, port: 8080, protocol: 'http' }),
      ['stranger', 'high', 'laptop', 'pump', 'isolate:laptop'],
    ],
    [
      'an address that is no asset',
      flow({ hour: AFTER, client: UNKNOWN, server: PUMP, port: 8080, protocol: undefined }),
      ['stranger', 'high', undefined, 'pump', 'isolate:ip:10.0.0.77'],
    ],
    [
      'somebody new on a service in use',
      flow({ hour: AFTER, client: LAPTOP, server: PUMP, port: 80, protocol: 'http' }),
      ['new-peer', 'medium', 'laptop', 'pump', 'review:laptop'],
    ],
    [
      'the known gateway on a new service',
      flow({ hour: AFTER, client: GATEWAY, server: PUMP, port: 22, protocol: 'ssh' }),
      ['new-service', 'medium', 'gateway', 'pump', 'review:gateway'],
    ],
    [
      'a weak service, also by an acquaintance',
      flow({ hour: AFTER, client: GATEWAY, server: PUMP, port: 23, protocol: 'telnet' }),
      ['weak-service', 'high', 'gateway', 'pump', 'isolate:gateway'],
    ],
    [
      'the pump calling out of the hospital',
      flow({ hour: AFTER, server: { ip: '203.0.113.7' }, port: 443, protocol: 'tls' }),
      ['new-peer', 'high', 'pump', undefined, 'review:pump'],
    ],
    [
      'the pump calling an address that is no asset',
      flow({ hour: AFTER, server: UNKNOWN }),
      ['new-peer', 'medium', 'pump', undefined, 'review:pump'],
    ],
  ])('raises %s, and blames who opened it', (_case, one, expected) => {
    expect(alarms([one])).toEqual([expected])
  })

  test('says what was expected and what was seen, with the flow as evidence', () => {
    const one = flow({ hour: AFTER, client: LAPTOP, server: PUMP, port: 8080, protocol: 'http' })
    expect(look([one], learned).detections[0]).toMatchObject({
      expected: 'pump serves the devices and the services that it has always served.',
      seen: 'laptop, never seen with pump before, opened tcp/8080 http on it.',
      techniques: ['T1021', 'T0886'],
      evidence: [{ field: 'flow', value: '10.0.0.66 > 10.0.0.10 tcp/8080 http', file: 'a.pcapng' }],
    })
  })

  test('is milder on a device known not to be medical', () => {
    const one = flow({ hour: AFTER, client: LAPTOP, server: PUMP, port: 8080 })
    const severities = (isClinical: (id: string) => boolean | undefined) =>
      look([one], learned, isClinical).detections.map(({ severity }) => severity)
    expect(severities(() => false)).toEqual(['medium'])
    expect(severities(() => undefined)).toEqual(['high'])
  })

  test('does not take a refused try for an open weak service', () => {
    const refused = { sessions: 1, packets: [1, 1], bytes: [44, 40] } as const
    const tried = flow({ hour: AFTER, client: GATEWAY, server: PUMP, port: 23, ...refused })
    expect(alarms([tried])).toEqual([
      ['new-service', 'medium', 'gateway', 'pump', 'review:gateway'],
    ])
  })

  test('raises the same thing once, and again when it is still there a day later', () => {
    const one = flow({ hour: AFTER, client: LAPTOP, server: PUMP, port: 8080 })
    const hours = [0, 1, 5, 23, 30].map((hour) => ({
      ...one,
      hour: one.hour + hour * HOUR,
      first: one.first + hour * HOUR,
      last: one.last + hour * HOUR,
    }))
    expect(look(hours, learned).detections).toHaveLength(2)
  })

  test('does not learn what it raised, until a person says that it is normal', () => {
    const one = flow({ hour: AFTER, client: LAPTOP, server: PUMP, port: 8080 })
    const { baseline, detections } = look([one], learned)
    const later = { ...one, hour: AFTER + 3 * DAY, first: AFTER + 3 * DAY, last: AFTER + 3 * DAY }
    expect(look([later], baseline).detections).toHaveLength(1)
    const told = learnDetection(baseline, detections[0] as Detection)
    expect(look([later], told).detections).toEqual([])
  })

  test('is silent on a weak service that a person called normal', () => {
    const one = flow({ hour: AFTER, client: GATEWAY, server: PUMP, port: 23, protocol: 'telnet' })
    const { baseline, detections } = look([one], learned)
    expect(look([one], learnDetection(baseline, detections[0] as Detection)).detections).toEqual([])
    const later = { ...one, hour: AFTER + 3 * DAY, first: AFTER + 3 * DAY, last: AFTER + 3 * DAY }
    const told = learnDetection(baseline, detections[0] as Detection)
    expect(look([later], told).detections).toEqual([])
    expect(look([later], baseline).detections).toHaveLength(1)
  })
})

describe('scans', () => {
  const probe = (port: number, server: FlowSummary['server'] = PUMP, change = {}) =>
    flow({
      hour: AFTER,
      client: LAPTOP,
      server,
      port,
      protocol: undefined,
      sessions: 1,
      packets: [1, 1],
      bytes: [44, 40],
      ...change,
    })
  const ports = Array.from({ length: 30 }, (_, index) => probe(index + 10))

  test('one alarm for many ports of one device, and none for each port', () => {
    expect(alarms(ports)).toEqual([['scan', 'high', 'laptop', 'pump', 'isolate:laptop']])
    expect(look(ports, learned).detections[0]?.seen).toBe(
      'laptop tried 30 ports of pump within an hour.',
    )
  })

  test('told from the side of the scanned, and from that of the scanner where it is no asset', () => {
    expect(look(ports, undefined, undefined, 'laptop').detections).toEqual([])
    const outside = ports.map((one) => ({ ...one, server: UNKNOWN }))
    expect(look(outside, undefined, undefined, 'laptop').detections).toHaveLength(1)
  })

  test('also while the device is being learned, and learns nothing of it', () => {
    const { detections, baseline } = look(ports)
    expect(detections).toHaveLength(1)
    expect(Object.keys(baseline.known)).toEqual(['alarm scan asset:laptop asset:pump'])
  })

  test('not for a few ports, and not for conversations', () => {
    expect(look(ports.slice(0, 14)).detections).toEqual([])
    const talks = ports.map((one) => ({
      ...one,
      port: one.port + 100,
      packets: [20, 20] as const,
      bytes: [900, 9000] as const,
    }))
    expect(look(talks).detections).toEqual([])
  })

  test('one alarm for one port of many devices, told of the device that does it', () => {
    const sweep = Array.from({ length: 12 }, (_, index) =>
      probe(445, { assetId: `a-${index}`, ip: `10.0.1.${index + 1}` }),
    )
    const { detections } = look(sweep, undefined, undefined, 'laptop')
    expect(
      detections.map(({ detector, actorId, targetId }) => [detector, actorId, targetId]),
    ).toEqual([['scan', 'laptop', undefined]])
  })

  test('not again from one who is said to scan by trade', () => {
    const { detections, baseline } = look(ports, learned)
    const told = learnDetection(baseline, detections[0] as Detection)
    const later = Array.from({ length: 40 }, (_, index) =>
      probe(index + 100, PUMP, {
        hour: AFTER + 9 * DAY,
        first: AFTER + 9 * DAY,
        last: AFTER + 9 * DAY,
      }),
    )
    expect(look(later, told).detections).toEqual([])
    expect(look(later, baseline).detections).toHaveLength(1)
  })
})

describe('whatever the flows', () => {
  const ends = fc.constantFrom<FlowSummary['client']>(PUMP, GATEWAY, LAPTOP, UNKNOWN, {
    ip: '203.0.113.9',
  })
  const flows = fc.array(
    fc
      .record({
        client: ends,
        server: ends,
        port: fc.constantFrom(22, 23, 80, 104, 2575, 50_000),
        protocol: fc.constantFrom(undefined, 'hl7', 'telnet', 'dns'),
        hour: fc.integer({ min: 0, max: 24 * 20 }).map((hours) => START + hours * HOUR),
        sessions: fc.integer({ min: 1, max: 5 }),
      })
      .map((change) => flow(change)),
    { maxLength: 40 },
  )

  test('known flows never raise an alarm', () => {
    fc.assert(
      fc.property(flows, (some) => {
        const { baseline } = look(some)
        const quiet = some.filter((one) => look([one], baseline).detections.length === 0)
        const watched = { ...baseline, stage: 'watching' as const }
        const told = look(quiet, watched).baseline
        const known = quiet.filter((one) => isKnown(one, told))
        expect(look(known, told).detections).toEqual([])
      }),
    )
  })

  test('the baseline only grows, and a detection names who opened the flow', () => {
    fc.assert(
      fc.property(flows, flows, (before, after) => {
        const first = look(before).baseline
        const { baseline, detections } = look(after, first)
        expect(Object.keys(baseline.known)).toEqual(
          expect.arrayContaining(Object.keys(first.known)),
        )
        const clients = after.map(({ client }) => client.assetId)
        expect(detections.every(({ actorId }) => clients.includes(actorId))).toBe(true)
      }),
    )
  })

  function isKnown(
    { client, server, transport, port, protocol }: FlowSummary,
    { known }: Baseline,
  ) {
    const service = port >= 32_768 && protocol === undefined ? 'dynamic' : `${port}`
    return Object.keys(known).some(
      (key) =>
        key.includes(`${transport}/${service} ${protocol ?? '-'}`) &&
        (key.endsWith(client.assetId ?? client.ip) || key.endsWith(server.assetId ?? server.ip)),
    )
  }
})

describe('an alarm', () => {
  const probe = (hour: number, client: FlowSummary['client']) =>
    Array.from({ length: 20 }, (_, port) =>
      flow({ hour, client, server: PUMP, port: port + 1, packets: [1, 1], bytes: [40, 40] }),
    )

  test('of an older capture that comes later is told too', () => {
    const first = look(probe(AFTER, LAPTOP), learned)
    expect(first.detections).toHaveLength(1)
    expect(look(probe(AFTER + HOUR, LAPTOP), first.baseline).detections).toEqual([])
    expect(look(probe(AFTER - 3 * DAY, LAPTOP), first.baseline).detections).toHaveLength(1)
  })

  test.each([
    ['an asset', LAPTOP],
    ['an address', UNKNOWN],
    ['the internet', { ip: '198.51.100.7' }],
  ])('by %s that a person closed is told again at once, one they learned never', (_who, actor) => {
    const first = look(probe(AFTER, actor), learned)
    const [detection] = first.detections
    const again = (baseline: Baseline) => look(probe(AFTER + HOUR, actor), baseline).detections
    expect(again(first.baseline)).toEqual([])
    expect(again(forgetAlarm(first.baseline, detection!))).toHaveLength(1)
    const allowed = learnDetection(forgetAlarm(first.baseline, detection!), {
      ...detection!,
      evidence: detection!.evidence.slice(0, 1),
    })
    expect(again(allowed)).toEqual([])
  })
})
