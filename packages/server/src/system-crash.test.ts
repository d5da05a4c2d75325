import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const CHILD = fileURLToPath(new URL('./testing/crash-child.ts', import.meta.url))
const BATCHES = 120

/** Runs the program; kills it, as the power does, after so many batches. Answers with its result line. */
function run(dataDir: string, killAfter: number): Promise<string | undefined> {
  const child = spawn(process.execPath, [CHILD, dataDir, String(BATCHES)])
  let output = ''
  let errors = ''
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
    if (output.includes(`published ${killAfter}\n`)) child.kill('SIGKILL')
  })
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') reject(new Error(errors))
      else resolve(/^result (.*)$/m.exec(output)?.[1])
    })
  })
}

test(
  'killed in the middle, again and again: nothing acknowledged is lost, nothing is double',
  { timeout: 240_000 },
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wk-crash-'))
    rmSync(folder, { recursive: true })
    mkdirSync(folder, { mode: 0o755 })
    try {
      for (const killAfter of [37, 90]) expect(await run(folder, killAfter)).toBeUndefined()
      const result = await run(folder, Infinity)
      expect(JSON.parse(result ?? '{}')).toEqual({
        facts: BATCHES * 3,
        sessions: BATCHES,
        assets: 4,
        findings: 1,
        parked: 0,
        waiting: 0,
      })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
