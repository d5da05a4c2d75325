import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCapture } from '../testing/read-frames.ts'
import { ADDON, captureWithRing } from './capture/ring.ts'

const HOSPITAL = new URL('../../../../captures/lab/hospital.pcapng', import.meta.url).pathname
const LISTENER = new URL('../testing/live-listener.ts', import.meta.url).pathname
const NAMESPACE = `wk-test-${process.pid}`
const FOLDER = mkdtempSync(join(tmpdir(), 'wardkeeper-live-'))

const run = (command: string, ...args: string[]) => {
  const { status, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}
const inside = (...args: string[]) => run('ip', 'netns', 'exec', NAMESPACE, ...args)

/** Why nothing can be listened to here; said where it is so. */
function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root: no network namespace can be made'
  for (const [program, debianPackage] of [
    ['ip', 'iproute2'],
    ['tcpdump', 'tcpdump'],
    ['tcpreplay', 'tcpreplay'],
  ] as const) {
    if (spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0) {
      return `the package ${debianPackage} is not installed`
    }
  }
  return spawnSync('ip', ['netns', 'add', NAMESPACE]).status === 0
    ? undefined
    : 'no network namespace can be made here'
}

const reason = whyNot()
if (reason !== undefined) process.stderr.write(`skipped: live sensor: ${reason}\n`)
const kinds =
  captureWithRing('x') === undefined ? (['tcpdump'] as const) : (['ring', 'tcpdump'] as const)
if (kinds.length === 1)
  process.stderr.write(`skipped: ring of the kernel: ${ADDON} was not built\n`)

interface Report {
  readonly frames: number
  readonly state: string
  readonly problem?: string
  readonly counters: Readonly<Record<string, number>>
}

class Listener {
  readonly child: ChildProcess
  #output = ''

