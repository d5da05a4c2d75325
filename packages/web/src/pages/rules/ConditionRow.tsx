import { ActionIcon, Group, Select, TagsInput, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { RULE_DATES, RULE_FIELDS, type RuleCondition } from '@wardkeeper/contract'
import { say } from '../../ui/words.ts'

type Simple = Exclude<RuleCondition, { any: unknown }>

const FIELD_WORDS: Readonly<Record<string, string>> = {
  lifeSupport: 'Life support',
  os: 'System',
  warrantyUntil: 'Warranty ends',
  maintenanceDue: 'Maintenance due',
  endOfSupport: 'End of support',
  lastSeen: 'Last seen',
}
const HOWS = [
  { value: 'is', label: 'is one of' },
  { value: 'contains', label: 'contains' },
  { value: 'known', label: 'is known' },
  { value: 'unknown', label: 'is not known' },
]

const DATE_HOWS = [
  { value: 'past', label: 'is over by, days' },
  { value: 'within', label: 'comes in, days' },
]

/** One thing that a rule asks of a device. */
export function ConditionRow({
  condition,
  onChange,
  onRemove,
}: {
  readonly condition: Simple
  readonly onChange: (condition: Simple) => void
  readonly onRemove: () => void
}) {
  return (
    <Group gap={6} wrap="nowrap" mb={4} align="flex-start">
      <Select
        aria-label="Property"
        w={130}
        allowDeselect={false}
        data={[...RULE_FIELDS, ...RULE_DATES].map((value) => ({
          value,
          label: FIELD_WORDS[value] ?? say(value),
        }))}
        value={'date' in condition ? condition.date : condition.field}
        onChange={(next) => onChange(withProperty(condition, next ?? 'type'))}
      />
      {'date' in condition ? (
        <DateParts condition={condition} onChange={onChange} />
      ) : (
        <WordParts condition={condition} onChange={onChange} />
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

type OfDate = Extract<Simple, { date: unknown }>
type OfWords = Exclude<Simple, OfDate>

/** What was asked stays where the other property can be asked the same. */
function withProperty(condition: Simple, property: string): Simple {
  const date = RULE_DATES.find((one) => one === property)
  if (date !== undefined)
    return 'date' in condition ? { ...condition, date } : { date, pastDays: 0 }
  const field = property as OfWords['field']
  return 'date' in condition ? { field, isKnown: true } : { ...condition, field }
}

function DateParts({
  condition,
  onChange,
}: {
  readonly condition: OfDate
  readonly onChange: (condition: Simple) => void
}) {
  const { date } = condition
  const isPast = 'pastDays' in condition
  const days = isPast ? condition.pastDays : condition.withinDays
  const make = (past: boolean, count: number): Simple =>
    past ? { date, pastDays: count } : { date, withinDays: count }
  return (
    <>
      <Select
        aria-label="How"
        w={150}
        allowDeselect={false}
        data={DATE_HOWS}
        value={isPast ? 'past' : 'within'}
        onChange={(next) => onChange(make(next !== 'within', days))}
      />
      <TextInput
        aria-label="Days"
        type="number"
        min={0}
        max={3650}
        style={{ flex: 1 }}
        value={String(days)}
        onChange={(event) => {
          const count = Math.trunc(Number(event.currentTarget.value))
          if (count >= 0 && count <= 3650) onChange(make(isPast, count))
        }}
      />
    </>
  )
}

function WordParts({
  condition,
  onChange,
}: {
  readonly condition: OfWords
  readonly onChange: (condition: Simple) => void
}) {
  const { field } = condition
  const how = howOf(condition)
  const values =
    'is' in condition ? condition.is : 'contains' in condition ? condition.contains : []
  const make = (nextHow: string, next: string[]): Simple => {
    if (nextHow === 'is') return { field, is: next }
    if (nextHow === 'contains') return { field, contains: next }
    return { field, isKnown: nextHow === 'known' }
  }
  return (
    <>
      <Select
        aria-label="How"
        w={120}
        allowDeselect={false}
        data={HOWS}
        value={how}
        onChange={(next) => onChange(make(next ?? 'is', values))}
      />
      {how === 'is' || how === 'contains' ? (
        <TagsInput
          aria-label="Values"
          style={{ flex: 1 }}
          value={values}
          onChange={(next) => onChange(make(how, next))}
        />
      ) : (
        <span style={{ flex: 1 }} />
      )}
    </>
  )
}

function howOf(condition: OfWords): 'is' | 'contains' | 'known' | 'unknown' {
  if ('is' in condition) return 'is'
  if ('contains' in condition) return 'contains'
  return condition.isKnown ? 'known' : 'unknown'
}
