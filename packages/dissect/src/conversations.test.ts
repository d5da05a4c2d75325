import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import type { Dissector } from './dissector.ts'
import { Engine } from './engine.ts'
import { type Said, tcpFrames, udpFrames } from './testing/frames.ts'

/** `*` and a length, then text: tells the text, what was said before, and passes over, hurries on or stops as it is told. */
function talkative(over: 'tcp' | 'udp'): Dissector & { reads: number } {
  return {
    protocol: `talk-${over}`,
    over,
    ports: [7000],
    appetite: 6,
    reads: 0,
    looksLike(message) {
      if (message.peek() === 0x2a) return 'strong'
      return message.peek() === 0x2b ? 'weak' : 'no'
    },
    ...(over === 'udp'
      ? {}
      : {
          length: (stream) =>
            stream.remaining < 2 ? 0 : stream.peek() > 0x2b ? -1 : 2 + (stream.peek(1) & 7),
        }),
    dissect(message, context) {
      this.reads++
      const before = (context.state ??= []) as string[]
      const text = message.skip(2).text(message.remaining)
      before.push(text)
      if (text.includes('p')) context.pass(3)
      if (text.includes('e')) context.enough()
      if (text.includes('y')) context.yields()
      if (text.includes('x')) message.ok = false
      return [
        { subject: context.from, field: 'talk.text', value: text },
        { subject: 'server', field: 'talk.all', value: before.join(' ') },
      ]
    },
  }
}

// Many engines are made, and a good deal is remembered.
vi.setConfig({ testTimeout: 60_000 })

const REPEATS = 5
const said = fc.array(
  fc.tuple(
    fc.constantFrom<'client' | 'server'>('client', 'server'),
    fc.constantFrom(
      '*3abc',
      '*3apc',
      '*3aec',
      '*2yo',
      '+2hm',
      '*3ax',
      '*1a*1b',
      '*5lon',
      'gly',
      '-',
    ),
  ),
  { minLength: 1, maxLength: 8 },
)

function engineFor(dissectors: readonly Dissector[]) {
  const told = new Map<string, string[]>()
  const note = (ip: string | undefined, text: string) => {
    const host = ip?.replace(/^10\.0\.[01]\./, '') ?? ''
    const known = told.get(host)
    if (known === undefined) told.set(host, [text])
    else known.push(text)
  }
  const engine = new Engine({
    dissectors,
    onObservation: ({ ip, field, value }) =>
      field.startsWith('talk') && note(ip, `${field} ${value}`),
    onFlow: ({ client, protocol, also }) => note(client.ip, `flow ${protocol} ${also.join()}`),
  })
  let time = 1e15
  const show = (frames: readonly Uint8Array[]) => {
    for (const frame of frames) engine.frame(frame, 0, frame.length, frame.length, 1, (time += 10))
  }
  return { told, show, end: () => engine.flush(), counters: () => engine.counters }
}

/** Ends whose addresses both end in the number of the host. */
function endsOf(host: number) {
  return {
    client: { ip: `10.0.0.${host}`, port: 50_000 },
    server: { ip: `10.0.1.${host}`, port: 7000 },
  }
}

/** Frames of a conversation, with the segments that `changes` names left out, swapped with the next, or sent twice. */
function framesOf(
  host: number,
  lines: readonly Said[],
  isTcp: boolean,
  changes: readonly number[],
) {
  const frames = isTcp ? tcpFrames(endsOf(host), lines) : udpFrames(endsOf(host), lines)
  for (const change of changes) {
    const at = change % frames.length
    const kind = Math.floor(change / frames.length) % 3
    if (kind === 0) frames.splice(at, 1)
    else if (kind === 1) frames.splice(at, 0, frames[at]!)
    else if (at + 1 < frames.length) frames.splice(at, 2, frames[at + 1]!, frames[at]!)
    if (frames.length === 0) break
  }
  return frames
}

test('a conversation tells what it tells alone, however often and however far it was met before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(said, said, fc.array(fc.nat(60), { maxLength: 2 })), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.boolean(),
      (scripts, isTcp) => {
        const together = engineFor([talkative('tcp'), talkative('udp')])
        const expected: string[][] = [[]]
        for (let turn = 0; turn < REPEATS; turn++) {
          for (const [start, end, changes] of scripts) {
            // One turn loses frames from somewhere on, the last takes another way.
            const lines = [...start, ...(turn === REPEATS - 1 ? [] : end)]
            const frames = framesOf(
              expected.length,
              lines,
              isTcp,
              turn === REPEATS - 2 ? changes : [],
            )
            const alone = engineFor([talkative('tcp'), talkative('udp')])
            alone.show(frames)
            alone.end()
            together.show(frames)
            expected.push(alone.told.get(String(expected.length)) ?? [])
          }
        }
        together.end()
        for (let host = 1; host < expected.length; host++) {
          expect(together.told.get(String(host)) ?? []).toEqual(expected[host])
        }
      },
    ),
    { numRuns: 20 },
  )
})

test('a conversation that was met twice is not read again', () => {
  const talk = talkative('tcp')
  const { show, told } = engineFor([talk])
  const lines: Said[] = [
    ['client', '*3abc'],
    ['server', '*1d'],
  ]
  for (let host = 1; host <= 10; host++) show(tcpFrames(endsOf(host), lines))
  expect(talk.reads).toBe(4)
  expect(told.get('9')).toEqual(told.get('1'))
})

test('what is remembered is bounded, and what is told stays right when it is full', () => {
  const { show, told } = engineFor([talkative('udp')])
  // Each payload comes twice, the second time it is remembered: more than one generation holds.
  const [frame] = udpFrames(endsOf(1), [['client', `*0.....${'z'.repeat(5000)}`]])
  for (let turn = 0; turn < 12_000; turn++) {
    // The last of the client's address, its port, and the text.
    frame![29] = turn % 250
    frame![34] = 0xc0 | ((turn >> 8) & 0x3f)
    frame![35] = turn & 0xff
    for (let at = 0; at < 5; at++)
      frame![44 + at] = 0x30 + (Math.floor((turn >> 1) / 10 ** at) % 10)
    show([frame!])
  }
  const texts = new Set([...told.values()].flat().filter((line) => line.startsWith('talk.text')))
  expect(texts.size).toBe(6000)
})
