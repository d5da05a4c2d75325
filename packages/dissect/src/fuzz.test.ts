import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Dissector } from './dissector.ts'
import { DISSECTORS } from './index.ts'
import { Fuzzer, type Seed } from './testing/fuzzer.ts'
import { loadSamples } from './testing/load-samples.ts'
import { SeedGatherer, seedsOf } from './testing/seeds.ts'

/** Generous: other tests run beside this one. `npm run fuzz` holds the real limit alone. */
const LIMIT_MILLISECONDS = 100
const MESSAGES = 400_000
const SECONDS = 40
const now = () => performance.now()
const LAB = new URL('../../../captures/lab/', import.meta.url)

function seedsOfLab(): readonly Seed[] {
  const gatherer = new SeedGatherer()
  for (const name of readdirSync(LAB).filter((file) => file.endsWith('.pcapng'))) {
    gatherer.read(readFileSync(new URL(name, LAB)))
  }
  return gatherer.seeds
}

test('changed messages of all dissectors, for at most a minute: none throws', async () => {
  const seeds = [...seedsOf(await loadSamples()), ...seedsOfLab()]
  expect(
    new Set(seeds.map(({ dissector: { protocol, over } }) => `${over} ${protocol}`)).size,
  ).toBe(DISSECTORS.length)
  const fuzzer = new Fuzzer(seeds, LIMIT_MILLISECONDS, now, Date.now() | 1)
  const end = performance.now() + SECONDS * 1000
  for (let count = 0; count < MESSAGES && performance.now() < end; count++) fuzzer.step()
  expect(fuzzer.outcome.messages).toBeGreaterThan(10_000)
  // Most changes leave something to tell: a fuzzer whose messages are all refused at once would test nothing.
  expect(fuzzer.outcome.facts).toBeGreaterThan(fuzzer.outcome.messages / 10)
}, 90_000)

const fragile = (dissect: Dissector['dissect']): readonly Seed[] => [
  {
    dissector: { protocol: 'fragile', over: 'tcp', looksLike: () => 'strong', dissect },
    from: 'client',
    bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  },
]

function fuzz(dissect: Dissector['dissect']): () => void {
  const fuzzer = new Fuzzer(fragile(dissect), 5, now)
  return () => {
    for (let count = 0; count < 5000; count++) fuzzer.step()
  }
}

test('a dissector that throws for one byte in a rare place is found, with the message', () => {
  const weak = fuzz((message) => {
    if (message.skip(3).u8() === 0xff && message.ok) throw new Error('not here')
    return []
  })
  expect(weak).toThrow(/fragile over tcp, from the client: [^]*not here[^]*\n[0-9a-f]+$/)
})

test('a dissector whose time grows with the square of the length is found', () => {
  const slow = fuzz((message) => {
    let work = 0
    for (let left = message.remaining ** 2; left > 0; left--) work ^= left
    return [{ subject: 'client', field: 'fragile.work', value: String(work) }]
  })
  expect(slow).toThrow(/ ms\n/)
})
