import { latin1, utf8 } from '../cursor.ts'

/** Characters that take a message apart (HL7 v2 §2.5.4): field, component, repetition, subcomponent. */
export interface Delimiters {
  readonly field: number
  readonly component: string
  readonly repetition: string
  readonly subcomponent: string
}

const CR = 0x0d
const LF = 0x0a
const [B, F, H, M, S] = [0x42, 0x46, 0x48, 0x4d, 0x53]
const MOST_SEGMENTS = 4096
/** OBX ends at field 25 in version 2.8, PRT at 22. */
const MOST_FIELDS = 32
const LONGEST_FIELD = 512

/** One segment, nothing of it decoded yet: fields are looked up by number. */
export class Segment {
  readonly name: string
  readonly #bytes: Uint8Array
  readonly #delimiters: Delimiters
  /** Where each field starts; the first is the segment's name. */
  readonly #starts: number[]

  constructor(bytes: Uint8Array, delimiters: Delimiters) {
    this.#bytes = bytes
    this.#delimiters = delimiters
    this.#starts = [0]
    // In a header the separator itself is field 1 (§2.14.9.1).
    if (isHeaderName(bytes)) this.#starts.push(3)
    for (let at = bytes.indexOf(delimiters.field); at >= 0;) {
      const next = bytes.indexOf(delimiters.field, at + 1)
      if (this.#starts.length > MOST_FIELDS || isOtherSegment(bytes, at + 1, next)) break
      this.#starts.push(at + 1)
      at = next
    }
    this.name = this.field(0)
  }

  /** Text of a field as sent, empty when it is not there; at most 512 bytes of it are read. */
  field(number: number): string {
    const start = this.#starts[number]
    if (start === undefined) return ''
    const stop = this.#bytes.indexOf(this.#delimiters.field, start)
    const end = Math.min(stop < 0 ? this.#bytes.length : stop, start + LONGEST_FIELD)
    const bytes = this.#bytes.subarray(start, end)
    const text = utf8(bytes)
    return text.includes('\ufffd') ? latin1(bytes) : text.trim()
  }

  /** Repetitions of a field, each as its components. */
  repetitions(number: number): readonly (readonly string[])[] {
    const text = this.field(number)
    if (text === '') return []
    return text
      .split(this.#delimiters.repetition)
      .slice(0, 16)
      .map((one) => one.split(this.#delimiters.component).map((part) => this.#plain(part)))
  }

  /** Components of the first repetition of a field. */
  components(number: number): readonly string[] {
    return this.repetitions(number)[0] ?? []
  }

  /** Of subcomponents the first. */
  #plain(component: string): string {
    return component.split(this.#delimiters.subcomponent)[0]!.trim()
  }
}

/** Where a segment lost its end, the fields after it belong to the next one, which may be the patient's. */
function isOtherSegment(bytes: Uint8Array, start: number, next: number): boolean {
  const end = next < 0 ? bytes.length : next
  return end - start === 3 && OTHER_SEGMENTS.has(String.fromCharCode(...bytes.subarray(start, end)))
}

const OTHER_SEGMENTS: ReadonlySet<string> = new Set(
  'MSH MSA PID PD1 NK1 PV1 PV2 ORC OBR OBX NTE PRT AL1 DG1 IN1 GT1 ROL ZPI'.split(' '),
)

/** The segments of a message, bounded; a header sets the delimiters of what follows it. */
export function* segments(message: Uint8Array): Generator<Segment> {
  let delimiters: Delimiters | undefined
  let start = 0
  const next = { [CR]: -1, [LF]: -1 }
  // Each kind of end is looked for only once the last of it is behind: else the search grows with the square.
  const endAfter = (kind: typeof CR | typeof LF) => {
    if (next[kind] < start) {
      const found = message.indexOf(kind, start)
      next[kind] = found < 0 ? message.length : found
    }
    return next[kind]
  }
  for (let count = 0; count < MOST_SEGMENTS && start < message.length; count++) {
    const end = Math.min(endAfter(CR), endAfter(LF))
    const from = start
    start = end + 1
    // Thousands of empty lines must cost next to nothing.
    if (end - from < 3) continue
    const bytes = message.subarray(from, end)
    if (isHeaderName(bytes)) delimiters = delimitersOf(bytes)
    if (delimiters !== undefined && bytes.length > 3) yield new Segment(bytes, delimiters)
  }
}

/** MSH, and the headers of files and batches, which are made alike. */
export function isHeaderName(bytes: Uint8Array, at = 0): boolean {
  const [second, third] = [bytes[at + 1], bytes[at + 2]]
  if (bytes[at] === M) return second === S && third === H
  return (bytes[at] === F || bytes[at] === B) && second === H && third === S
}

/** Undefined when what stands there cannot be delimiters. */
export function delimitersOf(header: Uint8Array): Delimiters | undefined {
  const [field = 0, ...rest] = header.subarray(3, 8)
  if (!isPunctuation(field)) return undefined
  const own = rest.slice(0, rest.indexOf(field) < 0 ? 4 : rest.indexOf(field))
  const character = (at: number, usual: string) => {
    const code = own[at]
    return code !== undefined && isPunctuation(code) ? String.fromCharCode(code) : usual
  }
  return {
    field,
    component: character(0, '^'),
    repetition: character(1, '~'),
    subcomponent: character(3, '&'),
  }
}

function isPunctuation(code: number): boolean {
  if (code <= 0x20 || code > 0x7e) return false
  return !/[0-9A-Za-z]/.test(String.fromCharCode(code))
}
