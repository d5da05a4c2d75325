import { expect, test } from 'vitest'
import type { Dissector, Observation } from './dissector.ts'
import { Engine } from './engine.ts'
import type { FlowRecord } from './flow-report.ts'
import { bytesOf, CLIENT, ethernet, type IpHeader, ipv4, SERVER } from './testing/frames.ts'

const tag: Dissector = {
  protocol: 'tag',
  over: 'ethernet',
  etherTypes: [0x88b5],
  looksLike: () => 'strong',
  *dissect(message) {
    yield { subject: 'client', field: 'tag.text', value: message.text(message.remaining) }
  },
}

const hail: Dissector = {
  protocol: 'hail',
  over: 'ip',
  ipProtocols: [253, 2],
  ttl: 255,
  looksLike: (message) => (message.startsWith('hail') ? 'strong' : 'no'),
  *dissect(message, { isMulticast }) {
    const text = message.skip(4).text(message.remaining)
    yield { subject: 'client', field: isMulticast ? 'hail.all' : 'hail.one', value: text }
    yield { subject: 'server', field: 'hail.who', value: 'server' }
  },
}

function run(
  frames: readonly Uint8Array[],
  step = 1000,
  dissectors: readonly Dissector[] = [hail, tag],
) {
  const observations: Observation[] = []
  const flows: FlowRecord[] = []
  const engine = new Engine({
    dissectors,
    onObservation: (observation) => observations.push(observation),
    onFlow: (flow) => flows.push(flow),
  })
  frames.forEach((frame, at) => {
    engine.frame(frame, 0, frame.length, frame.length, 1, 1e15 + at * step)
  })
  engine.flush()
  return { flows, observations }
}

test('reads messages of the link layer, once each', () => {
  const frame = ethernet({ etherType: 0x88b5, source: CLIENT.mac }, bytesOf('seen'))
  const { observations, flows } = run([frame, frame])
  expect(flows).toEqual([])
  expect(observations).toEqual([
    {
      time: 1e15,
      mac: CLIENT.mac,
      ip: undefined,
      field: 'tag.text',
      value: 'seen',
      flow: 0,
      frame: 1,
    },
  ])
})

/** A message right over IP from the client to the server. */
const overIp = (text: string, header: Partial<IpHeader> = {}) =>
  ethernet(
    { etherType: 0x0800, source: CLIENT.mac, destination: SERVER.mac },
    ipv4({ protocol: 253, ttl: 255, ...header }, bytesOf(text)),
  )

test('reads messages right over IP, once each, and names a flow that nothing else names', () => {
  const message = overIp('hailseen')
  const other = overIp('hailseen', { protocol: 2, destination: '10.0.0.3' })
  const { observations, flows } = run([message, message, other])
  const told = { time: 1e15, flow: 1, frame: 1 }
  const { mac, ip } = CLIENT
  const server = { mac: SERVER.mac, ip: SERVER.ip }
  expect(observations).toEqual([
    { ...told, mac, ip, field: 'hail.one', value: 'seen' },
    { ...told, ...server, field: 'hail.who', value: 'server' },
    // The same words to somebody else.
    {
      ...server,
      time: 1e15 + 2000,
      flow: 2,
      frame: 3,
      ip: '10.0.0.3',
      field: 'hail.who',
      value: 'server',
    },
  ])
  expect(
    flows.map(({ transport, protocol, packets }) => [transport, protocol, packets[0]]),
  ).toEqual([
    ['other', 'hail', 2],
    ['igmp', undefined, 1],
  ])
})

test('names every flow of a message over IP, also where the message is known', () => {
  const message = overIp('hailseen')
  const frames = [message, message]
  const { flows } = run(frames, 3600e6)
  expect(flows.map(({ protocol }) => protocol)).toEqual(['hail', 'hail'])
})

test('believes a message over IP only where no router can have passed it on', () => {
  const texts = [255, 1, 64, 254].map((ttl) => overIp(`hail${ttl}`, { ttl }))
  const part = overIp('hailpart', { fragment: { offset: 0, more: true } })
  const { observations } = run([...texts, part])
  const values = observations.filter(({ field }) => field !== 'hail.who').map(({ value }) => value)
  expect(values).toEqual(['255'])
})

test('who has no address yet is named by its MAC alone', () => {
  const { observations } = run([overIp('hailseen', { source: '0.0.0.0' })])
  expect(observations[0]).toMatchObject({ mac: CLIENT.mac, ip: undefined, value: 'seen' })
})

test('a message that comes again is not read again, whatever came between', () => {
  let reads = 0
  const counting: Dissector = {
    ...tag,
    *dissect(message, context) {
      reads++
      yield* tag.dissect(message, context)
    },
  }
  const link = ethernet({ etherType: 0x88b5, source: CLIENT.mac }, bytesOf('seen'))
  const others = ['10.0.0.7', '10.0.0.8', '10.0.0.9'].map((source) => overIp('other', { source }))
  run([link, others[0]!, link, others[1]!, link, others[2]!, link], 1000, [counting])
  expect(reads).toBe(1)
})
