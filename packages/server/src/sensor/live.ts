import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { CaptureReader, DISSECTORS, Engine } from '@wardkeeper/dissect'
import { CANNOT, DropCounter, type Capturer } from './capture/capturer.ts'
import { captureWithRing } from './capture/ring.ts'
import { captureWithTcpdump } from './capture/tcpdump.ts'
import { Publisher, type Publish } from './publisher.ts'

const SEND_EVERY_MS = 1000
const REPORT_EVERY_MS = 5000
const ACTIVE_TIMEOUT_MICROS = 60_000_000
const BACK_OFF_MS = [1000, 2000, 5000, 15_000, 60_000]
/** A capture that lasted so long was no failure to begin one: the next pause is the shortest again. */
const LASTED_MS = 60_000

export interface LiveOptions {
  readonly interfaceName: string
  readonly siteId: string
  readonly publish: Publish
  readonly log: (message: string) => void
  /** Ways to capture, best first; one that says it cannot read this interface gives way to the next. */
  readonly capturers?: readonly Capturer[]
}

/** A live capture; `stop` ends the capturing process and hands over what was seen. */
export interface LiveSensor {
  stop(): Promise<void>
}

/** The ring where it was built, tcpdump where not or where the ring cannot. */
export function capturersFor(interfaceName: string): readonly Capturer[] {
  const ring = captureWithRing(interfaceName)
  return [...(ring === undefined ? [] : [ring]), captureWithTcpdump(interfaceName)]
}

/**
 * Listens on an interface through a separate process, which holds the privilege to capture and gives up all others; this
 * process only decodes. Restarts it with growing pauses when it dies.
 */
export function listen({
  interfaceName,
  siteId,
  publish,
  log,
  capturers = capturersFor(interfaceName),
}: LiveOptions): LiveSensor {
  let choice = 0
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
  let child: ChildProcessByStdio<Writable, Readable, Readable> | undefined
  let isStopping = false
  let problem: string | undefined
  let failures = 0
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
        coverage: publisher.coverage,
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
    const capturer = capturers[choice]!
    // Its standard input stays open for as long as this process lives.
    // In a session of its own, so that Ctrl-C does not end it before we know that we are to stop.
    child = spawn(capturer.command, capturer.args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    })
    let words = ''
    child.stderr.on('data', (data: Buffer) => {
      words = `${words}${data.toString()}`.slice(-2000)
      drops.read(words)
    })
    const began = Date.now()
    child.stdout.once('data', () => log(`${sensor}: listening through ${capturer.name}`))
    child.stdout.on('data', (data: Buffer) => {
      problem = undefined
      reader.push(data)
    })
    child.on('error', (error) => (words = explainSpawn(error)))
    child.on('close', (code) => {
      drops.keep()
      if (isStopping) return
      if (code === CANNOT && choice < capturers.length - 1) {
        log(`${sensor}: ${lastLine(words)}; going on with ${capturers[++choice]!.name}`)
        begin()
        return
      }
      problem = lastLine(words)
      seen.restarts++
      failures = Date.now() - began < LASTED_MS ? failures + 1 : 0
      const pause = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)]!
      log(`${sensor}: capture ended (${problem}); trying again in ${pause / 1000} s`)
      setTimeout(() => !isStopping && begin(), pause).unref()
    })
  }

  begin()
  const sending = setInterval(() => void send(), SEND_EVERY_MS)
  const reporting = setInterval(() => {
    const { askSignal } = capturers[choice]!
    if (askSignal !== undefined) child?.kill(askSignal)
    void report(seen.frames > 0 ? 'running' : 'silent')
  }, REPORT_EVERY_MS)
  return {
    async stop() {
      isStopping = true
      clearInterval(sending)
      clearInterval(reporting)
      const running = child
      // One that a signal ended has no code.
      const isRunning = running?.exitCode === null && running.signalCode === null
      if (running !== undefined && isRunning) {
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

function explainSpawn(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'tcpdump is not installed: install the package tcpdump'
  return error.message
}

function lastLine(words: string): string {
  const lines = words.split('\n').filter((line) => line.trim() !== '')
  return (lines.at(-1) ?? 'no reason given').replace(/^tcpdump: /, '').slice(0, 300)
}
