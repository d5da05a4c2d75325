import { expect, test } from 'vitest'
import { CaptureReader } from './capture/capture-reader.ts'
import type { Dissector, Observation } from './dissector.ts'
import { Engine, type EngineOptions } from './engine.ts'
import type { FlowRecord } from './flow-report.ts'
import { pcap } from './testing/captures.ts'
import {
  be16,
  bytesOf,
  CLIENT,
  type End,
  ethernet,
  frameBetween,
  hex,
  ipv4,
  type Part,
  type Said,
  SERVER,
  tcp,
  tcpFrames,
  udp,
  udpFrames,
} from './testing/frames.ts'

/** `HELLO <length> <text>`: two ASCII digits of length, then the text; a wrong tag is broken. */
const greeting: Dissector = {
  protocol: 'greeting',
  over: 'tcp',
  ports: [7000],
  looksLike(message) {
    if (message.startsWith('HELLO ')) return 'strong'
    return 'HELLO '.startsWith(message.text(message.remaining)) ? 'incomplete' : 'no'
  },
  length(stream) {
    if (stream.remaining < 8) return 0
    if (!stream.startsWith('HELLO ')) return -1
    return 8 + Number(stream.skip(6).text(2))
  },
  *dissect(message, context) {
    const text = message.skip(8).text(message.remaining)
    if (text === 'YIELD') context.yields()
    if (text === 'UPGRADE') context.become('shout')
    if (text === 'BOTH') context.carries('other')
    const [, end, port, protocol] = /^EXPECT (\S+) (\d+) (\S+)/.exec(text) ?? []
    if (end !== undefined) {
      const whose = end === 'client' || end === 'server' ? end : { ip: end }
      context.expect({ protocol: protocol!, over: 'udp', end: whose, port: Number(port) })
    }
    if (text.startsWith('PASS')) context.pass(Number(text.slice(4)))
    yield { subject: context.from, field: 'greeting.text', value: text }
  },
}

const shout: Dissector = {
  protocol: 'shout',
  over: 'tcp',
  looksLike: (message) => (message.peek() === 0x21 ? 'weak' : 'no'),
  *dissect(message) {
    if (message.u8() !== 0x21) message.ok = false
    yield { subject: 'server', field: 'shout.text', value: message.text(message.remaining) }
  },
}

const note: Dissector = {
  protocol: 'note',
  over: 'udp',
  ports: [7001],
  looksLike: (message) => (message.startsWith('note ') ? 'weak' : 'no'),
  *dissect(message, context) {
    const count = typeof context.state === 'number' ? context.state + 1 : 1
    context.state = count
    message.skip(5)
    yield { subject: context.from, field: 'note.text', value: message.text(message.remaining) }
    yield { subject: 'client', field: 'note.count', value: String(count) }
  },
}

const beacon: Dissector & { reads: number } = {
  protocol: 'beacon',
  over: 'udp',
  appetite: Infinity,
  reads: 0,
  looksLike: (message) => (message.startsWith('beacon') ? 'strong' : 'no'),
  *dissect(message, context) {
    beacon.reads++
    const text = message.skip(6).text(message.remaining)
    if (text === 'last') context.enough()
    yield { subject: context.from, field: 'beacon.text', value: text }
  },
}

const clumsy: Dissector = {
  protocol: 'clumsy',
  over: 'udp',
  ports: [7002],
  looksLike: (message) => (message.peek() === 0x63 ? 'strong' : 'no'),
  // oxlint-disable-next-line require-yield
  *dissect() {
    throw new Error('a defect')
  },
}

const DISSECTORS = [beacon, clumsy, greeting, note, shout]

function run(frames: readonly Uint8Array[], options: Partial<EngineOptions> = {}, step = 1000) {
  const observations: Observation[] = []
  const flows: FlowRecord[] = []
  const engine = new Engine({
    dissectors: DISSECTORS,
    onObservation: (observation) => observations.push(observation),
    onFlow: (flow) => flows.push(flow),
    ...options,
  })
  frames.forEach((frame, at) => {
    engine.frame(frame, 0, frame.length, frame.length, 1, 1e15 + at * step)
  })
  engine.flush()
  const facts = observations.map(({ ip, field, value }) => `${ip} ${field} ${value}`)
  return { flows, observations, facts, counters: engine.counters }
}

