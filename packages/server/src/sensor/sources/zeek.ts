import type { Memory } from './memory.ts'
import type { LineOutcome, LineReader, LogSource } from './source.ts'
import { ZEEK_LOGS } from './zeek-logs.ts'
import { ZeekRow } from './zeek-row.ts'

const HEADER = /^#(?:separator|fields)\b/m
const MOST_FIELDS = 512

/** Zeek logs with tab separated values: the header lines of each file say what its columns are. */
export const zeekTsv: LogSource = {
  name: 'zeek',
  recognise: (head) => HEADER.test(head),
  open: ({ memory, name }) => new TsvReader(memory, pathOfName(name)),
}

/** Zeek logs as JSON, one entry a line, also several logs in one file (`_path`). */
export const zeekJson: LogSource = {
  name: 'zeek',
  recognise(head) {
    const [first] = head.split('\n', 1)
    const row = first === undefined ? undefined : parseObject(first)
    if (row === undefined || row.ts === undefined) return false
    return ['uid', 'uids', '_path', 'host', 'mac', 'fuid', 'fingerprint'].some((key) => key in row)
  },
  open({ memory, name }) {
    const path = pathOfName(name)
    return {
      line(text) {
        if (text.trim() === '') return undefined
        const values = parseObject(text)
        if (values === undefined) return { reason: 'it is no JSON object' }
        const own = values._path
        return tell(typeof own === 'string' ? own : path, new ZeekRow(values, false), memory)
      },
    }
  },
}

class TsvReader implements LineReader {
  readonly #memory: Memory
  #path: string
  #fields: readonly string[] = []
  #separator = '\t'
  #unset = '-'
  #empty = '(empty)'

  constructor(memory: Memory, path: string) {
    this.#memory = memory
    this.#path = path
  }

  line(text: string): LineOutcome {
    if (text === '') return undefined
    if (text.startsWith('#')) {
      this.#header(text)
      return undefined
    }
    if (this.#fields.length === 0) return { reason: 'no #fields line says what its columns are' }
    const cells = text.split(this.#separator, MOST_FIELDS)
    if (cells.length !== this.#fields.length) {
      return { reason: `it has ${cells.length} columns, #fields names ${this.#fields.length}` }
    }
    const values: Record<string, string> = {}
    for (const [at, field] of this.#fields.entries()) {
      const cell = cells[at]!
      if (cell !== this.#unset) values[field] = cell === this.#empty ? '' : cell
    }
    return tell(this.#path, new ZeekRow(values, true), this.#memory)
  }

  #header(text: string): void {
    const [name, value] = cut(text, text.startsWith('#separator') ? ' ' : this.#separator)
    if (name === '#separator') {
      const code = /^\\x([\da-f]{2})$/i.exec(value.trim())?.[1]
      this.#separator = code === undefined ? value : String.fromCharCode(Number.parseInt(code, 16))
    }
    if (name === '#path') this.#path = value
    if (name === '#fields') this.#fields = value.split(this.#separator, MOST_FIELDS)
    if (name === '#unset_field') this.#unset = value
    if (name === '#empty_field') this.#empty = value
  }
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)]
}

/** The log's name in a file name: `conn.log`, `conn.10:00:00-11:00:00.log.gz`, `conn_20240501_10.log`. */
export function pathOfName(name: string): string {
  return /^([a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*)/i.exec(name)?.[1]?.toLowerCase() ?? ''
}

function tell(path: string, row: ZeekRow, memory: Memory): LineOutcome {
  // Own members only: a log named `constructor` is none.
  const log = Object.hasOwn(ZEEK_LOGS, path) ? ZEEK_LOGS[path] : undefined
  if (log === undefined) return undefined
  const time = row.micros('ts')
  if (time === undefined) return { reason: 'its time (ts) cannot be read' }
  return log(row, time, memory)
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
