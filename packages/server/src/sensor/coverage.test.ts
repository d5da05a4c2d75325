import type { FlowRecord } from '@wardkeeper/dissect'
import { expect, test } from 'vitest'
import { CoverageTracker } from './coverage.ts'

const ROUTER = '00:00:0c:00:00:01'

function flow(changes: Partial<FlowRecord> = {}): FlowRecord {
  return {
    id: 1,
    start: 1_000_000,
    end: 2_000_000,
    vlan: [20],
    transport: 'tcp',
    client: { ip: '10.1.2.3', port: 40_000, mac: '00:09:fb:00:00:03' },
    server: { ip: '10.1.2.4', port: 2575, mac: '00:09:fb:00:00:04' },
    protocol: 'hl7',
    confidence: 'content',
    also: [],
    packets: [10, 10],
    bytes: [4000, 1000],
    ...changes,
  }
}

function cover(...flows: readonly FlowRecord[]) {
  const tracker = new CoverageTracker()
  for (const one of flows) tracker.add(one)
  return tracker.describe()
}

test('counts conversations of a VLAN, and those of which one side is missing', () => {
  const { vlans } = cover(flow(), flow({ packets: [10, 0], bytes: [4000, 0], end: 5_000_000 }))
  expect(vlans).toEqual([
    { vlan: 20, packets: 30, conversations: 2, oneSided: 1, first: 1000, last: 5000 },
  ])
})

test('a scan without answers is no one-sided conversation', () => {
  const scan = flow({ packets: [5, 0], bytes: [300, 0] })
  expect(cover(scan).vlans).toMatchObject([{ conversations: 0, oneSided: 0 }])
})

test('frames without a tag are a VLAN of their own', () => {
  expect(cover(flow({ vlan: [] })).vlans).toMatchObject([{ vlan: 0, packets: 20 }])
})

test('tells the networks that are heard only through a router', () => {
  const far = ['10.7.1.5', '10.7.2.5', '10.7.3.5', '10.7.3.6'].map((ip) =>
    flow({ server: { ip, port: 443, mac: ROUTER } }),
  )
  expect(cover(...far).networks).toEqual([
    { network: '10.7.3.0/24', hosts: 2, behindRouter: 2, last: 2000 },
    { network: '10.1.2.0/24', hosts: 1, behindRouter: 0, last: 2000 },
    { network: '10.7.1.0/24', hosts: 1, behindRouter: 1, last: 2000 },
    { network: '10.7.2.0/24', hosts: 1, behindRouter: 1, last: 2000 },
  ])
})

test('a host that is heard itself later is no longer behind the router', () => {
  const far = ['10.7.1.5', '10.7.2.5', '10.7.3.5'].map((ip) =>
    flow({ server: { ip, port: 443, mac: ROUTER } }),
  )
  const near = flow({ server: { ip: '10.7.1.5', port: 443, mac: '00:09:fb:00:00:09' } })
  expect(cover(...far, near).networks).toContainEqual({
    network: '10.7.1.0/24',
    hosts: 1,
    behindRouter: 0,
    last: 2000,
  })
})

test('writes networks of IPv6 as their /64', () => {
  const ends = ['fd00:1:2:3:4:5:6:7', 'fd00:1::7', 'fd00::1:2:3:4'].map((ip) =>
    flow({ server: { ip, port: 1, mac: '00:09:fb:00:00:09' } }),
  )
  const names = cover(...ends).networks.map(({ network }) => network)
  expect(names).toEqual(expect.arrayContaining(['fd00:1:2:3::/64', 'fd00:1::/64', 'fd00::/64']))
})

test('stays small whatever the wire names', () => {
  const tracker = new CoverageTracker()
  for (let at = 0; at < 30_000; at++) {
    const ip = `10.${at >> 8}.${at & 255}.1`
    tracker.add(flow({ server: { ip: `10.${(at >> 8) & 255}.${at & 255}.1`, port: 1, mac: ip } }))
  }
  expect(tracker.describe().networks.length).toBeLessThanOrEqual(2000)
})
