import { addDays } from './schedule.ts'

export const RULE_FIELDS = [
  'type',
  'category',
  'manufacturer',
  'model',
  'os',
  'name',
  'unit',
  'room',
  'tag',
  'regulated',
  'clinical',
  'lifeSupport',
  'connected',
] as const
export type RuleField = (typeof RULE_FIELDS)[number]

/** Dates of a device, each at most one ISO date. */
export const RULE_DATES = ['warrantyUntil', 'maintenanceDue', 'endOfSupport', 'lastSeen'] as const
export type RuleDate = (typeof RULE_DATES)[number]

/** What rules may ask of a device. A field can have several values (tags); an empty list: nothing is known. */
export type RuleFacts = Readonly<Record<RuleField, readonly string[]>> &
  Readonly<Partial<Record<RuleDate, readonly string[]>>>

/** What a date must be today. A date that is not known is neither. */
export type DateCondition =
  /** So many whole days are over since the date; 0: it has passed. */
  | { readonly date: RuleDate; readonly pastDays: number }
  /** It is today, or comes within so many days. */
  | { readonly date: RuleDate; readonly withinDays: number }

/** Values are held against each other without regard of case and of spaces around. */
export type Condition =
  | { readonly field: RuleField; readonly is: readonly string[] }
  | { readonly field: RuleField; readonly contains: readonly string[] }
  | { readonly field: RuleField; readonly isKnown: boolean }
  | DateCondition
  | { readonly any: readonly Condition[] }

export interface MedicalOutcome {
  readonly medical: 'yes' | 'no'
}

export interface OwnershipOutcome {
  readonly accountable: string
  readonly responsible?: string | undefined
  readonly deputy?: string | undefined
  /** ISO dates, both inclusive; outside of them the rule does not hold. */
  readonly from?: string | undefined
  readonly until?: string | undefined
}

export interface Rule<Outcome> {
  readonly name: string
  /** All must hold; none: the rule holds for every device. */
  readonly when: readonly Condition[]
  readonly outcome: Outcome
}
export type MedicalRule = Rule<MedicalOutcome>
export type OwnershipRule = Rule<OwnershipOutcome>

/** The first rule that fits; undefined: no rule says anything, so it is not decided. */
export function firstMatch<Outcome extends object>(
  rules: readonly Rule<Outcome>[],
  facts: RuleFacts,
  today: string,
): Rule<Outcome> | undefined {
  return rules.find(
    ({ when, outcome }) =>
      isInForce(outcome, today) && when.every((condition) => holds(condition, facts, today)),
  )
}

function isInForce(outcome: object, today: string): boolean {
  const { from, until } = outcome as Partial<OwnershipOutcome>
  return (from === undefined || from <= today) && (until === undefined || today <= until)
}

function holds(condition: Condition, facts: RuleFacts, today: string): boolean {
  if ('any' in condition) return condition.any.some((one) => holds(one, facts, today))
  if ('date' in condition) {
    return spansOf(condition, facts).some(
      ({ from, until }) => from <= today && (until === undefined || today < until),
    )
  }
  const values = facts[condition.field].map(fold)
  if ('isKnown' in condition) return values.length > 0 === condition.isKnown
  if ('is' in condition) return condition.is.some((wanted) => values.includes(fold(wanted)))
  return condition.contains.some((part) => values.some((value) => value.includes(fold(part))))
}

interface Span {
  /** ISO dates, the second not included. */
  readonly from: string
  readonly until?: string | undefined
}

/** When the condition holds. */
function spansOf(condition: DateCondition, facts: RuleFacts): readonly Span[] {
  return (facts[condition.date] ?? []).map((date) =>
    'pastDays' in condition
      ? { from: addDays(date, condition.pastDays + 1) }
      : { from: addDays(date, -condition.withinDays), until: addDays(date, 1) },
  )
}

/** Dates that these rules ask for; none: their answers do not change with time alone. */
export function datesOf(rules: readonly Rule<object>[]): ReadonlySet<RuleDate> {
  return new Set(rules.flatMap(({ when }) => when.flatMap(dateConditions)).map(({ date }) => date))
}

function dateConditions(condition: Condition): readonly DateCondition[] {
  if ('any' in condition) return condition.any.flatMap(dateConditions)
  return 'date' in condition ? [condition] : []
}

/** Whether time alone can change what they say. */
export function isDated(rules: readonly Rule<object>[]): boolean {
  return rules.some(({ when, outcome }) => {
    const { from, until } = outcome as Partial<OwnershipOutcome>
    return (
      from !== undefined ||
      until !== undefined ||
      when.some((one) => dateConditions(one).length > 0)
    )
  })
}

/**
 * The first day after today on which the answer can be another though nothing but time has changed; undefined: never.
 * It can be too early, never too late.
 */
export function nextChange(
  rules: readonly Rule<object>[],
  facts: RuleFacts,
  today: string,
): string | undefined {
  const days: string[] = []
  for (const rule of rules) {
    if (!rule.when.every((condition) => canHold(condition, facts, today))) continue
    const { from, until } = rule.outcome as Partial<OwnershipOutcome>
    const spans = rule.when.flatMap(dateConditions).flatMap((one) => spansOf(one, facts))
    const own = [
      from,
      until && addDays(until, 1),
      ...spans.flatMap((span) => [span.from, span.until]),
    ]
    days.push(...own.filter((day) => day !== undefined).filter((day) => day > today))
    // What fits whatever the day is keeps all rules behind it from being asked.
    if (!isDated([rule])) break
  }
  return days.toSorted()[0]
}

/** Whether it holds now or could on another day. */
function canHold(condition: Condition, facts: RuleFacts, today: string): boolean {
  if ('any' in condition) return condition.any.some((one) => canHold(one, facts, today))
  return 'date' in condition || holds(condition, facts, today)
}

function fold(text: string): string {
  return text.trim().toLowerCase()
}

/** What is wrong with a list of rules, one sentence each. */
export function faultsOf(rules: readonly Rule<object>[]): readonly string[] {
  const names = rules.map(({ name }) => fold(name))
  return rules.flatMap(({ name, when, outcome }, at) => {
    const { from, until } = outcome as Partial<OwnershipOutcome>
    return [
      ...(names.indexOf(fold(name)) < at
        ? [`"${name}" is there twice: give each rule a name.`]
        : []),
      ...(when.length === 0 && at < rules.length - 1
        ? [`"${name}" fits every device, so no rule after it is ever reached: put it last.`]
        : []),
      ...(from !== undefined && until !== undefined && from > until
        ? [`"${name}" ends before it begins.`]
        : []),
    ]
  })
}
