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

const MOST_UNBOUNDED = 4
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
    let runs: string[] | undefined = this.#sequence(depth)
    while (this.#source[this.#at] === '|') {
      this.#at++
      this.#sequence(depth)
      runs = undefined
    }
    return runs
  }

  #sequence(depth: number): string[] {
    const runs = ['']
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const before = this.#unbounded
      const atom = this.#atom(depth)
      const { isOptional, isRepeated, isUnbounded } = this.#quantifier()
      if (isRepeated && this.#unbounded > before)
        throw new Error('repeats something that repeats without bound')
      if (isUnbounded) this.#unbounded++
      if (typeof atom === 'string' && !isOptional && !isRepeated) runs[runs.length - 1] += atom
      else runs.push(...(Array.isArray(atom) && !isOptional ? atom : []), '')
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

  #quantifier(): { isOptional: boolean; isRepeated: boolean; isUnbounded: boolean } {
    const found = QUANTIFIER.exec(this.#source.slice(this.#at))
    if (!found) return { isOptional: false, isRepeated: false, isUnbounded: false }
    this.#at += found[0].length
    const sign = found[0][0]
    if (sign === '?') return { isOptional: true, isRepeated: false, isUnbounded: false }
    if (sign === '{') return boundsOf(found)
    return { isOptional: sign === '*', isRepeated: true, isUnbounded: true }
  }
}

function boundsOf(found: RegExpExecArray) {
  const isUnbounded = found[2] === ','
  const isExact = found[2] === undefined
  if (Number(isExact ? found[1] : (found[3] ?? 0)) > 1000)
    throw new Error('repeats more than 1000 times')
  return { isOptional: found[1] === '0', isRepeated: true, isUnbounded }
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
