import type { Device, Match, ProductStatus, Verdict } from '../vocabulary.ts'
import type { Candidate } from './advisory-index.ts'
import type { Entry } from './entry.ts'
import { deviceWords } from './advisory-index.ts'
import { memoized } from '../identity/memo.ts'
import type { Answer } from './range-answer.ts'
import { answerOf, anyOf, isAllInDays } from './range-answer.ts'
import { answerOfName, isNamed, toldBy } from './named-clause.ts'
import type { Condition, Range } from './range.ts'
import { isUnderstood } from './range.ts'
import { normalizeVersion, relate } from './version.ts'
import { deviceIdentifierOf, isListed } from './catalogue.ts'
import { answerOfNumber as answerOfNumbers } from './number-range.ts'
import { answerOfClause, answerOfPlain } from './plain-range.ts'
import { answerOfSystem } from './platform.ts'
import { joinNumbers, tellingWords, wordsOf } from './words.ts'

/** What one affected product says about a device. */
export interface Judgement {
  readonly verdict: Exclude<Verdict, 'unknown'>
  readonly reason: string
  readonly missing?: NonNullable<Match['missing']>
  /** The version counts in another scheme than the range does. */
  readonly isOtherScheme?: boolean
  /** Does a version of the range count in the scheme of this one? Asked for few of very many. */
  readonly isOwnScheme?: () => boolean
}

/** Holds a device against one product of an advisory whose maker and model fit; undefined where it says nothing. */
export function judge(device: Device, { entry, likeness }: Candidate): Judgement | undefined {
  const { product, range } = entry
  const own = device.version?.trim() === '' ? undefined : device.version
  const version = own ?? versionInModel(device, entry)
  if (product.status !== undefined && product.status !== 'affected') {
    // Which product the device is has to be sure before one is cleared.
    return likeness.kind === 'vague'
      ? undefined
      : judgeStatus(device, version, entry, product.status)
  }
  const answer = answerOfRange(device, version, range, entry)
  if (answer === 'out') {
    if (contradicts(device, version, entry, 'in')) return disputed(entry, version)
    const isOwnScheme = () => version !== undefined && countsAlike(device, range, version)
    return { verdict: 'not-affected', reason: outside(entry, version), isOwnScheme }
  }
  if (likeness.kind === 'vague') {
    const reason = `${product.product} is affected, and "${device.model}" may be one.`
    return { verdict: 'possibly-affected', reason, missing: 'model' }
  }
  const numbered = judgeNumbers(device, entry, answer)
  if (numbered !== undefined) return numbered
  if (answer === 'in') {
    if (contradicts(device, version, entry, 'out')) return disputed(entry, version)
    return { verdict: 'affected', reason: inside(entry, version), isOwnScheme: always }
  }
  const isOtherScheme = version !== undefined && countsOtherwise(range, version)
  return { ...possibly(entry, version), ...(isOtherScheme && { isOtherScheme }) }
}

const always = () => true

/**
 * A version that the name of the model ends with, `IntelliSpace Portal 8.0`. What was installed over it is not said, so it
 * decides only where every build of it would be answered alike, and clears only where the advisory names its product in
 * the same way: `1.5` may also say how strong a magnet is. What the advisory's own name ends with too is part of the name.
 */
function versionInModel(device: Device, entry: Entry): string | undefined {
  const version = versionAtEnd(device.model)
  if (version === undefined) return undefined
  const named = versionAtEnd(entry.product.product)
  if (named !== undefined && normalizeVersion(named) === normalizeVersion(version)) {
    return entry.product.range === 'vers:all/*' ? version : undefined
  }
  const answer = answerOfRange(device, version, entry.range, entry)
  const isExact = answer === 'in' && entry.range.clauses.every(({ kind }) => kind === 'exact')
  if (!isExact && answer !== answerOfRange(device, `${version}.99999`, entry.range, entry)) {
    return undefined
  }
  return answer === 'in' || named !== undefined ? version : undefined
}

/** `3.0T` is how strong a magnet is. */
const MODEL_VERSION =
  /(?<=\s)(?:v|ver|version|rel|release|r|rev)?\.?\s?(\d+\.\d+(?:\.[\dx]+)*[a-su-z]?)\s*$/i

const versionAtEnd = memoized((name) => MODEL_VERSION.exec(name)?.[1])

function countsOtherwise({ clauses }: Range, version: string): boolean {
  return clauses.every((clause) => answerOf(clause, version) === 'other')
}

