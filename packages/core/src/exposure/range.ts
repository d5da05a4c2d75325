import { findDay, findSpan, isDated } from './date.ts'
import { normalizeVersion, relate } from './version.ts'

/** One statement of a range; a range holds when one of its clauses does. */
export type Clause =
  | { readonly kind: 'all' }
  | { readonly kind: 'exact'; readonly version: string }
  | { readonly kind: 'branch'; readonly prefix: string }
  | { readonly kind: 'interval'; readonly lower?: Bound; readonly upper?: Bound }
  | { readonly kind: 'before-day'; readonly day: string | undefined; readonly isIncluded: boolean }
  | { readonly kind: 'name'; readonly name: string }
  /** Days of making or shipping, where it names them, clear what is of another time. */
  | { readonly kind: 'unclear'; readonly text: string; readonly days?: DaySpan }

export type DaySpan = NonNullable<ReturnType<typeof findSpan>>

export interface Bound {
  readonly version: string
  readonly isIncluded: boolean
  /** How many places were left open: one in `11.x`, two in `12.2.x.x`. */
  readonly open: number
}

/** What must hold besides the version. */
export type Condition =
  | { readonly kind: 'component'; readonly component: string; readonly range: Range }
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'models'; readonly models: readonly string[] }
  | { readonly kind: 'os'; readonly text: string }

export interface Range {
  readonly clauses: readonly (Clause & { readonly when?: Condition })[]
}

