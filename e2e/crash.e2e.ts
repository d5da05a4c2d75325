import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'

const MAIN = resolve(import.meta.dirname, '../packages/server/src/main.mjs')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wk-crash-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs `start --once --json`; with `killAfter` the process is killed that many ms after its first replayed batch. */
async function runOnce(
  data: string,
  killAfter?: number,
): Promise<Record<string, number> | undefined> {
  const child = spawn(
    process.execPath,
    [MAIN, 'start', '--once', '--json', '--data', data, '--port', '0'],
    { env: { ...process.env, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  let problems = ''
  child.stdout.on('data', (text: Buffer) => (output += text.toString()))
  child.stderr.on('data', (text: Buffer) => (problems += text.toString()))
  const ended = new Promise<number | null>((done) => child.once('close', done))
  if (killAfter !== undefined) {
    await Promise.race([wait(killAfter), ended])
    child.kill('SIGKILL')
    await ended
    return undefined
  }
  expect(await ended, problems).toBe(0)
  const {
    seconds: _seconds,
    frames: _frames,
    ...counts
  } = JSON.parse(output) as Record<string, number>
  return counts
}

test('killed at any moment and started again, nothing is lost and nothing is double', async () => {
  const undisturbed = await runOnce(join(folder, 'undisturbed'))
  expect(undisturbed?.assets).toBeGreaterThan(0)
  const killed = join(folder, 'killed')
  // From before the database is up to the end of the replay; the orphaned database is taken over each time.
  for (const moment of [600, 1800, 2400, 3000, 3600]) await runOnce(killed, moment)
  expect(await runOnce(killed)).toEqual(undisturbed)
}, 180_000)