function countsAlike(device: Device, { clauses }: Range, version: string): boolean {
  return clauses.some((one) => {
    const clause = toldBy(device, one)
    if (clause.kind === 'exact') return relate(version, clause.version).order !== undefined
    if (clause.kind === 'branch') return relate(version, clause.prefix).order !== undefined
    return clause.kind === 'interval' && answerOf(clause, version) !== 'other'
  })
}

/** A line of an advisory that says what is fixed or not affected clears what it surely means, and nothing else. */
function judgeStatus(
  device: Device,
  version: string | undefined,
  entry: Entry,
  status: Exclude<ProductStatus, 'affected'>,
): Judgement | undefined {
  const { product, range, advisory } = entry
  if (answerOfRange(device, version, range, entry) !== 'in') return undefined
  const name = `${product.product} ${product.range}`
  if (status === 'under-investigation') {
    const reason = `Whether ${name} is affected is under investigation at ${advisory.source}.`
    return { verdict: 'possibly-affected', reason }
  }
  const said = status === 'fixed' ? 'fixed' : 'not affected'
  return { verdict: 'not-affected', reason: `${name} is ${said}, as ${advisory.source} says.` }
}

/** Serial, lot and catalogue numbers that an entry lists confirm or clear; one that is not known leaves it open. */
function judgeNumbers(
  device: Device,
  { product, codes, range }: Entry,
  answer: Answer,
): Judgement | undefined {
  const { product: name, serials, lots } = product
  if (serials === undefined && lots === undefined && codes === undefined) return undefined
  const answers = [
    ['serial', serials && answerOfNumbers(device.serial, serials)],
    ['lot', lots && answerOfNumbers(device.lot, lots)],
  ] as const
  const known = answers.filter(([, one]) => one !== undefined)
  const cleared = known.find(([, one]) => one === 'out')
  if (cleared !== undefined && known.every(([, one]) => one === 'out')) {
    const reason = `${name} is affected in certain ${cleared[0]} numbers, and ${device[cleared[0]] ?? ''} is none of them.`
    return { verdict: 'not-affected', reason }
  }
  const open = known.find(([, one]) => one === 'maybe')
  if (open !== undefined && !known.some(([, one]) => one === 'in')) {
    const reason = `${name} is affected in certain ${open[0]} numbers; that of this one is not known.`
    return { verdict: 'possibly-affected', reason, missing: open[0] }
  }
  // A version that the recall names decides without the number.
  const isTold = range.clauses.every(({ kind }) => kind !== 'all')
  const isNamed = known.length > 0 || codes === undefined || answer !== 'in' || isTold
  if (
    isNamed ||
    isListed(`${device.model} ${device.catalogue ?? ''} ${device.version ?? ''}`, codes)
  )
    return undefined
  if (device.udi !== undefined && product.udis?.includes(deviceIdentifierOf(device.udi)))
    return undefined
  const reason = `${name} is affected in certain catalogue numbers; that of this one is not known.`
  return { verdict: 'possibly-affected', reason, missing: 'catalogue' }
}

function contradicts(
  device: Device,
  version: string | undefined,
  entry: Entry,
  other: 'in' | 'out',
): boolean {
  const { stated } = entry
  if (stated === undefined || version === undefined) return false
  return answerOfRange(device, version, stated, entry) === other
}

/** An unseen version is never outside a range. */
function answerOfRange(device: Device, version: string | undefined, range: Range, entry?: Entry) {
  const plain = answerOfPlain(range, version)
  if (plain !== undefined) return plain
  const answers = clausesFor(device, range).map((clause): Answer => {
    const own =
      clause.kind === 'name' ? answerOfName(device, version, clause.name, entry) : undefined
    const plain =
      own ??
      answerOfUnclear(device, version, clause) ??
      answerOfClause(toldBy(device, clause), version)
    return clause.when === undefined ? plain : both(plain, device, clause.when)
  })
  return anyOf(answers)
}

