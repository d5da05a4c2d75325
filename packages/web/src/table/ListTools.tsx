import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Popover,
  Stack,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import {
  IconBaselineDensityMedium,
  IconBaselineDensitySmall,
  IconColumns3,
  IconSearch,
} from '@tabler/icons-react'
import type { EventType } from '@wardkeeper/contract'
import { type ReactNode, useEffect, useState } from 'react'
import { useChangesSince } from '../api/live.ts'
import { sayCount, sayMany } from '../ui/words.ts'
import { type Column, isShown } from './DataTable.tsx'
import { useDensity } from './density.ts'

/** Search within a list; the address follows once the typing pauses. */
export function ListSearchBox({
  value,
  onChange,
  label,
}: {
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
  readonly label: string
}) {
  const [text, setText] = useState(value ?? '')
  const tell = useDebouncedCallback((next: string) => onChange(next.trim() || undefined), 250)
  useEffect(() => setText(value ?? ''), [value])
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      data-list-search
      leftSection={<IconSearch size={14} />}
      value={text}
      w={260}
      onChange={(event) => {
        setText(event.currentTarget.value)
        tell(event.currentTarget.value)
      }}
    />
  )
}

/** Which columns there are, and how close the rows stand. */
export function TableLook<Row>({
  columns,
  shown,
  onChange,
}: {
  readonly columns: readonly Column<Row>[]
  readonly shown: readonly string[] | undefined
  readonly onChange: (shown: string[] | undefined) => void
}) {
  const [density, setDensity] = useDensity()
  const isCompact = density === 'compact'
  const chosen = columns.filter((column) => isShown(column, shown)).map((column) => column.id)
  const label = isCompact ? 'Show rows further apart' : 'Show rows closer together'
  return (
    <Group gap={6}>
      <Tooltip label={label}>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={label}
          onClick={() => setDensity(isCompact ? 'comfortable' : 'compact')}
        >
          {isCompact ? (
            <IconBaselineDensityMedium size={16} />
          ) : (
            <IconBaselineDensitySmall size={16} />
          )}
        </ActionIcon>
      </Tooltip>
      <Popover position="bottom-end" trapFocus returnFocus shadow="md">
        <Popover.Target>
          <Button variant="default" leftSection={<IconColumns3 size={14} />}>
            Columns
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label="Columns to show">
          <Checkbox.Group value={chosen} onChange={(next) => onChange(inOrder(columns, next))}>
            <Stack gap={8}>
              {columns.map((column, index) => (
                <Checkbox
                  key={column.id}
                  value={column.id}
                  label={column.header}
                  disabled={index === 0}
                />
              ))}
            </Stack>
          </Checkbox.Group>
          <Button mt="sm" fullWidth variant="default" onClick={() => onChange(undefined)}>
            As at first
          </Button>
        </Popover.Dropdown>
      </Popover>
    </Group>
  )
}

function inOrder<Row>(columns: readonly Column<Row>[], chosen: readonly string[]): string[] {
  return columns.filter((column) => chosen.includes(column.id)).map((column) => column.id)
}

/** Says that something changed since the list was fetched; the list moves when asked. */
export function NewRows({
  types,
  query,
  one,
}: {
  readonly types: readonly EventType[]
  readonly query: { readonly dataUpdatedAt: number; readonly refetch: () => Promise<unknown> }
  readonly one: string
}) {
  const changes = useChangesSince(types, query)
  return (
    <div role="status">
      {changes === 0 || query.dataUpdatedAt === 0 ? null : (
        <Button variant="light" onClick={() => void query.refetch()}>
          {sayMany(changes, one)} changed: show
        </Button>
      )}
    </div>
  )
}

/** Where in the list this page is, and the ways to the others. */
export function Pager({
  list,
  data,
  one,
  more,
}: {
  readonly list: {
    readonly page: number
    readonly pageSize: number
    readonly goNext: (cursor: string) => void
    readonly goBack: (() => void) | undefined
    readonly goFirst: () => void
  }
  readonly data: {
    readonly items: readonly unknown[]
    readonly next?: string | undefined
    readonly total: number
  }
  readonly one: string
  /** The plural, where it is not the noun with an "s". */
  readonly more?: string
}) {
  const from = (list.page - 1) * list.pageSize + 1
  const to = from + data.items.length - 1
  const { next } = data
  return (
    <Group justify="space-between" px={12} py={8} component="nav" aria-label="Pages">
      <span className="quiet">
        {data.items.length === 0
          ? `None of ${sayMany(data.total, one, more)}`
          : `${sayCount(from)} to ${sayCount(to)} of ${sayMany(data.total, one, more)}`}
      </span>
      {list.page === 1 && next === undefined ? null : (
        <Group gap={6}>
          <Button variant="default" disabled={list.page === 1} onClick={list.goFirst}>
            First
          </Button>
          <Button variant="default" disabled={!list.goBack} onClick={() => list.goBack?.()}>
            Previous
          </Button>
          <Button
            variant="default"
            disabled={next === undefined}
            onClick={() => next !== undefined && list.goNext(next)}
          >
            Next
          </Button>
        </Group>
      )}
    </Group>
  )
}

/** The row of controls above a list. */
export function ListBar({ children }: { readonly children: ReactNode }) {
  return (
    <Group px={12} py={8} gap={8} style={{ borderBottom: '1px solid var(--line)' }}>
      {children}
    </Group>
  )
}
