import { setTimeout as wait } from 'node:timers/promises'
import { CaptureReader, DISSECTORS, Engine } from '@wardkeeper/dissect'
import { type CaptureSource, findCaptures, readChunks } from './capture-source.ts'
import { type Checkpoint, readCheckpoint, saveCheckpoint } from './checkpoint.ts'
import { Publisher, type Publish } from './publisher.ts'
import { folderSensorId } from './sensor-ids.ts'

const BATCH_FRAMES = 20_000
const LOOK_EVERY_MS = 1000
const REPORT_EVERY_MS = 5000
const ACTIVE_TIMEOUT_MICROS = 60_000_000

export interface FollowOptions {
  /** Folder into which a capturing program writes one file after the other, in the order of their names. */
  readonly folder: string
  readonly siteId: string
  readonly checkpointPath: string
  readonly publish: Publish
  readonly log: (message: string) => void
}

export interface FollowingSensor {
  /** Finishes the frames at hand and saves how far it got. */
  stop(): Promise<void>
}

/**
 * Reads a folder of plain captures that grows: each file as far as it was written, on to the next when there is one.
 * Flows live on from file to file. A restart goes on after the checkpoint; what a crash leaves between the last
 * publishing and its checkpoint (milliseconds) is read again.
 */
export async function follow(options: FollowOptions): Promise<FollowingSensor> {
  const follower = new Follower(options, await readCheckpoint(options.checkpointPath))
  const running = follower.run()
  return {
    async stop() {
      follower.isStopping = true
      await running
    },
  }
}

/** The file that is being read, as far as it was written. */
interface OpenFile {
  readonly name: string
  readonly reader: CaptureReader
  /** Frames read of it, those before a restart included. */
  frames: number
  /** Frames since the last publishing. */
  pending: number
  /** Bytes read of it. */
  position: number
}

class Follower {
  isStopping = false
  readonly #options: FollowOptions
  readonly #sensor: string
  readonly #run = Date.now()
  readonly #engine: Engine
  readonly #seen = { frames: 0, first: 0, last: 0, reports: 0, reportedAt: 0 }
  #publisher: Publisher
  #at: Checkpoint | undefined
  #open: OpenFile | undefined
  #problem: string | undefined

  constructor(options: FollowOptions, checkpoint: Checkpoint | undefined) {
    this.#options = options
    this.#at = checkpoint
    this.#sensor = folderSensorId(options.folder)
    this.#publisher = this.#publisherOf(checkpoint?.file ?? '')
    this.#engine = new Engine({
      dissectors: DISSECTORS,
      onObservation: (observation) => this.#publisher.onObservation(observation),
      onFlow: (flow) => this.#publisher.onFlow(flow),
      activeTimeout: ACTIVE_TIMEOUT_MICROS,
    })
  }

  async run(): Promise<void> {
    while (!this.isStopping) {
      try {
        const isCaughtUp = await this.#pass()
        await this.#report('running')
        if (isCaughtUp) await this.#pause()
      } catch (error) {
        this.#problem = error instanceof Error ? error.message : String(error)
        this.#options.log(`${this.#options.folder}: ${this.#problem}`)
        await this.#pause()
      }
    }
    this.#engine.flush()
    if (this.#open !== undefined) await this.#publish(this.#open)
    this.#seen.reportedAt = 0
    await this.#report('finished')
  }

  /** Reads on in the current file; true when nothing more is there for now. */
  async #pass(): Promise<boolean> {
    const captures = await findCaptures([this.#options.folder])
    const at = this.#at
    const index = captures.findIndex(({ name }) => at === undefined || name >= at.file)
    const capture = captures[index]
    if (capture === undefined) return true
    if (this.#open?.name !== capture.name) {
      this.#open = this.#begin(capture.name, capture.name === at?.file ? at.frames : 0)
    }
    const before = this.#open.frames
    await this.#read(this.#open, capture)
    const next = captures[index + 1]
    if (next === undefined || this.#open.frames > before) return next === undefined
    // Nothing more came since the look before, and the next file is there: this one is complete.
    this.#at = { file: next.name, frames: 0 }
    return false
  }

  /** Opens a file whose first `known` frames were read before a restart: they are passed over. */
  #begin(name: string, known: number): OpenFile {
    this.#publisher = this.#publisherOf(name)
    const open: OpenFile = {
      name,
      frames: 0,
      pending: 0,
      position: 0,
      reader: new CaptureReader({
        frame: (bytes, offset, captured, original, linkType, time) => {
          if (++open.frames <= known) return
          open.pending++
          this.#clock(time)
          this.#engine.frame(bytes, offset, captured, original, linkType, time)
        },
      }),
    }
    return open
  }

  async #read(open: OpenFile, capture: CaptureSource): Promise<void> {
    for await (const { bytes } of readChunks(capture, open.position)) {
      open.position += bytes.length
      open.reader.push(bytes)
      if (open.pending > BATCH_FRAMES) await this.#publish(open)
      if (this.isStopping) break
    }
    const { problem } = open.reader
    this.#problem = problem === undefined ? undefined : `${capture.name}: ${problem.reason}`
    await this.#publish(open)
  }

  #clock(time: number): void {
    const seen = this.#seen
    if (seen.frames++ === 0) seen.first = time
    seen.last = time
  }

  async #publish(open: OpenFile): Promise<void> {
    open.pending = 0
    this.#publisher.cut()
    await this.#publisher.send()
    const { name: file, frames } = open
    if (this.#at?.file === file && this.#at.frames >= frames) return
    this.#at = { file, frames }
    await saveCheckpoint(this.#options.checkpointPath, this.#at)
  }

  #publisherOf(file: string): Publisher {
    const origin = { sensor: this.#sensor, siteId: this.#options.siteId, file }
    return new Publisher(origin, this.#options.publish, `/${this.#run}/${file}`)
  }

  async #pause(): Promise<void> {
    if (!this.isStopping) await wait(LOOK_EVERY_MS)
  }

  async #report(state: 'running' | 'finished'): Promise<void> {
    const seen = this.#seen
    if (Date.now() - seen.reportedAt < REPORT_EVERY_MS) return
    seen.reportedAt = Date.now()
    await this.#options.publish({
      subject: 'sensor.reported',
      id: `sensor/${this.#sensor}/${this.#run}/${++seen.reports}`,
      payload: {
        sensor: this.#sensor,
        kind: 'folder',
        name: this.#options.folder,
        state: state === 'running' && seen.frames === 0 ? 'silent' : state,
        frames: seen.frames,
        ...this.#publisher.totals,
        ...(seen.frames > 0 ? { firstFrame: seen.first / 1000, lastFrame: seen.last / 1000 } : {}),
        ...(this.#problem === undefined ? {} : { problem: this.#problem }),
        counters: this.#engine.counters,
        coverage: this.#publisher.coverage,
      },
    })
  }
}
