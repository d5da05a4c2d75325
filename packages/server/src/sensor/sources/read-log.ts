import { statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Observation } from '@wardkeeper/dissect'
import { type CaptureSource, readChunks, UnreadableInput } from '../capture-source.ts'
import type { CaptureHandlers, CaptureOutcome } from '../read-capture.ts'
import { LineCutter } from './lines.ts'
import type { Memory } from './memory.ts'
import { isRejection, type LineOutcome, type LogSource, type Told } from './source.ts'

const MOST_REJECTIONS = 5
const GZIP_SUFFIX = /\.(?:gz|zst)$/

/** A line that could not be read. */
export interface RejectedLine {
  /** From 1. */
  readonly line: number
  readonly reason: string
}

/** As of a capture, where a frame is a line; with the first of the lines that could not be read. */
export interface LogOutcome extends CaptureOutcome {
  readonly rejected: readonly RejectedLine[]
}

/** What a log is and what it shares with the other files of its folder. */
export interface LogFile extends CaptureSource {
  readonly log: LogSource
  readonly memory: Memory
}

/**
 * Reads a log from its first line to its last. A line that cannot be read is counted and told, and the next one is read.
 * Never throws for what is in the file.
 */
export async function readLog(file: LogFile, handlers: CaptureHandlers): Promise<LogOutcome> {
  const teller = new Teller(file.memory, handlers)
  const reader = file.log.open({
    name: basename(file.name).replace(GZIP_SUFFIX, ''),
    modified: modifiedOf(file.path),
    memory: file.memory,
  })
  const cutter = new LineCutter((text) => {
    teller.lines++
    teller.tell(text === undefined ? { reason: 'it is longer than 1 MiB' } : reader.line(text))
  })
  let damage: string | undefined
  let bytes = 0
  try {
    for await (const chunk of readChunks(file)) {
      cutter.push(chunk.bytes)
      bytes += chunk.bytes.length
      const { lines: frames, last: time } = teller
      await handlers.onProgress?.({ frames, position: chunk.position, time })
    }
  } catch (error) {
    if (!(error instanceof UnreadableInput)) throw error
    damage = error.message
  }
  cutter.end()
  teller.tell(reader.end?.())
  const kind = teller.lines > 0 ? 'cut' : 'unreadable'
  return {
    ...teller.outcome(),
    problem: damage === undefined ? undefined : { kind, offset: bytes, reason: damage },
  }
}

function modifiedOf(path: string): number {
  return path === '-' ? Date.now() : statSync(path).mtimeMs
}

/** Numbers flows, stamps facts and hands both on. */
class Teller {
  lines = 0
  last = 0
  #first = 0
  #rejections = 0
  readonly #rejected: RejectedLine[] = []
  readonly #memory: Memory
  readonly #handlers: CaptureHandlers

  constructor(memory: Memory, handlers: CaptureHandlers) {
    this.#memory = memory
    this.#handlers = handlers
  }

  tell(outcome: LineOutcome): void {
    if (outcome === undefined) return
    if (isRejection(outcome)) {
      this.#rejections++
      if (this.#rejected.length < MOST_REJECTIONS) {
        this.#rejected.push({ line: this.lines, reason: outcome.reason })
      }
      return
    }
    this.#handOn(outcome)
  }

  #handOn(told: Told): void {
    const { time, facts, flow } = told
    if (time > this.last) this.last = time
    if (this.#first === 0 || time < this.#first) this.#first = time
    this.#handlers.onFrame?.(this.lines, time)
    const number = this.#numberOf(told)
    for (const { subject, field, value } of facts) {
      const { mac, ip } = subject
      const seen = { time, mac, ip, field, value, flow: number, frame: this.lines }
      this.#handlers.onObservation(seen satisfies Observation)
    }
    if (flow !== undefined) this.#handlers.onFlow({ id: number, ...flow })
  }

  #numberOf({ facts, flow, conversation }: Told): number {
    if (conversation !== undefined && (facts.length > 0 || flow !== undefined)) {
      return this.#memory.flowNumber(conversation)
    }
    return flow === undefined ? 0 : this.#memory.nextNumber()
  }

  outcome(): Omit<LogOutcome, 'problem'> {
    return {
      frames: this.lines,
      firstTime: this.#first,
      lastTime: this.last,
      counters: { lines: this.lines, rejectedLines: this.#rejections },
      rejected: this.#rejected,
    }
  }
}