const said = (text: string) => `HELLO ${String(text.length).padStart(2, '0')}${text}`
const segment = (
  seq: number,
  payload: string | Uint8Array,
  flags = 'PA',
  from: End = CLIENT,
  clientPort = CLIENT.port,
) => {
  const client = { ...CLIENT, port: clientPort }
  const to = from === CLIENT ? SERVER : client
  return frameBetween(
    from,
    to,
    6,
    tcp({ from: from.port, to: to.port, seq, flags }, bytesOf(payload)),
  )
}

test('reports a flow with its ends, counts and protocol', () => {
  const frames = tcpFrames({ vlan: [10, 20] }, [
    ['client', said('one')],
    ['server', said('two')],
  ])
  const { flows, observations, facts } = run(frames)
  expect(flows).toEqual([
    {
      id: 1,
      start: 1e15,
      end: 1e15 + 6000,
      vlan: [10, 20],
      transport: 'tcp',
      client: CLIENT,
      server: SERVER,
      protocol: 'greeting',
      confidence: 'content',
      also: [],
      packets: [4, 3],
      bytes: [4 * 40 + 11, 3 * 40 + 11],
    },
  ])
  expect(facts.filter((fact) => !fact.includes('mac.vlan'))).toEqual([
    '10.0.0.1 greeting.text one',
    '10.0.0.2 greeting.text two',
  ])
  expect(observations.find(({ ip }) => ip === SERVER.ip)).toMatchObject({
    mac: SERVER.mac,
    flow: 1,
    frame: 5,
    time: 1e15 + 4000,
  })
})

test('does not count Ethernet padding', () => {
  const frame = bytesOf(segment(1, ''), new Uint8Array(6))
  expect(run([frame]).flows[0]).toMatchObject({ bytes: [40, 0], confidence: undefined })
})

test('counts a packet of stated length zero by its captured size', () => {
  const frame = segment(1, 'abcdef')
  frame.set([0, 0], 16)
  expect(run([frame]).flows[0]!.bytes).toEqual([46, 0])
})

test.each([
  ['a SYN-ACK', segment(9, '', 'SA', SERVER), true],
  ['a SYN', segment(9, '', 'S'), false],
  ['a segment from a known server port', segment(9, 'x', 'PA', SERVER), true],
  ['a segment to a known server port', segment(9, 'x', 'PA'), false],
  ['a segment to a port of root', segment(9, 'x', 'PA', SERVER, 1023), true],
])('names the client by %s', (_case, frame, isReversed) => {
  const { client } = run([frame]).flows[0]!
  expect(client).toMatchObject({ mac: CLIENT.mac, ip: CLIENT.ip })
  expect(run([frame]).flows[0]!.packets).toEqual(isReversed ? [0, 1] : [1, 0])
})

test('a datagram from a server port to an ephemeral one is an answer, but not to a group', () => {
  const server = { ...SERVER, port: 161 }
  const [answer] = udpFrames({ server }, [['server', 'x']])
  expect(run([answer!]).flows[0]).toMatchObject({ client: CLIENT, packets: [0, 1] })
  const group = { mac: '01:00:5e:00:00:fb', ip: '224.0.0.251', port: 5354 }
  const [announced] = udpFrames({ client: { port: 161 }, server: group }, [['client', 'x']])
  expect(run([announced!]).flows[0]).toMatchObject({ server: group, packets: [1, 0] })
})

test('a server port of one transport is any port of the other', () => {
  const from = { ...CLIENT, port: 7000 }
  const { flows } = run([
    frameBetween(from, SERVER, 17, udp({ from: 7000, to: 60_000 }, hex('00'))),
    frameBetween(from, SERVER, 6, tcp({ from: 7000, to: 60_000, flags: 'A' }, hex('01'))),
  ])
  expect(flows.map(({ client }) => client.port)).toEqual([7000, 60_000])
})