const ALL = /^(?:vers:(?:all|[a-z]+)\/\*|\*|-|all(?: versions?)?|any)$/i
const COMPONENT = /^([^()]+?)\s*\(\s*(?:with\s+)?([a-z ]*?modules?)\b\s*\(?(.*?)\)*$/i
const NUMBERED = /^(.+?)\s+model\s+([A-Z0-9-]+)$/i
const ON_SYSTEM = /^(.+?)\s+(?:(?:running\s+)?on\s+(.*(?:windows|linux|operating system).*))$/i
const FOR_MODELS = /^\(\s*([A-Z0-9/, -]+?)\s+for\s+(.+?)(?:\s+only)?\s*\)$/i
const COMPARATOR = /(<=|>=|<|>|=)/

/** Reads the range text of an advisory. What is not understood is a clause of its own, never nothing. */
export function parseRange(text: string): Range {
  const whole = tidy(text)
  if (ALL.test(whole)) return { clauses: [{ kind: 'all' }] }
  const component = COMPONENT.exec(whole)
  if (component) return underComponent(component)
  const numbered = NUMBERED.exec(whole)
  if (numbered)
    return under(parseRange(numbered[1] ?? ''), { kind: 'number', number: numbered[2] ?? '' })
  const system = ON_SYSTEM.exec(whole)
  if (system) return under(parseRange(system[1] ?? ''), { kind: 'os', text: system[2] ?? '' })
  const release = /^\((?:release|version)s?\s+([^()]+)\)$/i.exec(whole)
  if (release) return { clauses: (release[1] ?? '').split(/[\s,]+/).map(clauseOfValue) }
  const clauses = splitAlternatives(whole).flatMap(clausesOfPart).reduce(joinBounds, [])
  return { clauses: clauses.length > 0 ? clauses : [{ kind: 'unclear', text }] }
}

/** `vers:all/<V4.1.0` and `All versions < V4.1.0` are `< V4.1.0`; some write `=<`, or `_` for a blank. */
function tidy(text: string): string {
  return text
    .replace(/[\s_]+/g, ' ')
    .replace(/=([<>])/g, '$1=')
    .replace(/vers:(?:all)?\/\s*(?!\*)/g, '')
    .replace(/^\s*all versions\s+(?=[<>])/i, '')
    .replace(/\s+including (?:all )?hot ?fix(?:es)?\b/gi, '')
    .trim()
}

/** True when no clause of the range is unclear. */
export function isUnderstood({ clauses }: Range): boolean {
  return clauses.every(
    (clause) =>
      clause.kind !== 'unclear' &&
      (clause.when?.kind !== 'component' || isUnderstood(clause.when.range)),
  )
}

function underComponent([, version = '', component = '', inner = '']: RegExpExecArray): Range {
  const when = { kind: 'component', component: component.trim(), range: parseRange(inner) } as const
  return under(parseRange(version), when)
}

/** The range where a condition holds besides. */
export function under({ clauses }: Range, when: Condition): Range {
  return { clauses: clauses.map((clause) => ({ ...clause, when })) }
}

/** A bar inside brackets does not separate. */
function splitAlternatives(text: string): readonly string[] {
  const parts = ['']
  let depth = 0
  for (const letter of text) {
    depth += letter === '(' ? 1 : letter === ')' ? -1 : 0
    if (letter === '|' && depth <= 0) parts.push('')
    else parts[parts.length - 1] += letter
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

type Clauses = Range['clauses']

function clausesOfPart(part: string): Clauses {
  const models = FOR_MODELS.exec(part)
  if (models) {
    const names = (models[1] ?? '').split(/[/,]/).map((name) => name.trim())
    return under(parseRange(models[2] ?? ''), { kind: 'models', models: names }).clauses
  }
  const days = findSpan(part)
  if (days !== undefined) return [{ kind: 'unclear', text: part, days }]
  const text = withoutRemarks(part)
  if (text === '') return [{ kind: 'unclear', text: part }]
  if (isDated(text)) return [clauseOfDay(text)]
  if (ALL.test(text)) return [{ kind: 'all' }]
  if (!COMPARATOR.test(text)) return clausesOfWords(text)
  return clausesOfComparators(text)
}

const REMARK = /\s*\((?![^)]*\d[^)]*\.\d)(?:[^()]*[a-z]{2,}[^()]*|u\.?s\.?a?\.?)\)/gi

/** Remarks in brackets say where it is sold or built in, not which version it is. */
function withoutRemarks(part: string): string {
  return part.replace(REMARK, (found) => (/build/i.test(found) ? found : '')).trim()
}

/** `A10 < A11` and `A.01 <= C.0x` mean both ends; `v17D19 >= 20D29` are two statements. */
function clausesOfComparators(text: string): Clauses {
  const [head = '', ...rest] = text.split(COMPARATOR).map((piece) => piece.trim())
  const bounds: (readonly [string, string])[] = []
  for (let at = 0; at + 1 < rest.length; at += 2) bounds.push([rest[at] ?? '', rest[at + 1] ?? ''])
  if (bounds.some(([, value]) => value === '' || isProse(value))) return [{ kind: 'unclear', text }]
  const first = bounds[0]
  if (head !== '' && first?.[0].startsWith('<')) {
    if (isProse(head)) return [{ kind: 'unclear', text }]
    // `NMC2 <= 6.9.6` names the part whose version it is.
    if (relate(head, first[1]).order === undefined) {
      return bounds.map(([comparator, value]) => clauseOfComparator(comparator, value))
    }
    const upper = { ...boundOf(first[1]), isIncluded: true }
    return [{ kind: 'interval', lower: boundOf(head), upper }]
  }
  const own = head === '' ? [] : clausesOfWords(head)
  return [...own, ...bounds.map(([comparator, value]) => clauseOfComparator(comparator, value))]
}

function clauseOfComparator(comparator: string, value: string): Clause {
  if (comparator === '=') return clauseOfValue(value)
  const isIncluded = comparator.endsWith('=')
  if (comparator.startsWith('>')) {
    return { kind: 'interval', lower: { ...boundOf(value), isIncluded } }
  }
  return { kind: 'interval', upper: { ...boundOf(value), isIncluded } }
}

/** Joins a lower bound with the upper bound that follows it; everything else stays an alternative. */
function joinBounds(done: Clauses, clause: Clauses[number]): Clauses {
  const last = done.at(-1)
  const isPair =
    last?.kind === 'interval' &&
    clause.kind === 'interval' &&
    last.upper === undefined &&
    clause.lower === undefined &&
    clause.upper !== undefined
  if (!isPair || clause.kind !== 'interval' || clause.upper === undefined) return [...done, clause]
  return [...done.slice(0, -1), { ...last, upper: clause.upper }]
}

const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/^(.+?)\s+(?:and|or)\s+(?:below|prior|earlier|lower|older|previous)\b.*$/i, '<='],
  [/^up to(?: and including)?\s+(.+)$/i, '<='],
  [/^(.+?)\s+(?:and|or)\s+(?:above|later|newer|higher|after)\b.*$/i, '>='],
  [/^back to\s+(.+)$/i, '>='],
  [/^(?:all\s+)?(?:versions?\s+)?(?:prior to|before|earlier than)\s+(.+)$/i, '<'],
]
const BETWEEN = /^(\S+)\s+(?:through|to)\s+(\S+)$/i
const LETTERS = /^(?:rev(?:ision)?s?\.?\s+)?([A-Z])\s*-\s*([A-Z])$/i
const DOUBLE_REVISION = /^([A-Z]\.\d+)\.([A-Z]\.\d+)$/i

