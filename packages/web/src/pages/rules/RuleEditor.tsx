import { ActionIcon, Button, Group, Select, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import type { MedicalRuleView, OwnershipRuleView, RuleCondition } from '@wardkeeper/contract'
import { say } from '../../ui/words.ts'
import { ConditionRow } from './ConditionRow.tsx'

export type DraftRule = MedicalRuleView | OwnershipRuleView

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
