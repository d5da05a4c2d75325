import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Observation } from './dissector.ts'
import { Engine } from './engine.ts'
import type { FlowRecord } from './flow-report.ts'
import { DISSECTORS } from './index.ts'
import { loadSamples } from './testing/load-samples.ts'
import { PLANTED } from './testing/planted.ts'
import { sampleFrames } from './testing/sample-frames.ts'
import type { Sample } from './testing/samples/sample.ts'

/** Microseconds since 1970 of the first frame. */
const START = 1_700_000_000_000_000

/** What the engine tells of a capture of this sample alone, line by line. */
function told(sample: Sample): string[] {
  const lines: string[] = []
  const engine = new Engine({
    dissectors: DISSECTORS,
    onObservation: ({ mac, ip, field, value, flow }: Observation) => {
      const who = [mac, ip].filter((end) => end !== undefined).join(' ')
      lines.push(`  ${flow > 0 ? 'flow' : 'link'} ${who}: ${field} = ${value}`)
    },
    onFlow: ({ transport, protocol, confidence, also }: FlowRecord) =>
      lines.push(
        `  ${[transport, protocol ?? 'unknown', confidence ?? '', ...also].join(' ').trim()}`,
      ),
  })
  for (const [at, frame] of sampleFrames(sample).entries()) {
    engine.frame(frame, 0, frame.length, frame.length, 1, START + at * 1000)
  }
  engine.flush()
  return lines
}

const GOLDEN = new URL('../golden/', import.meta.url)
const SAMPLES = Map.groupBy(await loadSamples(), ({ protocol }) => protocol)

test('every protocol with a sample has its file, and no other has one', () => {
  const files = readdirSync(GOLDEN).map((name) => name.replace(/\.txt$/, ''))
  expect(new Set(files)).toEqual(new Set(SAMPLES.keys()))
})

// To write them anew after a change that is wanted: `npx vitest run packages/dissect/src/golden.test.ts -u`, and read the difference.
test.each([...SAMPLES.keys()])('what is told of the messages of %s', async (protocol) => {
  const sections = (SAMPLES.get(protocol) ?? []).map((sample, at) => {
    const { over, from, bytes } = sample
    return [`${at + 1}. over ${over}, from the ${from}, ${bytes.length} bytes`, ...told(sample)]
  })
  const text = `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
  expect(text).not.toMatch(PLANTED)
  await expect(text).toMatchFileSnapshot(`../golden/${protocol}.txt`)
})
