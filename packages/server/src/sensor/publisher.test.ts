import type { FlowRecord, Observation } from '@wardkeeper/dissect'
import { expect, test } from 'vitest'
import { unpackFacts, type PackedFacts } from '../bus/packed-facts.ts'
import { Publisher } from './publisher.ts'

const origin = { sensor: 'capture:abc', siteId: 'main', file: 'a.pcap' }

const observation = (time: number, value: string): Observation => ({
  time,
  mac: '00:1a:11:00:00:01',
  ip: undefined,
  field: 'dhcp.hostname',
  value,
  flow: 3,
  frame: time / 1000,
})

const flow = (start: number, overrides: Partial<FlowRecord> = {}): FlowRecord => ({
  id: 3,
  start,
  end: start + 500,
  vlan: [],
  transport: 'tcp',
  client: { ip: '10.0.0.5', port: 40_000, mac: '00:1a:11:00:00:01' },
  server: { ip: '10.0.0.9', port: 104, mac: '00:1a:11:00:00:02' },
  protocol: 'dicom',
  confidence: 'content',
  also: [],
  packets: [3, 2],
  bytes: [300, 200],
  ...overrides,
})

interface Sent {
  readonly id: string
  readonly payload: { readonly facts?: PackedFacts; readonly flows?: unknown[] }
}

async function publish(work: (publisher: Publisher) => void): Promise<Sent[]> {
  const sent: Sent[] = []
  const publisher = new Publisher(origin, async (message) => void sent.push(message as Sent))
  work(publisher)
  publisher.cut()
  await publisher.send()
  return sent
}

test('one fact for what repeats, with first, last and count', async () => {
  const [message] = await publish((publisher) => {
    for (const time of [2000, 1000, 5000]) publisher.onObservation(observation(time, 'pump-1'))
    publisher.onObservation(observation(6000, 'pump-2'))
  })
  expect(unpackFacts(message!.payload.facts!)).toMatchObject([
    {
      value: 'pump-1',
      first: 1,
      last: 5,
      count: 3,
      evidence: { file: 'a.pcap', frame: 2, flow: 3 },
    },
    { value: 'pump-2', count: 1 },
  ])
})

test('one summary for each client, service and hour', async () => {
  const hour = 3_600_000_000
  const [message] = await publish((publisher) => {
    publisher.onFlow(flow(1000))
    publisher.onFlow(
      flow(2000, { client: { ip: '10.0.0.5', port: 41_000, mac: '00:1a:11:00:00:01' } }),
    )
    publisher.onFlow(flow(hour + 1000))
  })
  expect(message?.payload.flows).toMatchObject([
    { hour: 0, sessions: 2, packets: [6, 4], bytes: [600, 400], port: 104 },
    { hour: 3_600_000, sessions: 1 },
  ])
})

test('facts go before the flows of the same batch, and batches are numbered by the cuts alone', async () => {
  const sent = await publish((publisher) => {
    publisher.onFlow(flow(1000))
    publisher.onObservation(observation(1000, 'pump-1'))
    publisher.cut()
    publisher.cut()
    publisher.onObservation(observation(2000, 'pump-1'))
  })
  expect(sent.map(({ id }) => id)).toEqual([
    'obs/capture:abc/1',
    'flow/capture:abc/1',
    'obs/capture:abc/2',
  ])
})
