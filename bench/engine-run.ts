import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CaptureReader, DISSECTORS, Engine } from '../packages/dissect/src/index.ts'

/**
 * Runs the engine alone over one capture and writes flows and observations as JSON Lines: `engine-run.ts FILE OUT
 * [--remember BYTES] [--no-protocols]`, with so many bytes for conversations that are remembered, or without a single dissector.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { remember: { type: 'string' }, 'no-protocols': { type: 'boolean', default: false } },
})
const [path, out] = positionals
const { remember } = values
if (path === undefined || out === undefined) throw new Error('usage: engine-run.ts FILE OUT')

mkdirSync(out, { recursive: true })
const flows = lines(join(out, 'flows.jsonl'))
const observations = lines(join(out, 'observations.jsonl'))
const engine = new Engine({
  dissectors: values['no-protocols'] ? [] : DISSECTORS,
  ...(remember === undefined ? {} : { limits: { conversationBytes: Number(remember) } }),
  onFlow: (flow) => flows.write(flow),
  onObservation: (observation) => observations.write(observation),
})
const reader = new CaptureReader(engine)
const file = openSync(path, 'r')
const piece = new Uint8Array(1 << 20)
for (let length = 1; length > 0 && reader.problem === undefined;) {
  length = readSync(file, piece)
  reader.push(piece.subarray(0, length))
}
closeSync(file)
const problem = reader.end()
engine.flush()
flows.close()
observations.close()
process.stdout.write(`${JSON.stringify({ problem, ...engine.counters })}\n`)

function lines(name: string) {
  const handle = openSync(name, 'w')
  let text = ''
  const flush = () => {
    if (text !== '') writeSync(handle, text)
    text = ''
  }
  return {
    write(value: unknown) {
      text += `${JSON.stringify(value)}\n`
      if (text.length > 1 << 18) flush()
    },
    close() {
      flush()
      closeSync(handle)
    },
  }
}
