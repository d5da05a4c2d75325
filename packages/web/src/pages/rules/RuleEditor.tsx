import { ActionIcon, Button, Group, Select, TagsInput, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import type { MedicalRuleView, OwnershipRuleView, RuleCondition } from '@wardkeeper/contract'
import { say } from '../../ui/words.ts'

type Simple = Exclude<RuleCondition, { any: unknown }>
export type DraftRule = MedicalRuleView | OwnershipRuleView

const FIELDS = [
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
const FIELD_WORDS: Readonly<Record<string, string>> = { lifeSupport: 'Life support', os: 'System' }
const HOWS = [
  { value: 'is', label: 'is one of' },
  { value: 'contains', label: 'contains' },
  { value: 'known', label: 'is known' },
  { value: 'unknown', label: 'is not known' },
]

/** Rules in the order in which they are tried. */
export function RuleEditor({
  kind,
  rules,
  canEdit,
  onChange,
}: {
  readonly kind: 'medical' | 'ownership'
  readonly rules: readonly DraftRule[]
  readonly canEdit: boolean
  readonly onChange: (rules: readonly DraftRule[]) => void
}) {
  const put = (at: number, rule: DraftRule) => onChange(rules.with(at, rule))
  const move = (at: number, by: number) => {
    const rest = rules.toSpliced(at, 1)
    const moved = rules[at]
    if (moved !== undefined) onChange(rest.toSpliced(at + by, 0, moved))
  }
  const add = () => {
    const outcome = kind === 'medical' ? { medical: 'yes' as const } : { accountable: 'Nobody yet' }
    const when: RuleCondition[] = [{ field: 'type', isKnown: true }]
    onChange([{ name: `Rule ${rules.length + 1}`, when, outcome } as DraftRule, ...rules])
  }
  return (
    <fieldset disabled={!canEdit} className="plain rules">
      {canEdit ? (
        <Button variant="default" mb="sm" onClick={add}>
          Add a rule in front
        </Button>
      ) : null}
      <ol>
        {rules.map((rule, at) => (
          <li key={at} className="rule" aria-label={`Rule ${at + 1}`}>
            <Group gap={6} wrap="nowrap" mb={6}>
              <TextInput
                aria-label={`Name of rule ${at + 1}`}
                value={rule.name}
                style={{ flex: 1 }}
                onChange={(event) => put(at, { ...rule, name: event.currentTarget.value })}
              />
              <ActionIcon
                variant="default"
                aria-label={`Try ${rule.name} earlier`}
                disabled={at === 0}
                onClick={() => move(at, -1)}
              >
                <IconArrowUp size={15} />
              </ActionIcon>
              <ActionIcon
                variant="default"
                aria-label={`Try ${rule.name} later`}
                disabled={at === rules.length - 1}
                onClick={() => move(at, 1)}
              >
                <IconArrowDown size={15} />
              </ActionIcon>
              <ActionIcon
                variant="default"
                aria-label={`Take ${rule.name} out`}
                onClick={() => onChange(rules.toSpliced(at, 1))}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </Group>
            <Conditions
              when={rule.when}
              onChange={(when) => put(at, { ...rule, when: [...when] })}
            />
            <Outcome rule={rule} onChange={(next) => put(at, next)} />
          </li>
        ))}
      </ol>
    </fieldset>
  )
}

function Conditions({
  when,
  onChange,
}: {
  readonly when: readonly RuleCondition[]
  readonly onChange: (when: readonly RuleCondition[]) => void
}) {
  return (
    <div>
      {when.length === 0 ? <span className="quiet">every device</span> : null}
      {when.map((condition, at) =>
        'any' in condition ? (
          <div key={at} className="any">
            <span className="quiet">any of</span>
            {condition.any.map((one, inner) => (
              <ConditionRow
                key={inner}
                condition={one}
                onChange={(next) =>
                  onChange(when.with(at, { any: condition.any.with(inner, next) }))
                }
                onRemove={() => {
                  const rest = condition.any.toSpliced(inner, 1)
                  onChange(rest.length === 0 ? when.toSpliced(at, 1) : when.with(at, { any: rest }))
                }}
              />
            ))}
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() =>
                onChange(
                  when.with(at, { any: [...condition.any, { field: 'type', isKnown: true }] }),
                )
              }
            >
              or
            </Button>
          </div>
        ) : (
          <ConditionRow
            key={at}
            condition={condition}
            onChange={(next) => onChange(when.with(at, next))}
            onRemove={() => onChange(when.toSpliced(at, 1))}
          />
        ),
      )}
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => onChange([...when, { field: 'type', isKnown: true }])}
      >
        and
      </Button>
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => onChange([...when, { any: [{ field: 'type', isKnown: true }] }])}
      >
        and any of
      </Button>
    </div>
  )
}

