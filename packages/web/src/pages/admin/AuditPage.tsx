import { getRouteApi } from '@tanstack/react-router'
import { type auditEntry, listAudit } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { ListBar, ListSearchBox, Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'

const route = getRouteApi('/signed-in/audit')
type Search = ReturnType<typeof route.useSearch>
type Entry = Omit<(typeof auditEntry)['_output'], 'id'> & { readonly id: string }

const COLUMNS: readonly Column<Entry>[] = [
  { id: 'time', header: 'When', sort: 'time', cell: (row) => <Time at={row.time} /> },
  { id: 'by', header: 'Who', cell: (row) => row.by },
  { id: 'action', header: 'Did what', cell: (row) => say(row.action.replaceAll('.', ' ')) },
  { id: 'subject', header: 'To what', cell: (row) => row.subject },
  {
    id: 'reason',
    header: 'Why',
    cell: (row) => row.reason ?? <span className="quiet">no reason asked</span>,
  },
  {
    id: 'hash',
    header: 'Seal',
    cell: (row) => (
      <span className="mono quiet" title={row.hash}>
        {row.hash.slice(0, 12)}
      </span>
    ),
  },
]

export default function AuditPage() {
  const list = useList<Search>()
  const { search, change } = list
  const entries = useCall(listAudit, { query: list.query })
  return (
    <>
      <PageHeader
        title="Audit"
        says="Who did what, newest first. Each entry seals the one before, so a change would show"
      />
      <Panel isFlush>
        <ListBar>
          <ListSearchBox
            label="Person, action, subject"
            value={search.q}
            onChange={(q) => change({ q })}
          />
        </ListBar>
        <Answer query={entries} lines={10}>
          {(data) =>
            data.items.length === 0 ? (
              <Empty title="No entry">Nobody did anything that matches.</Empty>
            ) : (
              <>
                <DataTable
                  caption="Audit log"
                  rows={data.items.map((item) => ({ ...item, id: String(item.id) }))}
                  columns={COLUMNS}
                  sort={search.sort}
                  onSort={(sort) => change({ sort: sort as Search['sort'] })}
                />
                <Pager list={list} data={data} one="entry" more="entries" />
              </>
            )
          }
        </Answer>
      </Panel>
    </>
  )
}