test('names the flow of a tunnel and reads the packets inside, not the payload around them', () => {
  const inner = frameBetween(CLIENT, SERVER, 17, udp({ to: 7001 }, bytesOf('note hello')))
  const outer = bytesOf(hex('0800000000002a00'), inner)
  const { flows } = run([frameBetween(CLIENT, SERVER, 17, udp({ to: 4789 }, outer))])
  expect(flows.map(({ protocol }) => protocol)).toEqual(['vxlan', 'note'])
})

test('believes no opening that claims more than its frame holds', () => {
  const opening = frameBetween(CLIENT, SERVER, 6, tcp({ flags: 'S', seq: 99 }))
  const longer = opening.slice()
  longer[16] = 0x10
  const [, ...rest] = [opening, segment(100, said('hi'))]
  expect(run([longer, ...rest]).observations.map(({ value }) => value)).toContain('hi')
})

test('takes up the sequence numbers that data come with when two answers offered different ones', () => {
  const answers = [300, 900_000_000].map((seq) => segment(seq, '', 'SA', SERVER))
  const { observations } = run([
    segment(99, '', 'S'),
    ...answers,
    segment(100, said('hi')),
    segment(301, said('there'), 'PA', SERVER),
  ])
  expect(observations.map(({ value }) => value)).toEqual(expect.arrayContaining(['hi', 'there']))
})

test('takes zeros that fill a bare acknowledgement for no payload', () => {
  const frames = [
    frameBetween(CLIENT, SERVER, 6, tcp({ flags: 'S', seq: 99 })),
    frameBetween(CLIENT, SERVER, 6, tcp({ flags: 'A', seq: 100 }, hex('0000'))),
    frameBetween(CLIENT, SERVER, 6, tcp({ flags: 'PA', seq: 100 }, bytesOf('HELLO 02hi'))),
  ]
  expect(run(frames).observations.map(({ value }) => value)).toContain('hi')
})

test('joins both directions where only one has tags', () => {
  // A switch's mirror of what goes out of a trunk has them, that of what comes in at an access port has none.
  for (const isRequestTagged of [true, false]) {
    const request = udpFrames({ vlan: isRequestTagged ? [20] : [] }, [['client', 'note a']])
    const answer = udpFrames({ vlan: isRequestTagged ? [] : [20] }, [['server', 'note b']])
    const { flows } = run([...request, ...answer])
    expect(flows).toHaveLength(1)
    expect(flows[0]).toMatchObject({ packets: [1, 1], vlan: [20] })
  }
})

test('joins an ICMP request and its answer, whichever came first', () => {
  const request = frameBetween(CLIENT, SERVER, 1, bytesOf(8, 0, [0, 0], be16(7), be16(1)))
  const answer = frameBetween(SERVER, CLIENT, 1, bytesOf(0, 0, [0, 0], be16(7), be16(1)))
  for (const frames of [
    [request, answer],
    [answer, request],
  ]) {
    const { flows } = run(frames)
    expect(flows).toHaveLength(1)
    expect(flows[0]).toMatchObject({
      transport: 'icmp',
      client: { ip: CLIENT.ip },
      packets: [1, 1],
    })
  }
})

test('counts later fragments to the flow of the first', () => {
  const datagram = udp({ from: 50_000, to: 7001 }, bytesOf('note ', new Uint8Array(27).fill(0x61)))
  const part = (offset: number, end: number, id = 5) => {
    const fragment = { offset, more: end < datagram.length }
    const packet = ipv4({ protocol: 17, id, fragment }, datagram.slice(offset, end))
    return ethernet({ etherType: 0x0800 }, packet)
  }
  const { flows, counters } = run([part(0, 24), part(24, 40), part(24, 40, 6)])
  expect(flows.map(({ server, packets }) => [server.port, packets[0]])).toEqual([
    [7001, 2],
    [0, 1],
  ])
  expect(counters).toMatchObject({ orphanFragments: 1 })
})

