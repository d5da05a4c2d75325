import { SegmentedControl } from '@mantine/core'
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router'
import { type IncidentRow, incidentRow, listIncidents } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { ChoiceFilter } from '../../table/Facet.tsx'
import { ListBar, ListSearchBox, NewRows, Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { BoardColumn } from '../../ui/Board.tsx'
import { SeverityMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Due, Time } from '../../ui/Time.tsx'
import { sayMany } from '../../ui/words.ts'
import { INCIDENT_COLUMNS, devicesBesideActor } from './columns.tsx'

const route = getRouteApi('/signed-in/incidents')
type Search = ReturnType<typeof route.useSearch>
type State = IncidentRow['state']

const STATES = incidentRow.shape.state.options
const SEVERITIES = incidentRow.shape.severity.options
const CARDS_PER_COLUMN = 8
const COLUMNS: readonly { state: State; title: string; empty: string }[] = [
  { state: 'new', title: 'New', empty: 'Nobody has to look now.' },
  { state: 'acknowledged', title: 'Acknowledged', empty: 'Nothing is being looked into.' },
  { state: 'contained', title: 'Contained', empty: 'Nothing is held in check.' },
  { state: 'resolved', title: 'Resolved', empty: 'Nothing waits for its review.' },
  { state: 'reviewed', title: 'Reviewed', empty: 'None so far.' },
]
const VIEWS = [
  { value: 'board', label: 'Board' },
  { value: 'list', label: 'List' },
]

export default function IncidentsPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const isFiltered = [search.q, search.state, search.severity, search.assetId].some(Boolean)
  const view = search.view ?? (isFiltered ? 'list' : 'board')
  const all = useCall(listIncidents, { query: { limit: 1 } })
  return (
    <>
      <PageHeader
        title="Incidents"
        says="What is being handled, and which clock runs out first"
        actions={
          <>
            <NewRows types={['incident.changed']} query={all} one="incident" />
            <SegmentedControl
              data={VIEWS}
              value={view}
              aria-label="Arrangement"
              onChange={(next) =>
                void navigate({ to: '/incidents', search: next === 'list' ? { view: 'list' } : {} })
              }
            />
          </>
        }
      />
      {view === 'list' ? <IncidentList /> : <IncidentBoard />}
    </>
  )
}

function IncidentBoard() {
  return (
    <div className="board">
      {COLUMNS.map((column) => (
        <Column key={column.state} {...column} />
      ))}
    </div>
  )
}

function Column({ state, title, empty }: (typeof COLUMNS)[number]) {
  const incidents = useCall(listIncidents, {
    query: { state: [state], limit: CARDS_PER_COLUMN, sort: 'due' },
  })
  const { data } = incidents
  return (
    <BoardColumn
      title={title}
      total={data?.total}
      empty={empty}
      more={
        data && data.total > data.items.length ? (
          <Link to="/incidents" search={{ state: [state], view: 'list' }}>
            All {data.total}
          </Link>
        ) : null
      }
    >
      <Answer query={incidents} lines={3}>
        {({ items }) => (
          <div className="board-column">
            {items.map((incident) => (
              <Card key={incident.id} incident={incident} />
            ))}
          </div>
        )}
      </Answer>
    </BoardColumn>
  )
}

function Card({ incident }: { readonly incident: IncidentRow }) {
  return (
    <Link to="/incidents/$id" params={{ id: incident.id }} className="card" data-row="">
      <SeverityMark severity={incident.severity} />
      <div style={{ fontWeight: 600, margin: '6px 0 4px' }}>{incident.title}</div>
      <div className="quiet">
        {sayMany(devicesBesideActor(incident).length, 'device')},{' '}
        {sayMany(incident.detections, 'detection')}, {sayMany(incident.workOrders, 'work order')}
      </div>
      <div style={{ marginTop: 4 }}>
        {incident.due === undefined ? (
          <span className="quiet">
            opened <Time at={incident.opened} />
          </span>
        ) : (
          <Due at={incident.due} />
        )}
      </div>
    </Link>
  )
}

function IncidentList() {
  const list = useList<Search>()
  const { view: _view, ...query } = list.query
  const { search, change } = list
  const incidents = useCall(listIncidents, { query })
  return (
    <Panel isFlush>
      <ListBar>
        <ListSearchBox label="Title, device" value={search.q} onChange={(q) => change({ q })} />
        <ChoiceFilter
          label="State"
          words={STATES}
          chosen={search.state}
          onChange={(state) => change({ state })}
        />
        <ChoiceFilter
          label="Severity"
          words={SEVERITIES}
          chosen={search.severity}
          onChange={(severity) => change({ severity })}
        />
      </ListBar>
      <Answer query={incidents}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="No incident">
              Nothing that was seen calls for one, or no incident matches the filters.
            </Empty>
          ) : (
            <>
              <DataTable
                caption="Incidents"
                rows={data.items}
                columns={INCIDENT_COLUMNS}
                sort={search.sort}
                onSort={(sort) => change({ sort: sort as Search['sort'] })}
                opens={(row) => `/incidents/${row.id}`}
              />
              <Pager list={list} data={data} one="incident" />
            </>
          )
        }
      </Answer>
    </Panel>
  )
}
