// Measures how fast values are held against all fingerprints, without the memory of values seen before.
//
//   node bench/fingerprints.ts
import { performance } from 'node:perf_hooks'
import { loadContent } from '../packages/server/src/content/load.ts'

/** Values a second on one core: as many as are to be taken in a second in all, though most were seen before. */
const TARGET = 20_000
const ROUNDS = 40

const { knowledge } = await loadContent('content')
const { fingerprints } = knowledge
// Each entry's own examples, and the same with a change, so that hits and misses are alike in number.
const known = [...fingerprints.fingerprints].flatMap(([field, entries]) =>
  entries.flatMap(({ examples }) => examples.map(({ value }) => [field, value] as const)),
)
let matched = 0
let count = 0
const run = (round: number) => {
  for (const [field, value] of known) {
    // A value that was not asked before: the set remembers its answers.
    if (fingerprints.match(field, `${value} ${round}`).length > 0) matched++
    count++
  }
}
for (let round = 0; round < 5; round++) run(-round)
matched = count = 0
const started = performance.now()
for (let round = 1; round <= ROUNDS; round++) run(round)
const seconds = (performance.now() - started) / 1000
const rate = Math.round(count / seconds)

process.stdout.write(
  [
    `entries            ${fingerprints.size}`,
    `values             ${count}, ${Math.round((100 * matched) / count)} % matched`,
    `values a second    ${rate.toLocaleString('en')} on one core`,
    rate >= TARGET ? `ok: at least ${TARGET}` : `MISSED: ${TARGET} a second`,
    '',
  ].join('\n'),
)
process.exitCode = rate >= TARGET ? 0 : 1
