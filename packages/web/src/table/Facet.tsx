import { Button, Checkbox, Fieldset, MultiSelect, Stack } from '@mantine/core'
import { useState } from 'react'
import { Unknown } from '../ui/Claimed.tsx'
import { say, sayCount } from '../ui/words.ts'

const SHOWN_AT_FIRST = 7
/** How the API writes, in a filter, that nothing is known. */
const NOT_KNOWN = ''

/** One filter with its values and how many there are of each. Where nothing is known that is said, not hidden. */
export function Facet({
  label,
  counts,
  chosen = [],
  onChange,
  words = say,
}: {
  readonly label: string
  readonly counts: readonly { readonly value?: string | undefined; readonly count: number }[]
  readonly chosen?: readonly string[] | undefined
  readonly onChange: (chosen: string[] | undefined) => void
  readonly words?: (value: string) => string
}) {
  const [isOpen, setOpen] = useState(false)
  const known = counts.map(({ value, count }) => ({ value: value ?? NOT_KNOWN, count }))
  const gone = chosen.filter((value) => !known.some((one) => one.value === value))
  const all = [...gone.map((value) => ({ value, count: 0 })), ...known]
  const shown = isOpen
    ? all
    : all.filter((one, at) => at < SHOWN_AT_FIRST || chosen.includes(one.value))
  if (all.length === 0) return null
  return (
    <Fieldset legend={label} variant="unstyled" className="facet">
      <Stack gap={5}>
        {shown.map(({ value, count }) => (
          <Checkbox
            key={value}
            checked={chosen.includes(value)}
            onChange={() => onChange(toggled(chosen, value))}
            label={
              <span className="facet-label">
                {value === NOT_KNOWN ? <Unknown /> : <span>{words(value)}</span>}
                <span className="quiet">{sayCount(count)}</span>
              </span>
            }
            styles={{ labelWrapper: { flex: 1, minWidth: 0 }, body: { alignItems: 'center' } }}
          />
        ))}
        {all.length > SHOWN_AT_FIRST ? (
          <Button
            variant="subtle"
            size="compact-xs"
            w="fit-content"
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? 'Fewer' : `All ${all.length}`}
          </Button>
        ) : null}
      </Stack>
    </Fieldset>
  )
}

function toggled(chosen: readonly string[], value: string): string[] | undefined {
  const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]
  return next.length === 0 ? undefined : next
}

/** A filter of few words without counts, for lists that have no facets. */
export function ChoiceFilter<Word extends string>({
  label,
  words,
  chosen = [],
  onChange,
}: {
  readonly label: string
  readonly words: readonly Word[]
  readonly chosen?: readonly Word[] | undefined
  readonly onChange: (chosen: Word[] | undefined) => void
}) {
  return (
    <MultiSelect
      aria-label={label}
      placeholder={chosen.length === 0 ? label : ''}
      data={words.map((value) => ({ value, label: say(value) }))}
      value={[...chosen]}
      clearable
      clearButtonProps={{ 'aria-label': `Clear ${label.toLowerCase()}` }}
      w={chosen.length === 0 ? 128 : undefined}
      maw={340}
      onChange={(next) => onChange(next.length === 0 ? undefined : (next as Word[]))}
    />
  )
}
