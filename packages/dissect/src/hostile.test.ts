import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CaptureReader } from './capture/capture-reader.ts'
import { Cursor } from './cursor.ts'
import type { Dissector, Side } from './dissector.ts'
import { Engine } from './engine.ts'
import { DISSECTORS } from './index.ts'
import { pcap, pcapng } from './testing/captures.ts'
import { testContext } from './testing/facts.ts'
import { bytesOf } from './testing/frames.ts'
import { loadSamples } from './testing/load-samples.ts'
import { sampleFrames } from './testing/sample-frames.ts'
import type { Sample } from './testing/samples/sample.ts'

/**
 * Of this thread's processor time, which a busy machine hardly changes, and generous: what is meant to be caught is
 * growth with the square of the length.
 */
const MOST_MILLISECONDS = 100
const MOST_FACTS = 5000
const FIELD = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/
const SIDES: readonly Side[] = ['client', 'server']

const SAMPLES: readonly Sample[] = await loadSamples()

const samplesOf = ({ protocol, over }: Dissector): readonly Sample[] =>
  SAMPLES.filter((sample) => sample.protocol === protocol && sample.over === over)

/** Does with the bytes all that the engine may do, twice with one state, and holds the outcome to the rules. */
function attack(dissector: Dissector, bytes: Uint8Array, from: Side): void {
  let least = Infinity
  // A slow turn may be the garbage of others: only what is slow every time counts.
  for (let turn = 0; turn < 3 && least > MOST_MILLISECONDS; turn++) {
    const before = process.threadCpuUsage()
    attackOnce(dissector, bytes, from)
    const { user, system } = process.threadCpuUsage(before)
    least = Math.min(least, (user + system) / 1000)
  }
  if (least > MOST_MILLISECONDS) throw new Error(`${least} ms for ${bytes.length} bytes`)
}

function attackOnce(dissector: Dissector, bytes: Uint8Array, from: Side): void {
  const context = testContext({ from, serverPort: dissector.ports?.[0] ?? 0 })
  const other = testContext({ from, serverPort: 1, isMulticast: true })
  // A message lies somewhere in a piece of the capture: nothing outside of it may be reached.
  const piece = bytesOf(bytes, new Uint8Array(64).fill(0x41))
  for (const turn of [context, other, context]) {
    const likeness = dissector.looksLike(new Cursor(piece, 0, bytes.length), turn)
    expect(['strong', 'weak', 'incomplete', 'no']).toContain(likeness)
    const length = dissector.length?.(new Cursor(piece, 0, bytes.length), turn) ?? bytes.length
    if (!Number.isInteger(length)) throw new Error(`length ${length}`)
    const end = length > 0 && length <= bytes.length ? length : bytes.length
    check(dissector, new Cursor(piece, 0, end), turn)
  }
}

function check(
  dissector: Dissector,
  message: Cursor,
  context: ReturnType<typeof testContext>,
): void {
  let count = 0
  for (const { field, value } of dissector.dissect(message, context)) {
    if (++count > MOST_FACTS) throw new Error('facts without end')
    if (typeof value !== 'string' || !FIELD.test(field))
      throw new Error(`${field} ${String(value)}`)
  }
}

const PATTERNS: readonly Uint8Array[] = [
  [0x30, 0x80],
  [0x30, 0x82, 0xff, 0xff],
  [0xc0, 0x0c],
  [0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff],
  [0xff],
  [0x00],
  [0x3e, 0x3e],
  [0x01, 0x00, 0x00],
  [0x00, 0x01, 0x00, 0x04],
].map((pattern) => Uint8Array.from(pattern))
const TEXTS = ['{', '[', '(', '<a>', '\r\n', '|', '^~\\&', '%25', 'a:', ',', '\t', 'A', '/../', '"']

/** The head of a message, then one pattern over and over: nesting, endless lists, pointers to themselves. */
function bomb(head: Uint8Array, pattern: Uint8Array): Uint8Array {
  const times = Math.ceil(8192 / pattern.length)
  return bytesOf(head, ...Array.from({ length: times }, () => pattern))
}

const mutation = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('flip', 'set', 'cut', 'repeat', 'insert', 'swap'),
  value: fc.nat(255),
  size: fc.integer({ min: 1, max: 64 }),
})