test('a TCP header that the capture cuts off says nothing of its stream, nor do others', () => {
  const sizes = (other: number) => {
    const engine = new Engine({ dissectors: DISSECTORS, onObservation() {}, onFlow() {} })
    const frame = (bytes: Uint8Array, captured = bytes.length) =>
      engine.frame(bytes, 0, captured, bytes.length, 1, 1e15)
    frame(segment(other, 'x', 'PA', SERVER, 50_001))
    frame(segment(1, 'abc'), 14 + 20 + 8)
    frame(segment(4, 'def'))
    const { tcpGaps, lostBytes } = engine.counters
    return { tcpGaps, lostBytes }
  }
  for (const other of [1, 5000, 123_456_789])
    expect(sizes(other)).toEqual({ tcpGaps: 0, lostBytes: 0 })
})

test('ends a flow that was idle and begins another', () => {
  const frames = udpFrames({}, [
    ['client', 'x'],
    ['client', 'x'],
  ])
  expect(run(frames, {}, 59e6).flows).toHaveLength(1)
  expect(run(frames, {}, 61e6).flows.map(({ id }) => id)).toEqual([1, 2])
})

test('a new SYN after the end of a connection is another flow', () => {
  const frames = tcpFrames({}, [])
  expect(run([...frames, ...frames]).flows.map(({ packets }) => packets)).toEqual([
    [3, 2],
    [3, 2],
  ])
})

test('reports a long flow in slices of one id', () => {
  const messages = Array.from({ length: 5 }, (): Said => ['client', 'x'])
  const { flows } = run(udpFrames({}, messages), { activeTimeout: 20e6 }, 10e6)
  expect(flows.map(({ id, start, packets }) => [id, (start - 1e15) / 1e6, packets[0]])).toEqual([
    [1, 0, 2],
    [1, 20, 2],
    [1, 40, 1],
  ])
})

test('reports the flow idle longest early when there are too many', () => {
  const frames = Array.from({ length: 20 }, (_, at) =>
    udpFrames({ client: { port: 40_000 + at } }, [['client', 'x']]),
  ).flat()
  const { flows, counters } = run(frames, { limits: { flows: 5 } })
  expect(flows.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1))
  expect(counters).toMatchObject({ evictedFlows: 15, liveFlows: 0 })
})

test('recognises a protocol on any port, and waits for its first bytes', () => {
  const server = { ...SERVER, port: 12_345 }
  const { flows, facts } = run(
    tcpFrames({ server }, [
      ['client', 'HEL'],
      ['client', 'LO 03abc'],
    ]),
  )
  expect(flows[0]).toMatchObject({ protocol: 'greeting', confidence: 'content' })
  expect(facts).toEqual(['10.0.0.1 greeting.text abc'])
})

test('takes the port for the protocol only where no content speaks against it', () => {
  const server = { ...SERVER, port: 7000 }
  expect(run(tcpFrames({ server }, [])).flows[0]).toMatchObject({
    protocol: 'greeting',
    confidence: 'port',
  })
  const { flows, counters } = run(tcpFrames({ server }, [['client', 'something else']]))
  expect(flows[0]).toMatchObject({ protocol: undefined, confidence: undefined })
  expect(counters).toMatchObject({ unrecognisedFlows: 1 })
  // What looked right and turned out damaged does not speak against the port.
  const damaged = run(tcpFrames({ server }, [['client', 'HEY THERE YOU']]), {
    dissectors: [
      { ...greeting, looksLike: (message) => (message.startsWith('H') ? 'weak' : 'no') },
    ],
  })
  expect(damaged.flows[0]).toMatchObject({ protocol: 'greeting', confidence: 'port' })
})

test('believes weak content on its port, or once a second message agrees', () => {
  const onPort = { server: { ...SERVER, port: 7001 } }
  expect(run(udpFrames(onPort, [['client', 'note a']])).facts).toHaveLength(2)
  expect(run(udpFrames({}, [['client', 'note a']])).flows[0]!.protocol).toBeUndefined()
  const { flows, facts } = run(
    udpFrames({}, [
      ['client', 'note a'],
      ['server', 'note b'],
    ]),
  )
  expect(flows[0]!.protocol).toBe('note')
  expect(facts).toEqual([
    '10.0.0.1 note.text a',
    '10.0.0.1 note.count 1',
    '10.0.0.2 note.text b',
    '10.0.0.1 note.count 2',
  ])
})

