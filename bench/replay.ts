/** How pages are answered while a capture is read; `npm run bench:replay -- --help` says how. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { START_FLAGS } from '../scripts/node-flags.mjs'
import { collectFrames, writeCopies } from './merged-capture.ts'

const HELP = `npm run bench:replay -- FOLDER [--frames N] [--rounds N] [--beside TREE]

Writes a capture out of the captures in the folder, starts the product with it, and asks for a page every 20 ms until
the product is ready: prints how long pages took, how long the whole took and the most memory of the process.

  --frames N     frames in the capture (500000, about 140 MB under the folder for temporary files)
  --rounds N     how often (2)
  --beside TREE  another checkout, made ready, to be asked in turn with this one
`
const EVERY_MS = 20
const PORT = 8479
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', default: false },
    frames: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '2' },
    beside: { type: 'string' },
  },
})
const [folder] = positionals
if (values.help || folder === undefined) {
  process.stderr.write(HELP)
  process.exit(values.help ? 0 : 2)
}

const area = mkdtempSync(join(tmpdir(), 'wk-replay-'))
// The database of root runs as another user, who must get in.
chmodSync(area, 0o755)
const capture = join(area, 'replay.pcap')
const here = resolve(import.meta.dirname, '..')
try {
  writeCopies(collectFrames(folder), Number(values.frames), capture)
  for (let round = 0; round < Number(values.rounds); round++) {
    if (values.beside !== undefined) await measure('beside', resolve(values.beside))
    await measure('this one', here)
  }
} finally {
  rmSync(area, { recursive: true, force: true })
}

async function measure(name: string, tree: string): Promise<void> {
  const data = join(area, 'data')
  const program = spawn(
    process.execPath,
    [
      ...START_FLAGS,
      join(tree, 'packages/server/src/main.mjs'),
      'start',
      '--data',
      data,
      '--port',
      String(PORT),
      '--capture',
      capture,
    ],
    { cwd: tree, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise<void>((done) => program.once('exit', () => done()))
  let printed = ''
  program.stdout.on('data', (piece: Buffer) => (printed += piece.toString()))
  const started = performance.now()
  const times: number[] = []
  while (!printed.includes('is ready') && program.exitCode === null) {
    const asked = performance.now()
    try {
      await (await fetch(`http://127.0.0.1:${PORT}/`)).text()
      times.push(performance.now() - asked)
    } catch {
      // It does not listen yet.
    }
    await wait(EVERY_MS)
  }
  const seconds = (performance.now() - started) / 1000
  const memory = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))?.[1]
  program.kill('SIGTERM')
  await ended
  rmSync(data, { recursive: true, force: true })
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]?.toFixed(1)
  process.stdout.write(
    `${name.padEnd(8)}  ${times.length} pages: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, most ${at(1)} ms; ` +
      `ready after ${seconds.toFixed(1)} s; at most ${Math.round(Number(memory) / 1024)} MB\n`,
  )
}