function mutate(
  bytes: Uint8Array,
  { at, kind, value, size }: typeof mutation extends fc.Arbitrary<infer M> ? M : never,
) {
  if (bytes.length === 0) return bytes
  const start = at % bytes.length
  const before = bytes.subarray(0, start)
  const after = bytes.subarray(start)
  if (kind === 'cut') return bytesOf(before, after.subarray(size))
  if (kind === 'repeat') return bytesOf(before, after.subarray(0, size), after)
  if (kind === 'insert') return bytesOf(before, new Uint8Array(size).fill(value), after)
  if (kind === 'swap') return bytesOf(after, before)
  const copy = bytes.slice()
  if (kind === 'flip') copy[start]! ^= 1 << (value & 7)
  else copy.fill(value, start, start + Math.min(size, 4))
  return copy
}

test('every dissector has samples to be attacked with', () => {
  const bare = DISSECTORS.filter((dissector) => samplesOf(dissector).length === 0)
  expect(bare.map(({ over, protocol }) => `${over} ${protocol}`)).toEqual([])
})

describe.each(
  DISSECTORS.map(
    (dissector) => [`${dissector.protocol} over ${dissector.over}`, dissector] as const,
  ),
)('%s', (_name, dissector) => {
  const samples = samplesOf(dissector)

  test('survives any bytes', () => {
    expect.hasAssertions()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.constantFrom(...SIDES), (bytes, from) =>
        attack(dissector, bytes, from),
      ),
      { numRuns: 150 },
    )
  })

  test('survives its samples cut at every length', () => {
    expect.hasAssertions()
    for (const { bytes, from } of samples) {
      const step = Math.ceil(bytes.length / 300)
      for (let end = 0; end <= bytes.length; end += step) {
        attack(dissector, bytes.slice(0, end), from)
      }
    }
  })

  test('survives its samples with any byte changed', () => {
    expect.hasAssertions()
    for (const { bytes, from } of samples) {
      const step = Math.ceil(bytes.length / 200)
      for (let at = 0; at < bytes.length; at += step) {
        for (const value of [0, 0xff, bytes[at]! ^ 0x80]) {
          const changed = bytes.slice()
          changed[at] = value
          attack(dissector, changed, from)
        }
      }
    }
  })

  test('survives its samples cut up, repeated and spliced', () => {
    if (samples.length === 0) return
    expect.hasAssertions()
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(mutation, { minLength: 1, maxLength: 5 }),
        ({ bytes, from }, mutations) => attack(dissector, mutations.reduce(mutate, bytes), from),
      ),
      { numRuns: 200 },
    )
  })

  test('survives nesting and lists without end', () => {
    expect.hasAssertions()
    const heads = [new Uint8Array(0)]
    for (const { bytes } of samples.slice(0, 3)) {
      for (const part of [4, bytes.length >> 1, bytes.length]) heads.push(bytes.slice(0, part))
    }
    const patterns = [...PATTERNS, ...TEXTS.map((text) => bytesOf(text))]
    for (const head of heads) {
      for (const pattern of patterns) attack(dissector, bomb(head, pattern), 'server')
    }
  })
})

test('the engine survives damaged captures, and no dissector throws in it', () => {
  const frames = SAMPLES.flatMap(sampleFrames)
  const files = [pcap(frames), pcapng(frames)]
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 400 }),
      fc.integer({ min: 1000, max: 60_000 }),
      (file, changes, size) => {
        const damaged = file.slice()
        for (const [at, value] of changes) damaged[100 + (at % (file.length - 100))] = value
        let flows = 0
        const engine = new Engine({
          dissectors: DISSECTORS,
          onObservation: ({ value }) => expect(typeof value).toBe('string'),
          onFlow: () => flows++,
        })
        const reader = new CaptureReader(engine)
        for (let at = 0; at < damaged.length; at += size) reader.push(damaged.slice(at, at + size))
        reader.end()
        engine.flush()
        expect(engine.counters).toMatchObject({
          defects: 0,
          liveFlows: 0,
          flows,
          reassemblyBytes: 0,
        })
      },
    ),
    { numRuns: 60 },
  )
})
