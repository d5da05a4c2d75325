import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { CaptureReader, DISSECTORS, Engine } from '@wardkeeper/dissect'
import { Publisher, type Publish } from './publisher.ts'

const SEND_EVERY_MS = 1000
const REPORT_EVERY_MS = 5000
const ACTIVE_TIMEOUT_MICROS = 60_000_000
const KERNEL_BUFFER_KIB = 65_536
const BACK_OFF_MS = [1000, 2000, 5000, 15_000, 60_000]

export interface LiveOptions {
  readonly interfaceName: string
  readonly siteId: string
  readonly publish: Publish
  readonly log: (message: string) => void
}

/** A live capture; `stop` ends the capturing process and hands over what was seen. */
export interface LiveSensor {
  stop(): Promise<void>
}

/**
 * Listens on an interface through a separate tcpdump, which holds the privilege to capture and gives up all others
 * (`-Z`); this process only decodes. Restarts tcpdump with growing pauses when it dies.
 */
export function listen({ interfaceName, siteId, publish, log }: LiveOptions): LiveSensor {
  const sensor = `live:${interfaceName}`
  const run = Date.now()
  const publisher = new Publisher({ sensor, siteId, file: undefined }, publish, `/${run}`)
  const engine = new Engine({
    dissectors: DISSECTORS,
    onObservation: (observation) => publisher.onObservation(observation),
    onFlow: (flow) => publisher.onFlow(flow),
    activeTimeout: ACTIVE_TIMEOUT_MICROS,
  })
  const seen = { frames: 0, first: 0, last: 0, restarts: 0, reports: 0 }
  const drops = new DropCounter()
  let child: ChildProcessByStdio<null, Readable, Readable> | undefined
  let isStopping = false
  let problem: string | undefined
  let chain: Promise<unknown> = Promise.resolve()

  const send = () => {
    publisher.cut()
    chain = chain
      .then(() => publisher.send())
      .catch((error: unknown) => log(`${sensor}: ${String(error)}`))
    return chain
  }
  const report = (state: 'running' | 'finished' | 'silent') =>
    publish({
      subject: 'sensor.reported',
      id: `sensor/${sensor}/${run}/${++seen.reports}`,
      payload: {
        sensor,
        kind: 'interface',
        name: interfaceName,
        state,
        frames: seen.frames,
        ...publisher.totals,
        ...(seen.frames > 0 ? { firstFrame: seen.first / 1000, lastFrame: seen.last / 1000 } : {}),
        ...(problem === undefined ? {} : { problem }),
        counters: { ...engine.counters, ...drops.counters, restarts: seen.restarts },
      },
    }).catch((error: unknown) => log(`${sensor}: ${String(error)}`))

  const begin = () => {
    const reader = new CaptureReader({
      frame(bytes, offset, captured, original, linkType, time) {
        if (seen.frames++ === 0) seen.first = time
        seen.last = time
        engine.frame(bytes, offset, captured, original, linkType, time)
      },
    })
    child = spawn('tcpdump', captureArguments(interfaceName), { stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    child.stderr.on('data', (data: Buffer) => {
      words = `${words}${data.toString()}`.slice(-2000)
      drops.read(words)
    })
    child.stdout.on('data', (data: Buffer) => reader.push(data))
    child.on('error', (error) => (words = explainSpawn(error)))
    child.on('close', () => {
      drops.keep()
      if (isStopping) return
      problem = lastLine(words)
      const pause = BACK_OFF_MS[Math.min(seen.restarts++, BACK_OFF_MS.length - 1)]!
      log(`${sensor}: capture ended (${problem}); trying again in ${pause / 1000} s`)
      setTimeout(() => !isStopping && begin(), pause).unref()
    })
  }

  begin()
  const sending = setInterval(() => void send(), SEND_EVERY_MS)
  const reporting = setInterval(() => {
    child?.kill('SIGUSR1')
    void report(seen.frames > 0 ? 'running' : 'silent')
  }, REPORT_EVERY_MS)
  return {
    async stop() {
      isStopping = true
      clearInterval(sending)
      clearInterval(reporting)
      const running = child
      if (running !== undefined && running.exitCode === null) {
        const closed = new Promise((resolve) => running.once('close', resolve))
        running.kill('SIGINT')
        await closed
      }
      engine.flush()
      await send()
      await report('finished')
    },
  }
}

/**
 * What tcpdump says that it lost, over its restarts: `kernelDrops` had no room in the kernel's buffer,
 * `interfaceDrops` were lost before. tcpdump counts when it is asked (SIGUSR1) and when it ends.
 */
class DropCounter {
  readonly counters = { kernelDrops: 0, interfaceDrops: 0 }
  #before = { kernelDrops: 0, interfaceDrops: 0 }

  read(words: string): void {
    const newest = (pattern: RegExp) => Number([...words.matchAll(pattern)].at(-1)?.[1] ?? 0)
    const { kernelDrops, interfaceDrops } = this.#before
    this.counters.kernelDrops = kernelDrops + newest(/(\d+) packets? dropped by kernel/g)
    this.counters.interfaceDrops = interfaceDrops + newest(/(\d+) packets? dropped by interface/g)
  }

  /** The next process counts from zero again. */
  keep(): void {
    this.#before = { ...this.counters }
  }
}

function captureArguments(interfaceName: string): string[] {
  const drop = process.getuid?.() === 0 ? ['-Z', 'nobody'] : []
  const buffer = String(KERNEL_BUFFER_KIB)
  // Each packet is written out at once (-U): asking a tcpdump that writes in blocks for the rest (SIGUSR2) tears its output.
  return ['-i', interfaceName, '-s', '262144', '-B', buffer, '-U', '-n', '-w', '-', ...drop]
}

function explainSpawn(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'tcpdump is not installed: install the package tcpdump'
  return error.message
}

function lastLine(words: string): string {
  const lines = words.split('\n').filter((line) => line.trim() !== '')
  return (lines.at(-1) ?? 'no reason given').replace(/^tcpdump: /, '').slice(0, 300)
}
