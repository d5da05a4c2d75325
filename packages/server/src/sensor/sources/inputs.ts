import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type CaptureSource, findCaptures, readChunks, UnreadableInput } from '../capture-source.ts'
import { type CaptureHandlers, type CaptureOutcome, readCapture } from '../read-capture.ts'
import { recogniseLog } from './index.ts'
import { Memory } from './memory.ts'
import { type LogFile, type LogOutcome, readLog } from './read-log.ts'
import type { LogSource } from './source.ts'

const HEAD_BYTES = 16_384

/** A capture, or a log of another sensor or server. */
export type Input = CaptureSource | LogFile

/** The outcome of a capture has no lines that could be rejected. */
export type InputOutcome = CaptureOutcome & Partial<Pick<LogOutcome, 'rejected'>>

/** Reads one input, whatever it is, into the same observations and flows. */
export function readInput(input: Input, handlers: CaptureHandlers): Promise<InputOutcome> {
  return 'log' in input ? readLog(input, handlers) : readCapture(input, handlers)
}

/** Numbers flows on over several inputs; the logs of one folder share their numbers. */
export class FlowNumbering {
  #last = 0
  readonly #bases = new Map<unknown, number>()

  /** What to add to the flow numbers of this input. */
  baseOf(input: Input): number {
    const owner = 'log' in input ? input.memory : input
    const base = this.#bases.get(owner) ?? this.#last
    this.#bases.set(owner, base)
    return base
  }

  /** Notes a number that was given, base included. */
  note(number: number): void {
    if (number > this.#last) this.#last = number
  }
}

/**
 * Resolves what a person named, as `findCaptures` does, and finds logs besides: a file that begins like a known log, and
 * in a folder every such file, after its captures. The logs of one folder belong together: they share flow numbers and
 * certificates.
 */
export async function findInputs(paths: readonly string[]): Promise<Input[]> {
  const inputs: Input[] = []
  const memory = new Memory()
  for (const path of paths) {
    const captures = await findCaptures([path])
    const isFolder = path !== '-' && statSync(path).isDirectory()
    inputs.push(
      ...(isFolder
        ? await inFolder(path, captures, new Memory())
        : await Promise.all(captures.map((capture) => asLog(capture, memory)))),
    )
  }
  return inputs
}

async function asLog(file: CaptureSource, memory: Memory): Promise<Input> {
  if (file.bytes === undefined) return file
  const log = await logOf(file)
  return log === undefined ? file : { ...file, log, memory }
}

async function inFolder(
  folder: string,
  captures: readonly CaptureSource[],
  memory: Memory,
): Promise<Input[]> {
  const known = new Set(captures.map(({ path }) => path))
  const logs: LogFile[] = []
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile() || known.has(path)) continue
    const name = path.slice(folder.length).replace(/^[/\\]+/, '')
    const file = { path, name, bytes: statSync(path).size }
    const log = await logOf(file)
    if (log !== undefined) logs.push({ ...file, log, memory })
  }
  return [...captures, ...logs.sort((one, other) => (one.path < other.path ? -1 : 1))]
}

async function logOf(file: CaptureSource): Promise<LogSource | undefined> {
  const head = await headOf(file)
  // Text has no zero byte; a file without a line is nothing.
  if (head === undefined || head.length === 0 || head.includes(0)) return undefined
  return recogniseLog(
    head
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .replaceAll('\r\n', '\n'),
    basename(file.name).replace(/\.(?:gz|zst)$/, ''),
  )
}

async function headOf(file: CaptureSource): Promise<Buffer | undefined> {
  try {
    const plain = readHead(file.path)
    const isPacked = plain[0] === 0x1f || plain[0] === 0x28
    if (!isPacked) return plain
    for await (const { bytes } of readChunks(file))
      return Buffer.from(bytes.subarray(0, HEAD_BYTES))
    return undefined
  } catch (error) {
    if (error instanceof UnreadableInput || (error as NodeJS.ErrnoException).code !== undefined) {
      return undefined
    }
    throw error
  }
}

function readHead(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0))
  } finally {
    closeSync(file)
  }
}