/** What the device tells besides its version: a system that the text begins with, an option within its days of shipping. */
function answerOfUnclear(
  device: Device,
  version: string | undefined,
  clause: Range['clauses'][number],
): Answer | undefined {
  if (clause.kind !== 'unclear') return undefined
  const { text, days } = clause
  if (/^windows\b/i.test(text.trim()) && answerOfSystem(device, text) === 'out') return 'out'
  const option = /^with (?:the )?([\w -]+?) \(shipped\b/i.exec(text.trim())?.[1]
  if (option === undefined || days === undefined || version === undefined) return undefined
  const apart = wordsOf(`${device.model} ${version}`)
  const own = new Set([...apart, ...apart.map((word, at) => word + (apart[at + 1] ?? ''))])
  const isMet = tellingWords(option).every((word) => own.has(word))
  return isMet && isAllInDays(version, days) ? 'in' : undefined
}

/** A device that a clause names is judged by that clause alone: `Rev J-M | (X3 for Rev M only)`. */
function clausesFor(device: Device, { clauses }: Range): Range['clauses'] {
  const own = clauses.filter(
    ({ when }) => when?.kind === 'models' && answerOfCondition(device, when) === 'in',
  )
  return own.length > 0 ? own : clauses
}

function both(plain: Answer, device: Device, when: Condition): Answer {
  if (plain === 'out') return 'out'
  const other = answerOfCondition(device, when)
  if (other === 'out') return 'out'
  return plain === 'in' && other === 'in' ? 'in' : plain === 'in' ? other : plain
}

function answerOfCondition(device: Device, when: Condition): Answer {
  switch (when.kind) {
    case 'component':
      return answerOfComponent(device, when.component, when.range)
    case 'number':
      return answerOfNumber(device, when.number)
    case 'models':
      return when.models.some((name) => isNamed(joinNumbers(wordsOf(name)), deviceWords(device)))
        ? 'in'
        : 'out'
    case 'os':
      return answerOfSystem(device, when.text)
  }
}

function answerOfComponent(device: Device, component: string, range: Range): Answer {
  const wanted = tellingWords(component)
  const found = Object.entries(device.components ?? {}).find(([name]) => {
    const own = tellingWords(name).map((word) => word.replace(/s$/, ''))
    return wanted.some((word) => own.includes(word.replace(/s$/, '')))
  })
  return found === undefined ? 'maybe' : answerOfRange(device, found[1], range)
}

/** The version tells the model line, so the number only decides where the device has another of its kind. */
function answerOfNumber(device: Device, number: string): Answer {
  const wanted = number.toLowerCase()
  const digits = /^\d+/.exec(wanted)?.[0] ?? wanted
  const sisters = deviceWords(device).filter((word) => word.startsWith(digits))
  return sisters.length === 0 || sisters.includes(wanted) ? 'in' : 'out'
}

function possibly({ product, range }: Entry, version: string | undefined): Judgement {
  const { product: name, range: text } = product
  const verdict = 'possibly-affected'
  const day = range.clauses.some(({ kind }) => kind === 'before-day')
  if (day) {
    const reason = `${name} made or shipped in time of "${text}" is affected; the date is not known.`
    return { verdict, reason, missing: 'serial' }
  }
  if (range.clauses.some(({ when }) => when?.kind === 'os')) {
    return { verdict, reason: `${name} is affected on one system only: "${text}".`, missing: 'os' }
  }
  if (range.clauses.every(({ kind }) => kind === 'name')) {
    return { verdict, reason: `${name} is affected where it is "${text}".`, missing: 'model' }
  }
  if (!isUnderstood(range)) {
    const reason = `${name} is affected in "${text}", which has to be read by a person.`
    return { verdict, reason, ...(version === undefined && { missing: 'firmware' as const }) }
  }
  if (version === undefined) {
    const reason = `${name} is affected in ${text}; the version of this one is not known.`
    return { verdict, reason, missing: 'firmware' }
  }
  const reason = `${name} is affected in ${text}; whether ${version} is in it cannot be said.`
  return { verdict, reason, missing: 'firmware' }
}

function inside({ product, range }: Entry, version: string | undefined): string {
  const isAll = range.clauses.some(({ kind, when }) => kind === 'all' && when === undefined)
  if (isAll) return `Every version of ${product.product} is affected.`
  if (version === undefined) return `${product.product} is affected: ${product.range}.`
  return `${product.product} is affected in ${product.range}, and this one is ${version}.`
}

function outside({ product }: Entry, version: string | undefined): string {
  if (version !== undefined && product.range === 'vers:all/*') {
    return `Only ${product.product} is affected, and this one is ${version}.`
  }
  return version === undefined
    ? `${product.product} is affected only as ${product.range}, and this is another model.`
    : `${product.product} is affected only in ${product.range}, and this one is ${version}.`
}

function disputed({ product }: Entry, version: string | undefined): Judgement {
  const { product: name, range, stated = '' } = product
  const reason = `The advisory contradicts itself on ${name}: its table says ${range}, its text ${stated}; this one is ${version ?? 'unknown'}.`
  return { verdict: 'disputed', reason }
}