function clausesOfWords(text: string): Clauses {
  const bound = PHRASES.find(([pattern]) => pattern.test(text))
  if (bound) {
    const value = bound[0].exec(text)?.[1] ?? ''
    return [isProse(value) ? { kind: 'unclear', text } : clauseOfComparator(bound[1], value)]
  }
  const pair = LETTERS.exec(text) ?? BETWEEN.exec(text)
  if (pair) {
    const lower = { ...boundOf(pair[1] ?? ''), isIncluded: true }
    return [{ kind: 'interval', lower, upper: boundOf(pair[2] ?? '') }]
  }
  const revisions = DOUBLE_REVISION.exec(text)
  if (revisions) return revisions.slice(1, 3).map(clauseOfValue)
  const list = text.split(/\s+(?:and|\/)\s+|,\s+(?=\d)/i)
  if (list.length > 1 && list.every(isNumbered)) return list.map(clauseOfValue)
  return [clauseOfValue(text)]
}

function isNumbered(text: string): boolean {
  return /^[A-Z]{0,3}\d[\w.-]*$/i.test(text)
}

function clauseOfValue(text: string): Clause {
  const value = normalizeVersion(text)
  if (isLabelled(text) || /^(?:with|using|windows|including)\b/i.test(text.trim())) {
    return { kind: 'unclear', text }
  }
  if (isName(text)) return { kind: 'name', name: text.trim() }
  const branch = /^(.*?)(?:[.\s]?x)+$/i.exec(value)
  if (branch?.[1] !== undefined && /\d/.test(branch[1]))
    return { kind: 'branch', prefix: branch[1] }
  return value === '' ? { kind: 'unclear', text } : { kind: 'exact', version: text.trim() }
}

/** `Version A, Firmware A.03.09, Part #: M8096`: several labels, each of another part. */
function isLabelled(text: string): boolean {
  return /,\s*(?:firmware|part|hardware|software)\b/i.test(text)
}

/** A catalogue number or a product name stands where a version should. */
function isName(text: string): boolean {
  const value = text.trim()
  if (/^\d{3,8}[a-z]?$/i.test(value) || /^[A-Z]{1,4}[- ]?\d{3,}[A-Z]?$/i.test(value)) return true
  if (/^[A-Z]{2,5}-(?:[A-Z]{2} )?\d{3}/i.test(value) || /^\d{4,} \S+$/.test(value)) return true
  const words = normalizeVersion(value).match(/[a-z][a-z-]*[a-z]|\d+(?:\.\d+)*/gi) ?? []
  const names = words.filter((word) => /^[a-z-]{3,}$/i.test(word) && !VERSION_WORDS.has(word))
  return names.length > 0 && !/\d+\.\d+\.\d+/.test(value) && !/^\d+\.\d/.test(value)
}

const VERSION_WORDS = new Set(['build', 'cramfs', 'edition', 'smart', 'wlan', 'mce'])

function isProse(value: string): boolean {
  const words = normalizeVersion(value).match(/[a-z]{3,}/g) ?? []
  return words.filter((word) => !VERSION_WORDS.has(word)).length > 1
}

function boundOf(text: string): Bound {
  const open = text.match(/\bx\b/gi)?.length ?? 0
  const partial = /^(.*\d)x$/i.exec(text.trim())
  if (partial) return { version: `${partial[1]}9`, isIncluded: true, open: 0 }
  return { version: open > 0 ? floorOf(text) : text.trim(), isIncluded: true, open }
}

/** `3.x` without its open places. */
function floorOf(text: string): string {
  return text.trim().replace(/(?:\.?x)+$/i, '')
}

function clauseOfDay(part: string): Clause {
  if (!/<|prior to|before/i.test(part)) return { kind: 'unclear', text: part }
  return { kind: 'before-day', day: findDay(part), isIncluded: part.includes('<=') }
}
