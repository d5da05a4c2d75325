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
  /** Lower-case texts of which every match contains at least one; an empty one when none is known. */
  readonly oneOf: readonly string[]
}

/** What stands in every match of a part: literal runs in order, and sets of texts of which one stands there. */
interface Held {
  readonly runs: string[]
  readonly choices: (readonly string[])[]
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
  const held = parser.parse()
  const oneOf = bestOf(held).map((text) => text.toLowerCase())
  const regex = new RegExp(source, ignoreCase ? 'iu' : 'u')
  return { source, literal: literalOf(held.runs, source), oneOf, regex }
}

const NOTHING: Held = { runs: [], choices: [] }

/** The texts that say most of a value without them: the set whose shortest is longest. */
function bestOf({ runs, choices }: Held): readonly string[] {
  const shortest = (texts: readonly string[]) => Math.min(...texts.map(({ length }) => length))
  const sets = [...runs.map((run) => [run]), ...choices]
  return sets.reduce((best, set) => (shortest(set) > shortest(best) ? set : best), [''])
}

/** Holds the place in one pattern while it is read. */
class Parser {
  readonly #source: string
  #at = 0
  #unbounded = 0

  constructor(source: string) {
    this.#source = source
  }

  parse(): Held {
    const held = this.#alternatives(0)
    if (this.#at < this.#source.length) throw new Error('closes a group that is not open')
    if (this.#unbounded > MOST_UNBOUNDED)
      throw new Error(`repeats without bound ${this.#unbounded} times, at most ${MOST_UNBOUNDED}`)
    return held
  }

  /** Of alternatives each holds something else: one of that. */
  #alternatives(depth: number): Held {
    if (depth > 5) throw new Error('nests groups deeper than 5')
    const before = this.#unbounded
    const first = this.#sequence(depth)
    const others: Held[] = []
    let most = this.#unbounded
    while (this.#source[this.#at] === '|') {
      this.#at++
      this.#unbounded = before
      others.push(this.#sequence(depth))
      most = Math.max(most, this.#unbounded)
    }
    this.#unbounded = most
    if (others.length === 0) return first
    return { runs: [], choices: [[first, ...others].flatMap(bestOf)] }
  }

  #sequence(depth: number): Held {
    const runs = ['']
    const choices: (readonly string[])[] = []
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const before = this.#unbounded
      const atom = this.#atom(depth)
      const { least, most } = this.#quantifier()
      if (most > MOST_NESTED && this.#unbounded > before)
        throw new Error('repeats something that repeats without bound')
      if (most === Infinity) this.#unbounded++
      if (typeof atom === 'string' && least === 1 && most === 1) runs[runs.length - 1] += atom
      else {
        const held = typeof atom === 'object' && least > 0 ? atom : NOTHING
        runs.push(...held.runs, '')
        choices.push(...held.choices)
      }
    }
    return { runs, choices }
  }

  /** One literal character, what a group holds, or undefined for what can be many characters. */
  #atom(depth: number): string | Held | undefined {
    const first = this.#source[this.#at++] ?? ''
    if (first === '(') return this.#group(depth)
    if (first === '[') return this.#class()
    if (first === '\\') return this.#escape()
    if (first === '^' || first === '$') return NOTHING
    if ('*+?{'.includes(first)) throw new Error(`has a "${first}" that repeats nothing`)
    return first === '.' ? undefined : first
  }

  #group(depth: number): Held {
    if (this.#source[this.#at] === '?') {
      if (this.#source[this.#at + 1] !== ':')
        throw new Error('uses lookaround, a named group or flags inside the pattern')
      this.#at += 2
    }
    const held = this.#alternatives(depth + 1)
    if (this.#source[this.#at++] !== ')') throw new Error('leaves a group open')
    return held
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
