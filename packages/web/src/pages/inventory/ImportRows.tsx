import { Button, Group } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type ImportDetail, type ImportRowView, listImportRows } from '@wardkeeper/contract'
import { ROW_OUTCOMES, type RowOutcome } from '../../app/views.ts'
import { useCall } from '../../api/queries.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { ChoiceFilter } from '../../table/Facet.tsx'
import { ListBar } from '../../table/ListTools.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { say, sayMany } from '../../ui/words.ts'

const route = getRouteApi('/signed-in/imports/$id')

type Row = ImportRowView & { readonly id: string }

const text = (row: Row, name: string) => {
  const value = row.device?.[name]
  return Array.isArray(value) ? value.join(', ') : (value ?? '')
}

const COLUMNS: readonly Column<Row>[] = [
  { id: 'row', header: 'Row', isNumber: true, cell: (row) => row.row, width: 50 },
  { id: 'outcome', header: 'Becomes', cell: (row) => <Outcome row={row} /> },
  {
    id: 'device',
    header: 'Device',
    width: 220,
    cell: (row) =>
      [text(row, 'manufacturer'), text(row, 'model')].filter(Boolean).join(' ') ||
      text(row, 'description'),
  },
  { id: 'tag', header: 'Tag', cell: (row) => text(row, 'tag') },
  { id: 'serial', header: 'Serial', cell: (row) => text(row, 'serial') },
  {
    id: 'why',
    header: 'Why',
    width: 340,
    cell: (row) => (
      <>
        {row.reasons.join(' ')}
        {row.notes.length === 0 ? null : <div className="quiet">{row.notes.join(' ')}</div>}
      </>
    ),
  },
  {
    id: 'score',
    header: 'Sure',
    isNumber: true,
    cell: (row) =>
      row.score === undefined || row.outcome === 'created' ? '' : row.score.toFixed(2),
  },
]

function Outcome({ row }: { readonly row: Row }) {
  const news =
    row.change === 'updated' ? ', with news' : row.change === 'unchanged' ? ', as before' : ''
  const words = {
    created: 'new device',
    matched: `known device${news}`,
    queued: 'question',
    refused: 'refused',
  }
  return <span>{words[row.outcome]}</span>
}

/** Every row of the file and what becomes or became of it. */
export function ImportRows({ one }: { readonly one: ImportDetail }) {
  const { outcome, after } = route.useSearch()
  const navigate = useNavigate()
  const rows = useCall(listImportRows, {
    params: { id: one.id },
    query: { outcome, after, limit: 50 },
  })
  const go = (search: { outcome?: RowOutcome[] | undefined; after?: number | undefined }) =>
    void navigate({ to: '.', search: search as never })
  return (
    <Panel title="Rows" isFlush>
      <ListBar>
        <ChoiceFilter
          label="Becomes"
          words={ROW_OUTCOMES}
          chosen={outcome}
          onChange={(next) => go({ outcome: next })}
        />
      </ListBar>
      <Answer query={rows} lines={10}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty
              title={
                outcome === undefined
                  ? 'No rows'
                  : `No row is ${outcome.map(say).join(' or ').toLowerCase()}`
              }
            />
          ) : (
            <>
              <DataTable
                caption="Rows of the file"
                rows={data.items.map((row) => ({ ...row, id: String(row.row) }))}
                columns={COLUMNS}
              />
              <Group justify="space-between" px={12} py={8} component="nav" aria-label="Pages">
                <span className="quiet">{sayMany(data.total, 'row')}</span>
                <Group gap={6}>
                  <Button
                    variant="default"
                    disabled={after === undefined}
                    onClick={() => go({ outcome })}
                  >
                    First
                  </Button>
                  <Button
                    variant="default"
                    disabled={data.next === undefined}
                    onClick={() => go({ outcome, after: data.next })}
                  >
                    Next
                  </Button>
                </Group>
              </Group>
            </>
          )
        }
      </Answer>
    </Panel>
  )
}