test('takes a weak choice back when the next message is broken', () => {
  const { flows, facts, counters } = run(
    tcpFrames({}, [
      ['client', '!weak'],
      ['client', said('truth')],
    ]),
  )
  expect(flows[0]!.protocol).toBe('greeting')
  expect(facts).toEqual(['10.0.0.1 greeting.text truth'])
  expect(counters['broken.shout']).toBe(1)
})

test('keeps a sure choice through a broken message, and says so', () => {
  const messages: Said[] = ['one', 'two'].map((text) => ['client', said(text)])
  const { flows, facts, counters } = run(
    tcpFrames({}, [messages[0]!, ['client', 'junk junk'], messages[1]!]),
  )
  expect(flows[0]!.protocol).toBe('greeting')
  expect(facts).toHaveLength(2)
  expect(counters['broken.greeting']).toBe(1)
})

test('tells each fact of a flow once', () => {
  const messages = Array.from({ length: 3 }, (): Said => ['client', said('same')])
  expect(run(tcpFrames({}, messages)).facts).toEqual(['10.0.0.1 greeting.text same'])
})

test('stops asking when the appetite is satisfied', () => {
  const messages = Array.from({ length: 7 }, (_, at): Said => ['client', said(String(at))])
  expect(run(tcpFrames({}, messages)).facts).toHaveLength(4)
})

test('reads an announcement that comes again byte for byte only once', () => {
  beacon.reads = 0
  const texts = ['a', 'a', 'b', 'a', 'b', 'c']
  const { facts } = run(
    udpFrames(
      {},
      texts.map((text): Said => ['client', `beacon${text}`]),
    ),
  )
  expect(facts.map((fact) => fact.at(-1))).toEqual(['a', 'b', 'c'])
  expect(beacon.reads).toBe(3)
})

test('asks no further once a dissector has enough of a side', () => {
  const { facts } = run(
    udpFrames({}, [
      ['client', 'beaconlast'],
      ['client', 'beaconmore'],
      ['server', 'beaconother'],
    ]),
  )
  expect(facts.map((fact) => fact.split(' ').at(-1))).toEqual(['last', 'other'])
})

test('passes over what a dissector does not want to see, across segments and losses', () => {
  const frames = [
    segment(100, '', 'S'),
    segment(101, `${said('PASS20')}01234`),
    segment(120, '56789'),
    segment(130, `56789${said('next')}`),
    // A body that nobody recorded: what follows it is out of reach until the gap is given up.
    segment(147, said('PASS9')),
    ...Array.from({ length: 10 }, (_, at) => segment(169 + at * 9, said(String(at)))),
  ]
  const { facts, counters } = run(frames)
  expect(facts.map((fact) => fact.split(' ').at(-1))).toEqual(['PASS20', 'next', 'PASS9', '0'])
  expect(counters).toMatchObject({ gaps: 2, brokenMessages: 0 })
})

test('hands the rest of a flow to another protocol', () => {
  const { flows, facts } = run(
    tcpFrames({}, [
      ['client', said('BOTH')],
      ['client', `${said('UPGRADE')}!now`],
      ['server', '!then'],
    ]),
  )
  expect(flows[0]).toMatchObject({ protocol: 'shout', also: ['other', 'greeting'] })
  expect(facts.slice(2)).toEqual(['10.0.0.2 shout.text now', '10.0.0.2 shout.text then'])
})

