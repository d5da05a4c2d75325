import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const CHILD = fileURLToPath(new URL('./testing/regroup-crash-child.ts', import.meta.url))

/** Runs the child; kills it, as the power does, so many milliseconds after its merge of this number. */
function run(
  dataDir: string,
  mode: 'work' | 'check',
  step = Infinity,
  delay = 0,
): Promise<Record<string, number> | undefined> {
  const child = spawn(process.execPath, [CHILD, dataDir, mode])
  let output = ''
  let errors = ''
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
    if (output.includes(`step ${step}\n`)) setTimeout(() => child.kill('SIGKILL'), delay)
  })
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL') reject(new Error(errors))
      const result = /^result (.*)$/m.exec(output)?.[1]
      resolve(result === undefined ? undefined : (JSON.parse(result) as Record<string, number>))
    })
  })
}

test(
  'killed in the middle of a merge, a split or an undo: there is no half of anything',
  { timeout: 300_000 },
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wk-regroup-'))
    rmSync(folder, { recursive: true })
    mkdirSync(folder, { mode: 0o755 })
    try {
      for (const [step, delay] of [
        [2, 0],
        [3, 15],
        [4, 40],
        [5, 7],
      ] as const) {
        expect(await run(folder, 'work', step, delay)).toBeUndefined()
        const result = await run(folder, 'check')
        expect(Object.keys(result ?? {}).length).toBe(8)
        expect(Object.entries(result ?? {}).filter(([, count]) => count !== 0)).toEqual([])
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
