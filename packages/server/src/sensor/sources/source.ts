import type { FlowRecord } from '@wardkeeper/dissect'
import type { Memory } from './memory.ts'

/** One fact as a log tells it: about an address that the log names, never about an end of a flow. */
export interface SourceFact {
  readonly subject: { readonly mac?: string; readonly ip?: string }
  /** Field of `docs/protocols.md`, the same that the wire gives. */
  readonly field: string
  readonly value: string
}

/** A flow as a log tells it, before it gets a number. */
export type SourceFlow = Omit<FlowRecord, 'id'>

/** What a line, or the end of a block of lines, has to tell. */
export interface Told {
  /** Microseconds since 1970. */
  readonly time: number
  readonly facts: readonly SourceFact[]
  readonly flow?: SourceFlow
  /** How the source names the conversation: facts and flow of one name get one flow number. */
  readonly conversation?: string
}

/** A line that cannot be read, and why, for a person. */
export interface Rejection {
  readonly reason: string
}

/** `undefined`: a line that has nothing to tell (comments, headers, events of no interest, part of a block). */
export type LineOutcome = Told | Rejection | undefined

export function isRejection(outcome: LineOutcome): outcome is Rejection {
  return outcome !== undefined && 'reason' in outcome
}

/** Reads one file line by line. Never throws for what is in a line. */
export interface LineReader {
  /** A line without its end. */
  line(text: string): LineOutcome
  /** After the last line: what an unfinished block still tells. */
  end?(): LineOutcome
}

/** What a reader may know of its file beside the lines. */
export interface FileContext {
  /** File name without its folder. */
  readonly name: string
  /** Last change of the file, milliseconds since 1970: tells the year where lines have none. */
  readonly modified: number
  /** What is remembered from file to file of one folder. */
  readonly memory: Memory
}

/** A kind of log that Wardkeeper reads: one file here, one line in `index.ts`. */
export interface LogSource {
  /** Kind of the sensor, as the sensors page names it. */
  readonly name: string
  /** Are these the first lines of such a file? `head` is up to 16 KiB of text, the last line perhaps cut. */
  recognise(head: string, name: string): boolean
  open(context: FileContext): LineReader
}
