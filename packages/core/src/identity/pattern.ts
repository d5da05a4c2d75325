/** What a pattern asks of a value before the regular expression needs to run. */
export interface Literal {
  /** Lower-case text that every match contains; empty when none is known. */
  readonly text: string
  /** Where it must stand: the whole value, at its start, or anywhere. */
  readonly place: 'whole' | 'start' | 'anywhere'
}

/** A pattern of the safe subset, ready to run. */
export interface Pattern {
  readonly source: string
  readonly regex: RegExp
  readonly literal: Literal
}

/** Repetitions without bound that one match may go through. */
const MOST_UNBOUNDED = 5
/** Times that something may be repeated which itself repeats without bound. */
const MOST_NESTED = 4
const MOST_TIMES = 1000
const CLASS_ESCAPES = 'dDwWsSbBnrtfv0xu'
const QUANTIFIER = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/

/**
 * Compiles a pattern of the subset that every linear-time engine runs: no lookaround, no backreference, no named
 * group, no repetition inside a repetition. Throws an Error that says what is wrong.
 */
export function compilePattern(source: string, ignoreCase = false): Pattern {
  const parser = new Parser(source)
  const literal = parser.parse()
  return { source, literal, regex: new RegExp(source, ignoreCase ? 'iu' : 'u') }
}

/** Holds the place in one pattern while it is read. */
class Parser {
  readonly #source: string
  #at = 0
  #unbounded = 0

  constructor(source: string) {
    this.#source = source
  }

  parse(): Literal {
    const runs = this.#alternatives(0)
    if (this.#at < this.#source.length) throw new Error('closes a group that is not open')
    if (this.#unbounded > MOST_UNBOUNDED)
      throw new Error(`repeats without bound ${this.#unbounded} times, at most ${MOST_UNBOUNDED}`)
    return literalOf(runs ?? [], this.#source)
  }

  /** Literal runs that every match holds, in order; undefined when there are alternatives. */
  #alternatives(depth: number): string[] | undefined {
    if (depth > 5) throw new Error('nests groups deeper than 5')
    const before = this.#unbounded
    let runs: string[] | undefined = this.#sequence(depth)
    let most = this.#unbounded
    while (this.#source[this.#at] === '|') {
      this.#at++
      this.#unbounded = before
      this.#sequence(depth)
      most = Math.max(most, this.#unbounded)
      runs = undefined
    }
    this.#unbounded = most
    return runs
  }

  #sequence(depth: number): string[] {
    const runs = ['']
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const before = this.#unbounded
      const atom = this.#atom(depth)
      const { least, most } = this.#quantifier()
      if (most > MOST_NESTED && this.#unbounded > before)
        throw new Error('repeats something that repeats without bound')
      if (most === Infinity) this.#unbounded++
      if (typeof atom === 'string' && least === 1 && most === 1) runs[runs.length - 1] += atom
      else runs.push(...(Array.isArray(atom) && least > 0 ? atom : []), '')
    }
    return runs
  }

  /** One literal character, the runs of a group, or undefined for what can be many characters. */
  #atom(depth: number): string | string[] | undefined {
    const first = this.#source[this.#at++] ?? ''
    if (first === '(') return this.#group(depth)
    if (first === '[') return this.#class()
    if (first === '\\') return this.#escape()
    if (first === '^' || first === '$') return []
    if ('*+?{'.includes(first)) throw new Error(`has a "${first}" that repeats nothing`)
    return first === '.' ? undefined : first
  }

  #group(depth: number): string[] | undefined {
    if (this.#source[this.#at] === '?') {
      if (this.#source[this.#at + 1] !== ':')
        throw new Error('uses lookaround, a named group or flags inside the pattern')
      this.#at += 2
    }
    const runs = this.#alternatives(depth + 1)
    if (this.#source[this.#at++] !== ')') throw new Error('leaves a group open')
    return runs
  }

  #class(): undefined {
    const close = /^\^?(?:\\.|[^\]\\])*\]/u.exec(this.#source.slice(this.#at))
    if (!close) throw new Error('leaves a character class open')
    this.#at += close[0].length
    return undefined
  }

  #escape(): string | undefined {
    const escaped = this.#source[this.#at++] ?? ''
    if (/[1-9k]/.test(escaped)) throw new Error('uses a backreference')
    if (/[pP]/.test(escaped)) throw new Error('uses a Unicode property')
    return CLASS_ESCAPES.includes(escaped) ? undefined : escaped
  }

  /** How often the atom before may stand. */
  #quantifier(): { least: number; most: number } {
    const found = QUANTIFIER.exec(this.#source.slice(this.#at))
    if (!found) return { least: 1, most: 1 }
    this.#at += found[0].length
    const sign = found[0][0]
    if (sign !== '{') return { least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Infinity }
    const least = Number(found[1])
    const isExact = found[2] === undefined
    const most = isExact ? least : found[3] === '' ? Infinity : Number(found[3])
    if (most !== Infinity && most > MOST_TIMES)
      throw new Error(`repeats more than ${MOST_TIMES} times`)
    return { least, most }
  }
}

function literalOf(runs: readonly string[], source: string): Literal {
  const isPlain = runs.length <= 3 && runs.filter((run) => run !== '').length === 1
  const text = runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '')
  const plain = source.replace(/\\(.)/gu, '$1')
  if (isPlain && plain === `^${text}$`) return { text: text.toLowerCase(), place: 'whole' }
  if (text !== '' && plain.startsWith(`^${text}`))
    return { text: text.toLowerCase(), place: 'start' }
  return { text: text.toLowerCase(), place: 'anywhere' }
}
