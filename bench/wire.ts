/**
 * Frames per second and memory of `wardkeeper analyze` beside ndpiReader and tshark, on one file in one run.
 * `npm run bench:wire -- [FOLDER] [--frames N] [--runs N] [--skip NAME] [--scaling]`: merges the Ethernet captures
 * below FOLDER (default ../shared/captures), replicated to N frames with addresses of their own, and prints a table
 * of medians, then another for copies whose payload differs too (random bytes, ids, names): the engine does not read
 * again what it has read before. With `--scaling` also how much longer ten times the frames take.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ANALYZE_ENVIRONMENT, ANALYZE_FLAGS } from '../scripts/node-flags.mjs'
import { collectFrames, writeCopies } from './merged-capture.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    frames: { type: 'string', default: '2000000' },
    runs: { type: 'string', default: '5' },
    skip: { type: 'string', multiple: true, default: [] },
    scaling: { type: 'boolean', default: false },
  },
})

interface Contender {
  readonly name: string
  readonly command: readonly string[]
  /** What a machine without it must install. */
  readonly needs?: string
  /** Cores that it may use; one unless said. */
  readonly cores?: 1 | 2
}

interface Run {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakBytes: number
}

const FIELDS = [
  'frame.time_epoch',
  'ip.src',
  'ip.dst',
  'tcp.srcport',
  'tcp.dstport',
  '_ws.col.Protocol',
]
const root = join(import.meta.dirname, '..')
const folder = positionals[0] ?? join(root, '..', 'shared', 'captures')
const frames = Number(values.frames)
const runs = Number(values.runs)

function contendersFor(capture: string, out: string): Contender[] {
  const main = join(root, 'packages/server/src/main.mjs')
  const environment = Object.entries(ANALYZE_ENVIRONMENT).map(([name, value]) => `${name}=${value}`)
  const node = ['env', ...environment, process.execPath, ...ANALYZE_FLAGS]
  const engine = [...node, join(import.meta.dirname, 'engine-run.ts'), capture, out]
  return [
    {
      name: 'wardkeeper analyze',
      command: [...node, main, 'analyze', capture, '--out', out, '--quiet'],
    },
    {
      name: 'wardkeeper, two cores',
      command: [...node, main, 'analyze', capture, '--out', out, '--quiet'],
      cores: 2,
    },
    {
      name: 'engine alone',
      command: engine,
    },
    {
      name: 'engine, nothing remembered',
      command: [...engine, '--remember', '0'],
    },
    {
      // What is left to win: reading, decoding and the table of flows alone.
      name: 'engine, no protocols',
      command: [...engine, '--no-protocols'],
    },
    { name: 'ndpiReader', command: ['ndpiReader', '-q', '-i', capture], needs: 'libndpi-bin' },
    {
      name: 'tshark -T fields',
      command: ['tshark', '-n', '-r', capture, '-T', 'fields', ...FIELDS.flatMap((f) => ['-e', f])],
      needs: 'tshark',
    },
  ]
}

