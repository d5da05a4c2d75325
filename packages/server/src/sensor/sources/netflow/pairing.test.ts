import { expect, test } from 'vitest'
import type { SourceFlow } from '../source.ts'
import { Pairing } from './pairing.ts'
import type { ExportedFlow } from './record.ts'

const forth: ExportedFlow = {
  start: 1000,
  end: 2000,
  source: '10.1.0.7',
  destination: '10.1.0.9',
  sourcePort: 40_000,
  destinationPort: 11_112,
  protocol: 6,
  packets: [10, 0],
  bytes: [1000, 0],
  sourceMac: undefined,
  destinationMac: undefined,
  vlans: [],
  isBiflow: false,
  isSampled: false,
}

function back(flow: ExportedFlow, more: Partial<ExportedFlow> = {}): ExportedFlow {
  return {
    ...flow,
    source: flow.destination,
    destination: flow.source,
    sourcePort: flow.destinationPort,
    destinationPort: flow.sourcePort,
    packets: [4, 0],
    bytes: [400, 0],
    ...more,
  }
}

function pair(...flows: readonly ExportedFlow[]): SourceFlow[] {
  const told: SourceFlow[] = []
  const pairing = new Pairing((flow) => told.push(flow))
  for (const flow of flows) pairing.add(flow, 0)
  pairing.flush()
  return told
}

const CLIENT = {
  client: { ip: '10.1.0.7', port: 40_000 },
  server: { ip: '10.1.0.9', port: 11_112 },
}

test.each([
  ['question first', [forth, back(forth, { start: 1200, end: 2500 })]],
  ['answer first', [back(forth, { start: 1200, end: 2500 }), forth]],
])('two directions become one flow: %s', (_order, flows) => {
  expect(pair(...flows)).toMatchObject([
    { ...CLIENT, packets: [10, 4], bytes: [1000, 400], start: 1000, end: 2500, protocol: 'dicom' },
  ])
})

test.each([
  ['the port of a service, when the clock does not tell', [back(forth), forth]],
  ['the port of a service, when one direction is all there is', [back(forth)]],
  [
    'the clock, whatever the ports',
    [
      { ...back(forth), start: 900 },
      { ...forth, start: 1000 },
    ],
  ],
])('who is the client is decided by %s', (case_, flows) => {
  const isByClock = case_.startsWith('the clock')
  expect(pair(...flows)[0]?.client.ip).toBe(isByClock ? '10.1.0.9' : '10.1.0.7')
})

test('slices of a long flow keep their client', () => {
  const slice = { ...forth, start: 9000, end: 9900 }
  const told = pair(forth, back(forth, { start: 1200 }), back(slice, { start: 8000 }), slice)
  expect(told.map(({ client }) => client.ip)).toEqual(['10.1.0.7', '10.1.0.7'])
})

test('nothing is lost when the same direction comes twice, or nothing answers', () => {
  const told = pair(forth, { ...forth, start: 3000 }, { ...forth, sourcePort: 40_001 })
  expect(told.map(({ packets }) => packets)).toEqual([
    [10, 0],
    [10, 0],
    [10, 0],
  ])
})

test('echo and its answer are one flow of the one who asked', () => {
  const echo = { ...forth, protocol: 1, sourcePort: 8, destinationPort: 0 }
  const answer = { ...back(echo), sourcePort: 0, destinationPort: 0 }
  expect(pair(answer, echo)).toMatchObject([
    { transport: 'icmp', client: { ip: '10.1.0.7', port: 8 }, packets: [10, 4] },
  ])
})

test('what waited long enough goes out, what came late waits on', () => {
  const told: SourceFlow[] = []
  const pairing = new Pairing((flow) => told.push(flow))
  pairing.add(forth, 0)
  pairing.add({ ...forth, sourcePort: 40_001 }, 10_000)
  pairing.sweep(15_000)
  expect(told).toHaveLength(1)
  expect(pairing.size).toBe(1)
})

test('a flood of flows without answer is bounded, and all come out', () => {
  let count = 0
  const pairing = new Pairing(() => count++)
  for (let at = 0; at < 70_000; at++) {
    pairing.add({ ...forth, source: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}` }, 0)
  }
  expect(pairing.size).toBeLessThanOrEqual(65_536)
  pairing.flush()
  expect(count).toBe(70_000)
})