function ConditionRow({
  condition,
  onChange,
  onRemove,
}: {
  readonly condition: Simple
  readonly onChange: (condition: Simple) => void
  readonly onRemove: () => void
}) {
  const { field } = condition
  const how =
    'is' in condition
      ? 'is'
      : 'contains' in condition
        ? 'contains'
        : condition.isKnown
          ? 'known'
          : 'unknown'
  const values =
    'is' in condition ? condition.is : 'contains' in condition ? condition.contains : []
  const make = (nextField: Simple['field'], nextHow: string, next: string[]): Simple => {
    if (nextHow === 'is') return { field: nextField, is: next }
    if (nextHow === 'contains') return { field: nextField, contains: next }
    return { field: nextField, isKnown: nextHow === 'known' }
  }
  return (
    <Group gap={6} wrap="nowrap" mb={4} align="flex-start">
      <Select
        aria-label="Property"
        w={130}
        allowDeselect={false}
        data={FIELDS.map((value) => ({ value, label: FIELD_WORDS[value] ?? say(value) }))}
        value={field}
        onChange={(next) => onChange(make((next ?? 'type') as Simple['field'], how, values))}
      />
      <Select
        aria-label="How"
        w={120}
        allowDeselect={false}
        data={HOWS}
        value={how}
        onChange={(next) => onChange(make(field, next ?? 'is', values))}
      />
      {how === 'is' || how === 'contains' ? (
        <TagsInput
          aria-label="Values"
          style={{ flex: 1 }}
          value={values}
          onChange={(next) => onChange(make(field, how, next))}
        />
      ) : (
        <span style={{ flex: 1 }} />
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        c="inherit"
        aria-label="Take this condition out"
        onClick={onRemove}
      >
        <IconTrash size={14} />
      </ActionIcon>
    </Group>
  )
}

function Outcome({
  rule,
  onChange,
}: {
  readonly rule: DraftRule
  readonly onChange: (rule: DraftRule) => void
}) {
  const { outcome } = rule
  if ('medical' in outcome) {
    return (
      <Select
        label="Then it is"
        w={220}
        allowDeselect={false}
        data={[
          { value: 'yes', label: 'a medical device' },
          { value: 'no', label: 'something else' },
        ]}
        value={outcome.medical}
        onChange={(next) =>
          onChange({
            ...rule,
            outcome: { medical: next === 'no' ? 'no' : 'yes' },
          } as MedicalRuleView)
        }
      />
    )
  }
  const set = (name: string, value: string) => {
    const { [name as keyof typeof outcome]: _before, ...rest } = outcome
    const next = value === '' && name !== 'accountable' ? rest : { ...rest, [name]: value }
    onChange({ ...rule, outcome: next } as OwnershipRuleView)
  }
  return (
    <Group gap={8} align="flex-end">
      {(['accountable', 'responsible', 'deputy'] as const).map((name) => (
        <TextInput
          key={name}
          label={say(name)}
          w={170}
          value={outcome[name] ?? ''}
          onChange={(event) => set(name, event.currentTarget.value)}
        />
      ))}
      {(['from', 'until'] as const).map((name) => (
        <TextInput
          key={name}
          type="date"
          label={say(name)}
          w={150}
          value={outcome[name] ?? ''}
          onChange={(event) => set(name, event.currentTarget.value)}
        />
      ))}
    </Group>
  )
}
