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

/** What rules may ask of a device. A field can have several values (tags); an empty list: nothing is known. */
export type RuleFacts = Readonly<Record<RuleField, readonly string[]>>

/** Values are held against each other without regard of case and of spaces around. */
export type Condition =
  | { readonly field: RuleField; readonly is: readonly string[] }
  | { readonly field: RuleField; readonly contains: readonly string[] }
  | { readonly field: RuleField; readonly isKnown: boolean }
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
      isInForce(outcome, today) && when.every((condition) => holds(condition, facts)),
  )
}

function isInForce(outcome: object, today: string): boolean {
  const { from, until } = outcome as Partial<OwnershipOutcome>
  return (from === undefined || from <= today) && (until === undefined || today <= until)
}

function holds(condition: Condition, facts: RuleFacts): boolean {
  if ('any' in condition) return condition.any.some((one) => holds(one, facts))
  const values = facts[condition.field].map(fold)
  if ('isKnown' in condition) return values.length > 0 === condition.isKnown
  if ('is' in condition) return condition.is.some((wanted) => values.includes(fold(wanted)))
  return condition.contains.some((part) => values.some((value) => value.includes(fold(part))))
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
