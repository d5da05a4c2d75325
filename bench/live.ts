// Replays the sample capture over a veth pair and counts what the live sensor saw, with each way to capture:
// `sudo npm run bench:live -- [PPS] [SECONDS]`. Then overdrives each: the sensor's process is held still for a while, so
// that frames must be lost, and the count of what was lost is held against what is missing.
// Everything happens in a network namespace that this script makes and takes away again.
import { execFileSync, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const ROOT = resolve(import.meta.dirname, '..')
const CAPTURE = resolve(ROOT, 'captures/lab/hospital.pcapng')
const LISTENER = resolve(ROOT, 'packages/server/src/testing/live-listener.ts')
const NAMESPACE = `wk-live-${process.pid}`
const pps = Number(process.argv[2] ?? 200_000)
const seconds = Number(process.argv[3] ?? 30)
if (!(pps > 0 && seconds > 0) || process.getuid?.() !== 0) {
  process.stderr.write('usage, as root: npm run bench:live -- [FRAMES A SECOND] [SECONDS]\n')
  process.exit(2)
}

interface Row {
  readonly capturer: string
  readonly held: boolean
  readonly sent: number
  readonly sentPerSecond: number
  readonly seen: number
  readonly kernelDrops: number
  readonly interfaceDrops: number
  readonly cpuSeconds: number
}

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const inside = (...args: string[]) => run('ip', 'netns', 'exec', NAMESPACE, ...args)

const rows: Row[] = []
try {
  run('ip', 'netns', 'add', NAMESPACE)
  inside('ip', 'link', 'add', 'tx0', 'type', 'veth', 'peer', 'name', 'rx0')
  // Frames that the stack sends by itself would be counted too.
  inside('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1')
  for (const name of ['tx0', 'rx0']) inside('ip', 'link', 'set', name, 'mtu', '9000', 'up')
  for (const held of [false, true]) {
    for (const capturer of ['ring', 'tcpdump']) {
      rows.push(await measure(capturer, held))
      process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`)
    }
  }
} finally {
  try {
    run('ip', 'netns', 'delete', NAMESPACE)
  } catch {
    // It was never made.
  }
}
print()

async function measure(capturer: string, held: boolean): Promise<Row> {
  const command = ['netns', 'exec', NAMESPACE, process.execPath, LISTENER, 'rx0', capturer]
  const listener = spawn('ip', command, { stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  listener.stdout.on('data', (data: Buffer) => (output += data.toString()))
  const ended = new Promise((done) => listener.once('close', done))
  // The head of the capture comes when the socket is open; what it says later are failures.
  await new Promise((done) => listener.stderr.once('data', done))
  listener.stderr.pipe(process.stderr)
  await wait(200)
  const sending = replay(pps * (held ? Math.min(seconds, 10) : seconds))
  if (held) {
    await wait(1000)
    process.kill(listener.pid!, 'SIGSTOP')
    await wait(6000)
    process.kill(listener.pid!, 'SIGCONT')
  }
  const sent = await sending
  await settled(() => output)
  listener.stdin.end()
  await ended
  const [report, closing] = output
    .trim()
    .split('\n')
    .slice(-2)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const counters = report!['counters'] as Record<string, number>
  return {
    capturer,
    held,
    ...sent,
    seen: report!['frames'] as number,
    kernelDrops: counters['kernelDrops']!,
    interfaceDrops: counters['interfaceDrops']!,
    cpuSeconds: closing!['cpuSeconds'] as number,
  }
}

/** Sends so many frames; what tcpreplay says of it. */
function replay(frames: number): Promise<{ sent: number; sentPerSecond: number }> {
  const options = ['-q', '-K', '-i', 'tx0', '--pps', String(pps), '--loop', '0']
  const limit = ['--limit', String(frames), CAPTURE]
  const child = spawn('ip', ['netns', 'exec', NAMESPACE, 'tcpreplay', ...options, ...limit], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  return new Promise((done) =>
    child.once('close', () =>
      done({
        sent: Number(/Successful packets:\s+(\d+)/.exec(output)?.[1] ?? NaN),
        sentPerSecond: Math.round(Number(/Rated:.*?([\d.]+) pps/.exec(output)?.[1] ?? NaN)),
      }),
    ),
  )
}

/** Until two reports, five seconds apart, count the same: nothing is on its way any more. */
async function settled(output: () => string): Promise<void> {
  let before = -1
  for (let turn = 0; turn < 40; turn++) {
    await wait(5500)
    const last = output().trim().split('\n').at(-1) ?? '{}'
    const { frames } = JSON.parse(last) as { frames: number }
    if (frames === before) return
    before = frames
  }
}

function print(): void {
  const lines = [
    `tcpreplay at ${pps} frames a second for ${seconds} s (held still for 6 s of 10: overdriven)`,
    '',
    '| capture | sent | sent a second | seen | lost | counted as lost | not accounted for | CPU s of the sensor |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
  ]
  for (const row of rows) {
    const lost = row.sent - row.seen
    const counted = row.kernelDrops + row.interfaceDrops
    const name = row.held ? `${row.capturer}, overdriven` : row.capturer
    const cells = [row.sent, row.sentPerSecond, row.seen, lost, counted, lost - counted]
    lines.push(`| ${name} | ${cells.join(' | ')} | ${row.cpuSeconds.toFixed(1)} |`)
  }
  const quick = rows.find(({ capturer, held }) => capturer === 'ring' && !held)
  const isMet = quick !== undefined && quick.seen === quick.sent
  const isCounted = rows.every(
    (row) => row.sent - row.seen === row.kernelDrops + row.interfaceDrops,
  )
  lines.push('', `none lost by the ring: ${isMet ? 'met' : 'NOT met'}`)
  lines.push(`lost frames counted right: ${isCounted ? 'met' : 'NOT met'}`)
  process.stdout.write(`${lines.join('\n')}\n`)
}