/** One run under GNU time on its cores, its output thrown away. */
function measure({ name, command, cores = 1 }: Contender): Run {
  const started = performance.now()
  const timed = ['-c', cores === 2 ? '0,1' : '0', '/usr/bin/time', '-f', '%e %U %S %M', ...command]
  const { status, stderr } = spawnSync('taskset', timed, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const last = stderr.trim().split('\n').at(-1) ?? ''
  const [wall, user, system, kilobytes] = last.split(' ').map(Number)
  if (status !== 0 || kilobytes === undefined)
    throw new Error(`${name} failed: ${stderr.slice(-500)}`)
  const seconds = Math.max(wall ?? 0, (performance.now() - started) / 1000 - 0.05)
  return { seconds, cpuSeconds: (user ?? 0) + (system ?? 0), peakBytes: kilobytes * 1024 }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function isInstalled(program: string): boolean {
  return existsSync(program) || spawnSync('which', [program]).status === 0
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function compare(capture: string, out: string, skip: readonly string[]): Map<string, Run[]> {
  const present = contendersFor(capture, out).filter(({ name, command, needs }) => {
    if (skip.includes(name)) return false
    if (isInstalled(command[0]!)) return true
    say(`left out: ${name} (install ${needs})`)
    return false
  })
  const results = new Map<string, Run[]>(present.map(({ name }) => [name, []]))
  // In turn, so that a busy minute of the machine falls on all of them.
  for (let turn = 0; turn < runs; turn++) {
    for (const contender of present) results.get(contender.name)!.push(measure(contender))
  }
  const base = results.get('ndpiReader') ?? []
  const baseSeconds = median(base.map(({ seconds }) => seconds))
  say('')
  say('| program | seconds | CPU seconds | frames/s | against ndpiReader | peak memory |')
  say('|---|---|---|---|---|---|')
  for (const [name, list] of results) {
    const seconds = median(list.map((run) => run.seconds))
    const cpu = median(list.map((run) => run.cpuSeconds))
    const peak = Math.round(median(list.map((run) => run.peakBytes)) / 1e6)
    const times = Number.isNaN(baseSeconds) ? '-' : `${(baseSeconds / seconds).toFixed(2)}x`
    const rate = Math.round(frames / seconds).toLocaleString('en')
    say(`| ${name} | ${seconds.toFixed(2)} | ${cpu.toFixed(2)} | ${rate} | ${times} | ${peak} MB |`)
  }
  return results
}

/** Says of each aim whether it is met. */
function judge(results: ReadonlyMap<string, readonly Run[]>): void {
  const secondsOf = (name: string) => median((results.get(name) ?? []).map((run) => run.seconds))
  const peakOf = (name: string) => median((results.get(name) ?? []).map((run) => run.peakBytes))
  const ours = 'wardkeeper analyze'
  const peer = secondsOf('ndpiReader')
  say('')
  verdict('against ndpiReader, one core', peer / secondsOf(ours), 3)
  verdict('against ndpiReader, two cores', peer / secondsOf('wardkeeper, two cores'), 5)
  verdict('against tshark -T fields', secondsOf('tshark -T fields') / secondsOf(ours), 30)
  verdict('memory, ndpiReader by ours', peakOf('ndpiReader') / peakOf(ours), 2)
}

function verdict(what: string, reached: number, wanted: number): void {
  if (Number.isNaN(reached)) return
  const isMet = reached >= wanted
  say(`${isMet ? 'met' : 'NOT MET'}: ${what}: ${reached.toFixed(2)} times, wanted ${wanted}`)
}

/** Analyses N frames and ten times as many; processor time, which other work on the machine changes least. */
function scale(copies: (count: number) => string, out: string): void {
  const [few, many] = [frames, frames * 10].map((count) => {
    const [analyze] = contendersFor(copies(count), out)
    const results = Array.from({ length: Math.min(runs, 3) }, () => measure(analyze!))
    const peak = Math.round(Math.max(...results.map(({ peakBytes }) => peakBytes)) / 1e6)
    const cpu = median(results.map(({ cpuSeconds }) => cpuSeconds))
    say(`${count} frames: ${cpu.toFixed(2)} CPU seconds, ${peak} MB`)
    return cpu
  })
  const times = many! / few!
  say(
    `${times <= 11 ? 'met' : 'NOT MET'}: ten times the frames: ${times.toFixed(1)} times the time`,
  )
}

if (!existsSync(folder)) {
  say(`skipped: no captures in ${folder}`)
} else {
  const work = mkdtempSync(join(tmpdir(), 'wardkeeper-bench-'))
  try {
    const capture = join(work, 'merged.pcap')
    const collected = collectFrames(folder)
    writeCopies(collected, frames, capture)
    const megabytes = Math.round(statSync(capture).size / 1e6)
    const memory = Math.round(totalmem() / 2 ** 30)
    say(
      `${frames} frames, ${megabytes} MB; ${cpus()[0]?.model ?? 'unknown processor'}, ${memory} GiB`,
    )
    say(`Node ${process.version}; one core each; medians of ${runs}`)
    judge(compare(capture, join(work, 'out'), values.skip))
    writeCopies(collected, frames, capture, true)
    say('')
    say('The same with random bytes, ids and names of its own in each copy:')
    judge(compare(capture, join(work, 'out'), [...values.skip, 'tshark -T fields']))
    const copies = (count: number) => {
      writeCopies(collected, count, capture)
      return capture
    }
    if (values.scaling) scale(copies, join(work, 'out'))
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