test('looks anew at what a proxy passes on, and keeps the name of the proxy beside it', () => {
  const passed = (...texts: string[]) =>
    run(
      tcpFrames({}, [['client', said('YIELD')], ...texts.map((text): Said => ['server', text])]),
      {
        dissectors: [...DISSECTORS, { ...greeting, protocol: 'other', looksLike: likeOther }],
      },
    ).flows[0]
  const likeOther: Dissector['looksLike'] = (message) =>
    message.startsWith('HELLO 05') ? 'strong' : 'no'
  expect(passed('!one', '!two')).toMatchObject({ protocol: 'shout', also: ['greeting'] })
  expect(passed(said('hello'))).toMatchObject({ protocol: 'other', also: ['greeting'] })
  expect(passed('what nobody knows')).toMatchObject({ protocol: 'greeting', also: [] })
})

test.each([
  ['of the client, who then answers', 'client', CLIENT, true],
  ['of the server', 'server', SERVER, false],
  ['of another address', '10.0.0.9', { ...SERVER, ip: '10.0.0.9' }, false],
])('gives an announced conversation its protocol at an end %s', (_case, end, owner, isReversed) => {
  const at = { ...owner, port: 6000 }
  const peer = { ...(isReversed ? SERVER : CLIENT), port: 6001 }
  const announce = (protocol: string) =>
    tcpFrames({}, [['client', said(`EXPECT ${end} 6000 ${protocol}`)]])
  const talk = (text: string) => udpFrames({ client: peer, server: at }, [['client', text]])
  const last = (frames: readonly Uint8Array[], step?: number) => run(frames, {}, step).flows.at(-1)!
  expect(last([...announce('data'), ...talk('anything')])).toMatchObject({ protocol: 'data' })
  // Content that speaks for itself is believed, and so is content that speaks against it.
  expect(last([...announce('data'), ...talk('beacon')])).toMatchObject({ protocol: 'beacon' })
  expect(last([...announce('note'), ...talk('note one')])).toMatchObject({ protocol: 'note' })
  expect(last(talk('anything')).protocol).toBeUndefined()
  expect(last([...announce('data'), ...talk('anything')], 61e6).protocol).toBeUndefined()
})

test('survives a dissector that throws, and counts the defect', () => {
  const server = { ...SERVER, port: 7002 }
  const { flows, counters } = run(udpFrames({ server }, [['client', 'c']]))
  expect(flows).toHaveLength(1)
  expect(counters).toMatchObject({ defects: 1 })
})

test('names a flow of ESP by its header, also behind AH', () => {
  const sent = (protocol: number, ...parts: readonly Part[]) =>
    run([frameBetween(CLIENT, SERVER, protocol, bytesOf(...parts))]).flows[0]
  const data = new Uint8Array(24)
  const header = hex('c0ffee0100000001')
  const named = { transport: 'esp', protocol: 'ipsec', confidence: 'content' }
  expect(sent(50, header, data)).toMatchObject(named)
  expect(
    sent(51, hex('3204000000000100 00000001'), new Uint8Array(12), header, data),
  ).toMatchObject(named)
  const nameless = { transport: 'esp', protocol: undefined }
  for (const other of ['000000ff00000001', 'c0ffee0100000000']) {
    expect(sent(50, hex(other), data)).toMatchObject(nameless)
  }
  // Data that end in the middle of a word, and a header alone.
  expect(sent(50, header, data, 0)).toMatchObject(nameless)
  expect(sent(50, header, hex('01020304'))).toMatchObject(nameless)
  const slices = run(
    Array.from({ length: 3 }, () => frameBetween(CLIENT, SERVER, 50, bytesOf(header, data))),
    { activeTimeout: 1000 },
  ).flows
  expect(slices.map(({ protocol }) => protocol)).toEqual(['ipsec', 'ipsec', 'ipsec'])
})

test('confirms an address only from packets that no router passed on', () => {
  const group = { mac: '01:00:5e:00:00:fb', ip: '224.0.0.251', port: 5353 }
  const { facts } = run([
    ...udpFrames({}, [['client', 'x']]),
    ...udpFrames({ server: group }, [['client', 'x']]),
    ...udpFrames({ server: group }, [['client', 'y']]),
  ])
  expect(facts).toEqual(['10.0.0.1 ip.address 10.0.0.1'])
})

