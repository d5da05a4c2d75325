import { type Input, readInput } from './sources/inputs.ts'
import { Publisher, type Publish } from './publisher.ts'
import type { CaptureOutcome, CaptureProgress } from './read-capture.ts'

const BATCH_FRAMES = 20_000
const HOUR_MICROS = 3_600_000_000
const REPORT_EVERY_MS = 1000

export interface ReplayOptions {
  readonly sensor: string
  readonly siteId: string
  readonly publish: Publish
  readonly onProgress?: (progress: CaptureProgress) => void
}

/**
 * Plays a capture, or a log of another sensor, into the line. Batches end at frames that only the capture decides
 * (each hour of its time, and each 20,000 frames), never by the clock of this machine: after a crash the same ids
 * come again and are skipped.
 */
export async function replayCapture(
  source: Input,
  { sensor, siteId, publish, onProgress }: ReplayOptions,
): Promise<CaptureOutcome> {
  const publisher = new Publisher({ sensor, siteId, file: source.name }, publish)
  const report = reporter(source, sensor, publish, publisher)
  let hour = Number.NaN
  let frames = 0
  let reported = performance.now()
  await report('running', { frames: 0, position: 0, time: 0 })
  const outcome = await readInput(source, {
    onObservation: (observation) => publisher.onObservation(observation),
    onFlow: (flow) => publisher.onFlow(flow),
    onFrame(_frame, time) {
      const current = Math.floor(time / HOUR_MICROS)
      if (++frames < BATCH_FRAMES && current === hour) return
      if (!Number.isNaN(hour)) publisher.cut()
      hour = current
      frames = 0
    },
    async onProgress(progress) {
      await publisher.send()
      onProgress?.(progress)
      if (performance.now() - reported < REPORT_EVERY_MS) return
      reported = performance.now()
      await report('running', progress)
    },
  })
  publisher.cut()
  await publisher.send()
  await report(outcome.problem?.kind === 'unreadable' ? 'failed' : 'finished', outcome)
  return outcome
}

type Report = (
  state: 'running' | 'finished' | 'failed',
  at: CaptureProgress | CaptureOutcome,
) => Promise<void>

function reporter(source: Input, sensor: string, publish: Publish, publisher: Publisher): Report {
  const run = Date.now()
  let count = 0
  return async (state, at) => {
    const isEnd = 'counters' in at
    const problem = isEnd ? at.problem : undefined
    const time = isEnd ? at.lastTime : at.time
    await publish({
      subject: 'sensor.reported',
      id: `sensor/${sensor}/${run}/${++count}`,
      payload: {
        sensor,
        kind: 'capture',
        name: source.name,
        state,
        frames: at.frames,
        ...publisher.totals,
        ...(isEnd && at.firstTime > 0 ? { firstFrame: at.firstTime / 1000 } : {}),
        ...(time > 0 ? { lastFrame: time / 1000 } : {}),
        ...(isEnd ? {} : { progress: Math.min(1, at.position / Math.max(1, source.bytes ?? 0)) }),
        ...(problem === undefined
          ? {}
          : { problem: `at byte ${problem.offset}: ${problem.reason}` }),
        counters: isEnd ? at.counters : {},
        ...(isEnd ? { coverage: publisher.coverage } : {}),
      },
    })
  }
}
