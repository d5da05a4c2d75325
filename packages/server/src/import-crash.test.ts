import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCmmsFile } from '../../../bench/cmms-file.ts'

const CHILD = fileURLToPath(new URL('./testing/import-crash-child.ts', import.meta.url))
const ROWS = 1300
const file = makeCmmsFile(ROWS)
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'wk-import-'))
  rmSync(folder, { recursive: true })
  mkdirSync(folder, { mode: 0o755 })
  writeFileSync(path.join(folder, 'cmms.csv'), file.bytes)
  writeFileSync(path.join(folder, 'seen.json'), JSON.stringify({ rows: ROWS, seen: file.seen }))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly said: readonly string[]
  readonly isKilled: boolean
  readonly result: unknown
}

/** A statement with which the power fails, and at the how manieth. */
interface Moment {
  readonly statement: string
  readonly times?: number
}

/** Runs the program once, to its end or to that moment. */
function run(dataDir: string, moment?: Moment): Promise<Ended> {
  const names = [dataDir, 'cmms.csv', 'seen.json'].map((name) => path.join(folder, name))
  const fatal = moment === undefined ? [] : [moment.statement, String(moment.times ?? 1)]
  const child = spawn(process.execPath, [CHILD, ...names, ...fatal])
  let output = ''
  let errors = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()))
  return new Promise((resolve, reject) => {
    child.once('close', (code, signal) => {
      const isKilled = signal === 'SIGKILL'
      if (code !== 0 && !isKilled) return reject(new Error(errors))
      const result = /^result (.*)$/m.exec(output)?.[1]
      const said = output.split('\n')
      resolve({ said, isKilled, result: result === undefined ? undefined : JSON.parse(result) })
    })
  })
}

/** In their order: each comes after what the one before let stand. */
const MOMENTS: readonly Moment[] = [
  { statement: 'insert into import_rows' },
  { statement: 'update import_rows' },
  // Once in the preview; then the last of the first thousand. From here on it goes on by itself when it starts again.
  { statement: 'update import_rows', times: 2 },
  { statement: 'insert into key_links' },
  // The first thousand is done, the second is in the middle.
  { statement: 'insert into declared_records', times: 2 },
  { statement: 'insert into assets (id, site_id, is_connected' },
]

test(
  'killed in the middle of a preview or a run: nothing is half, it goes on, and ends as if nothing had been',
  { timeout: 900_000 },
  async () => {
    const undisturbed = await run('undisturbed')
    expect(undisturbed.result).toMatchObject({
      first: { rows: { count: ROWS }, audit: { count: 1 }, waiting: { count: 0 } },
      again: { created: '0', updated: '0' },
    })
    const { first } = undisturbed.result as { first: Record<string, { count: number }> }
    for (const name of ['devices', 'records', 'keys', 'claims', 'history'])
      expect(first[name]?.count).toBeGreaterThan(ROWS * 0.8)
    expect(first['questions']?.count).toBeGreaterThan(20)
    // The program looks for half of anything when it starts and at each step, and fails when there is some.
    for (const moment of MOMENTS) {
      const { said, isKilled } = await run('killed', moment)
      expect(isKilled, JSON.stringify(moment)).toBe(true)
      expect(said.join(' ')).not.toContain('result')
    }
    expect((await run('killed')).result).toEqual(undisturbed.result)
  },
)