test('says in which VLANs a MAC sends, each once, and takes a priority for none', () => {
  const { observations } = run([
    ...udpFrames({ vlan: [20] }, [['client', 'x']]),
    ...udpFrames({ vlan: [20], client: { ...CLIENT, port: 5 } }, [['client', 'x']]),
    ...udpFrames({ vlan: [10, 20], client: { ...CLIENT, port: 6 } }, [['client', 'x']]),
    ...udpFrames({ vlan: [0], client: { ...CLIENT, port: 7 } }, [['client', 'x']]),
    ...udpFrames({ vlan: [0, 30], client: { ...CLIENT, port: 8 } }, [['client', 'x']]),
  ])
  expect(observations.map(({ mac, field, value }) => `${mac} ${field} ${value}`)).toEqual([
    `${CLIENT.mac} mac.vlan 20`,
    `${CLIENT.mac} mac.vlan 10.20`,
    `${CLIENT.mac} mac.vlan 30`,
  ])
})

test('says of a MAC for how many addresses it sends, and of a packet that it was routed', () => {
  const frames = Array.from({ length: 9 }, (_, at) => {
    const datagram = udp({ to: 7001 }, bytesOf('note a'))
    const packet = ipv4({ source: `10.1.0.${at + 1}`, protocol: 17, ttl: 61 }, datagram)
    return ethernet({ etherType: 0x0800 }, packet)
  })
  const { observations } = run(frames)
  expect(observations.find(({ field }) => field === 'mac.sources')).toMatchObject({
    mac: CLIENT.mac,
    ip: undefined,
    value: '8',
  })
  expect(observations[0]).toMatchObject({ field: 'note.text', isRouted: true })
})

test('keeps no more inspections and no more bytes than it may', () => {
  const open = (port: number, text: string) => {
    const from = { ...CLIENT, port }
    const payload = tcp({ from: port, to: SERVER.port, seq: 1 }, bytesOf(text))
    return frameBetween(from, SERVER, 6, payload)
  }
  const ports = Array.from({ length: 6 }, (_, at) => 40_000 + at)
  // Each says something else: what was said before would need no inspection.
  const many = ports.map((port) => open(port, said(String(port).repeat(10)).slice(0, 40)))
  const few = run(many, { limits: { inspections: 2 } })
  expect(few.counters).toMatchObject({ inspectionsDropped: 4, reassemblyBytes: 0 })
  const small = run(many, { limits: { totalBytes: 2048 } })
  expect(small.counters).toMatchObject({ inspectionsDropped: 4, flows: 6 })
  const flows = [...few.flows, ...small.flows]
  expect(flows.map(({ protocol }) => protocol)).toEqual(flows.map(() => 'greeting'))
})

test('counts what it cannot use', () => {
  const { counters } = run([hex('0011'), segment(1, 'x')])
  expect(counters).toMatchObject({ frames: 2, decodedFrames: 1, malformedFrames: 1 })
  const engine = new Engine({ dissectors: [], onFlow() {}, onObservation() {} })
  engine.frame(hex('00'), 0, 1, 60, 147, 0)
  expect(engine.counters).toMatchObject({ unknownLinkFrames: 1, truncatedFrames: 1, bytes: 60 })
})

test('gives the same output however the capture is split', () => {
  const file = pcap([
    ...tcpFrames({}, [
      ['client', said('one')],
      ['server', said('two')],
    ]),
    ...udpFrames({ server: { port: 7001 } }, [['client', 'note a']]),
  ])
  const outputs = [1, 13, 100, file.length].map((size) => {
    const lines: string[] = []
    const engine = new Engine({
      dissectors: DISSECTORS,
      onObservation: (observation) => lines.push(JSON.stringify(observation)),
      onFlow: (flow) => lines.push(JSON.stringify(flow)),
    })
    const reader = new CaptureReader(engine)
    for (let at = 0; at < file.length; at += size) reader.push(file.slice(at, at + size))
    reader.end()
    engine.flush()
    return lines.join('\n')
  })
  expect(outputs[0]).toContain('note.text')
  expect(new Set(outputs).size).toBe(1)
})
