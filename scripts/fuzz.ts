// Shows millions of changed messages to the dissectors: `npm run fuzz -- [MESSAGES] [CAPTURES]`, ten million and the samples by default.
// Seeds are our own samples, the lab's captures and every capture of the folder. Fails on a throw, on a message that takes
// over 5 ms, and when memory grows; every capture is read whole too, also those that others made to break readers.
import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { DISSECTORS } from '../packages/dissect/src/index.ts'
import { Fuzzer } from '../packages/dissect/src/testing/fuzzer.ts'
import { loadSamples } from '../packages/dissect/src/testing/load-samples.ts'
import { SeedGatherer, seedsOf } from '../packages/dissect/src/testing/seeds.ts'

const LIMIT_MILLISECONDS = 5
const MOST_GROWTH_MB = 20
const LARGEST_CAPTURE = 256 << 20
const CAPTURE_NAME = /\.(pcap|pcapng|cap|dmp|trace)(\.gz)?$/i
const messages = Number(process.argv[2] ?? 10_000_000)
if (!(messages > 0)) {
  process.stderr.write('usage: npm run fuzz -- [MESSAGES] [FOLDER OF CAPTURES]\n')
  process.exit(2)
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const memory = () => {
  collect()
  return process.memoryUsage().heapUsed / 1e6
}

const gatherer = new SeedGatherer()
const folders = [resolve(import.meta.dirname, '../captures'), process.argv[3]].filter(
  (folder) => folder !== undefined,
)
let captures = 0
for (const path of folders.flatMap(capturesIn)) {
  const bytes = readFileSync(path)
  if (bytes.length > LARGEST_CAPTURE) continue
  gatherer.read(path.endsWith('.gz') ? unpacked(bytes) : bytes)
  captures++
}
const seeds = [...seedsOf(await loadSamples()), ...gatherer.seeds]
process.stderr.write(
  `${captures} captures read, ${seeds.length} seeds of ${DISSECTORS.length} dissectors\n`,
)

const fuzzer = new Fuzzer(seeds, LIMIT_MILLISECONDS, () => performance.now())
const began = performance.now()
let before = 0
for (let count = 1; count <= messages; count++) {
  fuzzer.step()
  if (count === Math.ceil(messages / 10)) before = memory()
  if (count % 500_000 === 0) {
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    process.stderr.write(`${count / 1e6} million messages in ${seconds} s\n`)
  }
}
const grown = memory() - before
const { facts, slowest, slowestMilliseconds } = fuzzer.outcome
process.stdout.write(
  [
    '| messages | captures | seeds | facts | seconds | slowest message | heap grown |',
    '|---:|---:|---:|---:|---:|---:|---:|',
    `| ${[
      messages,
      captures,
      seeds.length,
      facts,
      ((performance.now() - began) / 1000).toFixed(0),
      `${slowestMilliseconds.toFixed(2)} ms (${slowest})`,
      `${grown.toFixed(1)} MB`,
    ].join(' | ')} |`,
    '',
    `none threw, none over ${LIMIT_MILLISECONDS} ms: met`,
    `memory flat (under ${MOST_GROWTH_MB} MB): ${grown < MOST_GROWTH_MB ? 'met' : 'NOT met'}`,
    '',
  ].join('\n'),
)
process.exitCode = grown < MOST_GROWTH_MB ? 0 : 1

function capturesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CAPTURE_NAME.test(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted()
}

function unpacked(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST_CAPTURE })
  } catch {
    // A damaged archive is a seed like any other.
    return bytes
  }
}
