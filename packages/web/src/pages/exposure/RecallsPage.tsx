import { Anchor, Group, SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { Link, getRouteApi } from '@tanstack/react-router'
import { type RecallView, listRecalls } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import type { Column } from '../../table/DataTable.tsx'
import { FirstRows } from '../../table/FirstRows.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { sayCount, sayDate, sayMany } from '../../ui/words.ts'

const CLASSES = { I: 'critical', II: 'high', III: 'medium' } as const

const COLUMNS: readonly Column<RecallView>[] = [
  {
    id: 'number',
    header: 'Recall',
    width: 150,
    cell: (row) => (
      <>
        <Anchor href={row.link} target="_blank" rel="noreferrer">
          {row.number}
        </Anchor>
        <div>
          {row.class === undefined ? (
            <Mark tone="neutral">Class not known</Mark>
          ) : (
            <Mark tone={CLASSES[row.class]}>Class {row.class}</Mark>
          )}
        </div>
      </>
    ),
  },
  {
    id: 'product',
    header: 'Product',
    width: 300,
    cell: (row) => (
      <>
        <b>{row.firm}</b>
        <div>{row.product.length > 240 ? `${row.product.slice(0, 240)} …` : row.product}</div>
      </>
    ),
  },
  { id: 'published', header: 'Begun', cell: (row) => sayDate(row.published) },
  { id: 'affected', header: 'Affected', isNumber: true, cell: (row) => sayCount(row.affected) },
  { id: 'possible', header: 'Possibly', isNumber: true, cell: (row) => sayCount(row.possible) },
  { id: 'tasks', header: 'To find out', width: 260, cell: (row) => <Tasks recall={row} /> },
]

const route = getRouteApi('/signed-in/recalls')

export default function RecallsPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const recalls = useCall(listRecalls, { query: search })
  const find = useDebouncedCallback((q: string) => {
    void navigate({ search: (before) => ({ ...before, q: q || undefined }), replace: true })
  }, 300)
  return (
    <>
      <PageHeader
        title="Recall desk"
        says="Recalls that touch devices here, and what must be read on a label to be sure"
      />
      <Group gap="sm" mb="sm">
        <TextInput
          aria-label="Search recalls"
          w={320}
          placeholder="Number, firm, product"
          defaultValue={search.q ?? ''}
          onChange={(event) => find(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label="Which recalls"
          value={search.matched ?? 'here'}
          data={[
            { value: 'here', label: 'Devices here' },
            { value: 'all', label: 'All recalls' },
          ]}
          onChange={(matched) =>
            void navigate({
              search: (before) => ({ ...before, matched: matched as 'here' | 'all' }),
            })
          }
        />
      </Group>
      <Panel isFlush>
        <Answer query={recalls}>
          {({ items, total }) =>
            items.length === 0 ? (
              <Empty
                title={
                  search.matched === 'all'
                    ? 'No recall is known'
                    : 'No recall touches a device here'
                }
              >
                {search.matched === 'all'
                  ? 'Turn the feed of FDA recalls on, hand in those of another regulator as a table, or import a bundle: see Feeds.'
                  : 'As far as the recalls that were loaded can tell. Look at all recalls, and at how fresh the feed is.'}
              </Empty>
            ) : (
              <FirstRows caption="Recalls" rows={items} total={total} columns={COLUMNS} />
            )
          }
        </Answer>
      </Panel>
    </>
  )
}

/** A missing datum is a task: the finding opens a work order for a technician. */
function Tasks({ recall }: { readonly recall: RecallView }) {
  if (recall.tasks.length === 0) return <span className="quiet">nothing</span>
  return (
    <ul style={{ margin: 0, paddingLeft: 16 }}>
      {recall.tasks.slice(0, 4).map((task) => (
        <li key={task.findingId}>
          <Link to="/findings/$id" params={{ id: task.findingId }}>
            {task.device}: read the {task.missing} on the label
          </Link>
        </li>
      ))}
      {recall.tasks.length > 4 ? (
        <li>and {sayMany(recall.tasks.length - 4, 'more device')}</li>
      ) : null}
    </ul>
  )
}
