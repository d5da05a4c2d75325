// Replays a capture over a veth pair and counts what the live sensor saw: `sudo npm run bench:live -- [PPS] [SECONDS]`.
// Everything happens in two network namespaces that this script makes and takes away again.
import { execFileSync, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const ROOT = resolve(import.meta.dirname, '..')
const CAPTURE = resolve(ROOT, 'captures/lab/hospital.pcapng')
const SENDER = `wk-live-a-${process.pid}`
const LISTENER = `wk-live-b-${process.pid}`
const pps = Number(process.argv[2] ?? 200_000)
const seconds = Number(process.argv[3] ?? 30)

const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
const inside = (namespace: string, ...args: string[]) =>
  run('ip', 'netns', 'exec', namespace, ...args)

try {
  run('ip', 'netns', 'add', SENDER)
  run('ip', 'netns', 'add', LISTENER)
  run(
    'ip',
    'link',
    'add',
    'tx0',
    'netns',
    SENDER,
    'type',
    'veth',
    'peer',
    'name',
    'rx0',
    'netns',
    LISTENER,
  )
  for (const [namespace, name] of [
    [SENDER, 'tx0'],
    [LISTENER, 'rx0'],
  ] as const) {
    // Frames that the stack sends by itself would be counted too.
    inside(namespace, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1')
    inside(namespace, 'ip', 'link', 'set', name, 'up')
  }
  const listener = spawn(
    'ip',
    [
      'netns',
      'exec',
      LISTENER,
      process.execPath,
      resolve(import.meta.dirname, 'live-listener.ts'),
      'rx0',
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  let output = ''
  listener.stdout.on('data', (data: Buffer) => (output += data.toString()))
  await wait(2000)
  const frames = pps * seconds
  const sent = inside(
    SENDER,
    'tcpreplay',
    '-q',
    '-K',
    '-i',
    'tx0',
    '--pps',
    String(pps),
    '--loop',
    '0',
    '--limit',
    String(frames),
    CAPTURE,
  )
  await wait(1500)
  const ended = new Promise((done) => listener.once('close', done))
  listener.stdin.end()
  await ended
  const rate = /Rated:.*?([\d.]+) pps/.exec(sent)?.[1]
  const count = Number(
    /Successful packets:\s+(\d+)/.exec(sent)?.[1] ?? /Actual: (\d+) packets/.exec(sent)?.[1],
  )
  const seen = JSON.parse(output) as Record<string, number>
  const lost = count - seen['frames']!
  process.stdout.write(
    `${JSON.stringify({ asked: pps, sentPerSecond: Number(rate), sent: count, ...seen, lost, unaccounted: lost - seen['kernelDrops']! - seen['interfaceDrops']! })}\n`,
  )
} finally {
  for (const namespace of [SENDER, LISTENER]) {
    try {
      run('ip', 'netns', 'delete', namespace)
    } catch {
      // It was never made.
    }
  }
}
