import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { Publish } from './publisher.ts'
import type { CaptureOutcome, CaptureProgress } from './read-capture.ts'
import { publishSent, type Sent } from './thread-publish.ts'

/** One input to be played, of those that are found at the paths of the task. */
export interface Play {
  readonly path: string
  /** For people and for evidence. */
  readonly name: string
  readonly sensor: string
}

/** What a thread listens to. */
export type SensorTask = { readonly siteId: string } & (
  | { readonly kind: 'replay'; readonly paths: readonly string[]; readonly plays: readonly Play[] }
  | { readonly kind: 'interface'; readonly interfaceName: string }
  | { readonly kind: 'folder'; readonly folder: string; readonly checkpointPath: string }
  | { readonly kind: 'netflow'; readonly port: number }
)

/** What a thread tells beside its messages. */
export type Told =
  | Sent
  | { readonly what: 'log'; readonly text: string }
  /** It listens; an error before that is one of the person who named what to listen to. */
  | { readonly what: 'listening' }
  | { readonly what: 'progress'; readonly play: number; readonly at: CaptureProgress }
  | { readonly what: 'played'; readonly play: number; readonly outcome: CaptureOutcome }

export interface SensorOptions {
  readonly publish: Publish
  readonly log: (text: string) => void
  readonly onProgress?: (play: number, at: CaptureProgress) => void
  readonly onPlayed?: (play: number, outcome: CaptureOutcome) => void
}

/**
 * A sensor in a thread of its own: while it takes frames apart and packs what they say, the stages go on and pages are
 * answered.
 */
export interface SensorThread {
  /** It listens. Rejects when it cannot. */
  readonly listening: Promise<void>
  /** It has ended: all that it saw is durable. Rejects when it broke. */
  readonly ended: Promise<void>
  /** Asks it to come to an end: a sensor hands over what it saw, a replay ends after the input in hand. */
  stop(): Promise<void>
}

/**
 * The program is started with a nursery for the stages (`START_FLAGS`), which `resourceLimits` of a thread do not undo; of
 * what frames leave behind little lives on. Read when a heap is made: that of this thread stays as it is.
 */
const NURSERY = '--max-semi-space-size=8'

/** Starts a thread that does the task; what it says goes to `options.publish`, one message after the other. */
export function startSensor(task: SensorTask, options: SensorOptions): SensorThread {
  setFlagsFromString(NURSERY)
  const worker = new Worker(new URL('./sensor-worker.ts', import.meta.url), { workerData: task })
  const listening = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<void>()
  worker.on('message', (told: Told) => {
    if (told.what === 'message') void publishSent(told, worker, options.publish)
    else if (told.what === 'listening') listening.resolve()
    else if (told.what === 'log') options.log(told.text)
    else if (told.what === 'progress') options.onProgress?.(told.play, told.at)
    else options.onPlayed?.(told.play, told.outcome)
  })
  let isListening = false
  void listening.promise.then(
    () => (isListening = true),
    () => undefined,
  )
  const fail = (error: Error) => {
    // Who named what cannot be listened to is told by `listening`; what breaks later must not go unheard.
    if (!isListening) ended.promise.catch(() => undefined)
    listening.reject(error)
    ended.reject(error)
  }
  worker.once('error', fail)
  worker.once('exit', (code) => {
    if (code === 0) ended.resolve()
    fail(new Error(`The sensor ended early (${code}).`))
  })
  return {
    listening: listening.promise,
    ended: ended.promise,
    async stop() {
      worker.postMessage({ what: 'stop' })
      await ended.promise
    },
  }
}

/**
 * Ends these sensors, all at once; tells of each that broke, whose last words may be missing, and goes on, so that the
 * others and what comes after them end all the same. True when all ended well.
 */
export async function endSensors(
  sensors: readonly Pick<SensorThread, 'stop'>[],
  complain: (text: string) => void,
): Promise<boolean> {
  const ends = await Promise.allSettled(sensors.map((sensor) => sensor.stop()))
  const failures = ends.filter((end) => end.status === 'rejected')
  for (const { reason } of failures) {
    const text = reason instanceof Error ? reason.message : String(reason)
    complain(`A sensor did not end well: ${text}`)
  }
  return failures.length === 0
}
