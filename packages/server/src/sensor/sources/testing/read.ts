import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FlowRecord, Observation } from '@wardkeeper/dissect'
import { findInputs, type InputOutcome, readInput } from '../inputs.ts'

/** What a reader made of files. */
export interface Read {
  readonly observations: readonly Observation[]
  readonly flows: readonly FlowRecord[]
  readonly outcomes: readonly InputOutcome[]
  /** `subject field value`, sorted, each once; the subject is the MAC, the address or both. */
  readonly facts: readonly string[]
}

/** Reads what is at a path, as `analyze` does. */
export async function readPath(path: string): Promise<Read> {
  const observations: Observation[] = []
  const flows: FlowRecord[] = []
  const outcomes: InputOutcome[] = []
  for (const input of await findInputs([path])) {
    const handlers = {
      onObservation: (observation: Observation) => void observations.push(observation),
      onFlow: (flow: FlowRecord) => void flows.push(flow),
    }
    outcomes.push(await readInput(input, handlers))
  }
  const facts = observations.map(({ mac, ip, field, value }) =>
    [mac, ip, field, value].filter((part) => part !== undefined).join(' '),
  )
  return { observations, flows, outcomes, facts: [...new Set(facts)].sort() }
}

/** Writes files into a folder of their own and reads it. */
export async function readFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<Read> {
  const folder = mkdtempSync(join(tmpdir(), 'wardkeeper-log-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    return await readPath(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