  constructor(kind: string) {
    const command = [process.execPath, LISTENER, 'rx0', kind]
    this.child = spawn('ip', ['netns', 'exec', NAMESPACE, ...command], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.child.stdout!.on('data', (data: Buffer) => (this.#output += data.toString()))
  }

  get lines(): readonly unknown[] {
    return this.#output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  }

  /** The capturing process; `ip netns exec` becomes the listener itself. */
  async capturer(): Promise<number> {
    for (let turn = 0; turn < 400; turn++) {
      const { pid } = this.child
      const text = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout
      if (text.trim() !== '') return Number(text.trim().split('\n')[0])
      await wait(50)
    }
    throw new Error('no capturing process')
  }

  /** Waits until the capturing process is another one. */
  async untilOther(pid: number): Promise<void> {
    for (let turn = 0; turn < 400; turn++) {
      if ((await this.capturer()) !== pid) return
      await wait(100)
    }
    throw new Error('no other capturing process')
  }

  /** Waits until its reports, which come every five seconds, count so many frames; a while, not for ever. */
  async untilSeen(frames: number): Promise<void> {
    for (let turn = 0; turn < 200; turn++) {
      if ((this.lines.at(-1) as Report | undefined)?.frames === frames) return
      await wait(100)
    }
  }

  async stop(): Promise<Report> {
    const ended = new Promise((resolve) => this.child.once('close', resolve))
    this.child.stdin!.end()
    await ended
    return this.lines.at(-2) as Report
  }
}

/** Until the capturing process has its socket and has given up its user. */
async function untilNobody(pid: number): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    if (/^Uid:\s+65534/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return
    await wait(50)
  }
  throw new Error('the capturing process is still root')
}

const replay = (file: string, ...options: string[]) =>
  inside('tcpreplay', '-q', '-i', 'tx0', '--pps', '4000', ...options, file)

/** A UDP datagram in an Ethernet frame with an 802.1Q tag. */
function taggedFrame(vlan: number): Buffer {
  const payload = Buffer.from('wardkeeper')
  const udp = Buffer.alloc(8)
  udp.writeUInt16BE(40_000, 0)
  udp.writeUInt16BE(40_001, 2)
  udp.writeUInt16BE(8 + payload.length, 4)
  const ip = Buffer.from('450000000000000040110000c0a80005c0a80006', 'hex')
  ip.writeUInt16BE(20 + 8 + payload.length, 2)
  const ethernet = Buffer.from('02000000000602000000000581000000' + '0800', 'hex')
  ethernet.writeUInt16BE(vlan, 14)
  return Buffer.concat([ethernet, ip, udp, payload])
}

function writeCapture(name: string, frames: readonly Buffer[]): string {
  const head = Buffer.from('d4c3b2a1020004000000000000000000ffff000001000000', 'hex')
  const records = frames.map((frame) => {
    const record = Buffer.alloc(16)
    record.writeUInt32LE(1, 0)
    record.writeUInt32LE(frame.length, 8)
    record.writeUInt32LE(frame.length, 12)
    return Buffer.concat([record, frame])
  })
  const path = join(FOLDER, name)
  writeFileSync(path, Buffer.concat([head, ...records]))
  return path
}

describe.skipIf(reason !== undefined)('a live sensor', () => {
  beforeAll(() => {
    inside('ip', 'link', 'add', 'tx0', 'type', 'veth', 'peer', 'name', 'rx0')
    // Frames that the stack sends by itself would be counted too.
    inside('sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1')
    inside('ip', 'link', 'set', 'tx0', 'mtu', '9000', 'up')
    inside('ip', 'link', 'set', 'rx0', 'mtu', '9000', 'up')
  })
  afterAll(() => {
    run('ip', 'netns', 'delete', NAMESPACE)
    rmSync(FOLDER, { recursive: true, force: true })
  })

  describe.each(kinds)('with %s', (kind) => {
    test('sees each frame once, from a process without privileges', async () => {
      const listener = new Listener(kind)
      const pid = await listener.capturer()
      await untilNobody(pid)
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      expect(status).toMatch(/^CapEff:\s+0{16}$/m)
      const sent = Number(/Successful packets:\s+(\d+)/.exec(replay(HOSPITAL))?.[1])
      await listener.untilSeen(sent)
      const report = await listener.stop()
      expect(sent).toBeGreaterThan(10_000)
      expect(report).toMatchObject({ state: 'finished', frames: sent })
      expect(report.counters).toMatchObject({ kernelDrops: 0, restarts: 0, defects: 0 })
      expect(listener.lines.at(-1)).toMatchObject({ facts: expect.any(Number) })
    }, 90_000)

    test('keeps VLAN tags where they were', async () => {
      const capturer = kind === 'ring' ? captureWithRing('rx0')! : undefined
      const [command, args] = capturer
        ? [capturer.command, capturer.args]
        : ['tcpdump', ['-i', 'rx0', '-U', '-w', '-', '-Z', 'nobody']]
      const child = spawn('ip', ['netns', 'exec', NAMESPACE, command, ...args], {
        stdio: ['pipe', 'pipe', 'ignore'],
      })
      const pieces: Buffer[] = []
      child.stdout.on('data', (data: Buffer) => pieces.push(data))
      await untilNobody(child.pid!)
      const frames = [taggedFrame(412), taggedFrame(4094)]
      replay(writeCapture(`${kind}.pcap`, frames))
      // tcpdump is told of frames by the kernel once a second.
      for (let turn = 0; turn < 100 && pieces.length < 2; turn++) await wait(50)
      const ended = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGINT')
      await ended
      expect(readCapture(Buffer.concat(pieces))).toEqual(
        frames.map((frame) => frame.toString('hex')),
      )
    }, 60_000)

    test('begins again when the capturing process dies, and says so', async () => {
      const listener = new Listener(kind)
      const pid = await listener.capturer()
      await untilNobody(pid)
      process.kill(pid, 'SIGKILL')
      await listener.untilOther(pid)
      await untilNobody(await listener.capturer())
      replay(HOSPITAL, '--limit', '500')
      await listener.untilSeen(500)
      const report = await listener.stop()
      expect(report).toMatchObject({ frames: 500, counters: { restarts: 1 } })
      expect(report.problem).toBeUndefined()
    }, 60_000)
  })
})
