import {
  CaptureReader,
  DISSECTORS,
  Engine,
  type FlowRecord,
  type Observation,
} from '@wardkeeper/dissect'
import { type CaptureSource, readChunks, UnreadableInput } from './capture-source.ts'

export interface CaptureHandlers {
  onObservation(observation: Observation): void
  onFlow(flow: FlowRecord): void
  /** Before each frame is read, with its number from 1 and its time in microseconds since 1970. */
  onFrame?(frame: number, time: number): void
  /** After each piece of about 1 MiB; what it returns is waited for, so that a slow reader slows the reading. */
  onProgress?(progress: CaptureProgress): void | Promise<void>
}

export interface CaptureProgress {
  readonly frames: number
  /** How far into the file on disk. */
  readonly position: number
  /** Capture time of the newest frame, in microseconds since 1970; zero before the first. */
  readonly time: number
}

export interface CaptureOutcome {
  readonly frames: number
  /** Microseconds since 1970 of the first and the newest frame; zero without a frame. */
  readonly firstTime: number
  readonly lastTime: number
  /** `cut`: the capture ended early and was used up to there. `unreadable`: nothing could be read. */
  readonly problem:
    | { readonly kind: 'cut' | 'unreadable'; readonly offset: number; readonly reason: string }
    | undefined
  readonly counters: Readonly<Record<string, number>>
}

/**
 * Runs one capture through the dissectors, from its first frame to its last. Damage in the middle is not an
 * error: all before it is used and the outcome says where it lies. Never throws for what is in the file.
 */
export async function readCapture(
  source: CaptureSource,
  handlers: CaptureHandlers,
): Promise<CaptureOutcome> {
  const engine = new Engine({
    dissectors: DISSECTORS,
    onObservation: (observation) => handlers.onObservation(observation),
    onFlow: (flow) => handlers.onFlow(flow),
  })
  const clock = { frames: 0, first: 0, last: 0, bytes: 0 }
  const reader = new CaptureReader({
    frame(bytes, offset, captured, original, linkType, time) {
      if (clock.frames++ === 0) clock.first = time
      if (time > clock.last) clock.last = time
      handlers.onFrame?.(clock.frames, time)
      engine.frame(bytes, offset, captured, original, linkType, time)
    },
  })
  let damage: string | undefined
  try {
    for await (const { bytes, position } of readChunks(source)) {
      reader.push(bytes)
      clock.bytes += bytes.length
      await handlers.onProgress?.({ frames: clock.frames, position, time: clock.last })
      if (reader.problem !== undefined) break
    }
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error
    damage = error.message
  }
  const problem = reader.end()
  engine.flush()
  return {
    frames: clock.frames,
    firstTime: clock.first,
    lastTime: clock.last,
    problem:
      damage === undefined
        ? problem
        : { kind: clock.frames > 0 ? 'cut' : 'unreadable', offset: clock.bytes, reason: damage },
    counters: engine.counters,
  }
}
