import { SegmentedControl } from '@mantine/core'
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router'
import { type WorkOrderView, listWorkOrders, workOrder } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { useSession } from '../../api/session.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { ChoiceFilter } from '../../table/Facet.tsx'
import { ListBar, ListSearchBox, NewRows, Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { BoardColumn } from '../../ui/Board.tsx'
import { SeverityMark, StateMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Due } from '../../ui/Time.tsx'
import { WORK_COLUMNS } from './columns.tsx'

const route = getRouteApi('/signed-in/work')
type Search = ReturnType<typeof route.useSearch>
type State = WorkOrderView['state']

const STATES = workOrder.shape.state.options
const CARDS_PER_COLUMN = 7
const COLUMNS: readonly { title: string; states: State[]; empty: string }[] = [
  { title: 'To assign', states: ['draft', 'ready'], empty: 'Everything has somebody.' },
  { title: 'Assigned', states: ['assigned', 'on-hold'], empty: 'Nothing waits for its start.' },
  { title: 'In progress', states: ['in-progress'], empty: 'Nobody is at a device now.' },
  { title: 'Done, being checked', states: ['done'], empty: 'Nothing waits for the network.' },
  {
    title: 'Checked',
    states: ['contradicted', 'not-observable', 'verified'],
    empty: 'Nothing waits to be closed.',
  },
  { title: 'Closed', states: ['closed', 'cancelled'], empty: 'None so far.' },
]
const VIEWS = [
  { value: 'board', label: 'Board' },
  { value: 'list', label: 'List' },
]

export default function WorkPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const { technicianId } = useSession()
  const isFiltered = [
    search.q,
    search.state,
    search.technicianId,
    search.assetId,
    search.incidentId,
  ].some(Boolean)
  const view = search.view ?? (isFiltered ? 'list' : 'board')
  const all = useCall(listWorkOrders, { query: { limit: 1 } })
  return (
    <>
      <PageHeader
        title="Work"
        says="Who does what, and what the network says about it"
        actions={
          <>
            <NewRows types={['work-order.changed']} query={all} one="work order" />
            {technicianId === undefined ? null : (
              <Link to="/work" search={{ technicianId, view: 'list' }}>
                My work
              </Link>
            )}
            <SegmentedControl
              data={VIEWS}
              value={view}
              aria-label="Arrangement"
              onChange={(next) =>
                void navigate({ to: '/work', search: next === 'list' ? { view: 'list' } : {} })
              }
            />
          </>
        }
      />
      {view === 'list' ? <WorkList /> : <WorkBoard />}
    </>
  )
}

function WorkBoard() {
  return (
    <div className="board">
      {COLUMNS.map((column) => (
        <Column key={column.title} {...column} />
      ))}
    </div>
  )
}

function Column({ title, states, empty }: (typeof COLUMNS)[number]) {
  const orders = useCall(listWorkOrders, {
    query: { state: states, limit: CARDS_PER_COLUMN, sort: 'due' },
  })
  const { data } = orders
  return (
    <BoardColumn
      title={title}
      total={data?.total}
      empty={empty}
      more={
        data && data.total > data.items.length ? (
          <Link to="/work" search={{ state: states, view: 'list' }}>
            All {data.total}
          </Link>
        ) : null
      }
    >
      <Answer query={orders} lines={3}>
        {({ items }) => (
          <div className="board-column">
            {items.map((order) => (
              <Card key={order.id} order={order} isMixed={states.length > 1} />
            ))}
          </div>
        )}
      </Answer>
    </BoardColumn>
  )
}

function Card({ order, isMixed }: { readonly order: WorkOrderView; readonly isMixed: boolean }) {
  return (
    <Link to="/work/$id" params={{ id: order.id }} className="card" data-row="">
      <span style={{ display: 'flex', gap: 6, flexWrap: 'wrap' }}>
        <SeverityMark severity={order.severity} />
        {isMixed && order.state !== 'ready' ? <StateMark state={order.state} /> : null}
      </span>
      <div style={{ fontWeight: 600, margin: '6px 0 4px' }}>
        {order.number} {order.title}
      </div>
      <div className="quiet">{order.technician?.name ?? 'Nobody yet'}</div>
      {order.due === undefined || order.state === 'closed' || order.state === 'cancelled' ? null : (
        <div style={{ marginTop: 4 }}>
          <Due at={order.due} />
        </div>
      )}
    </Link>
  )
}

function WorkList() {
  const list = useList<Search>()
  const { view: _view, ...query } = list.query
  const { search, change } = list
  const orders = useCall(listWorkOrders, { query })
  return (
    <Panel isFlush>
      <ListBar>
        <ListSearchBox
          label="Number, title, device"
          value={search.q}
          onChange={(q) => change({ q })}
        />
        <ChoiceFilter
          label="State"
          words={STATES}
          chosen={search.state}
          onChange={(state) => change({ state })}
        />
      </ListBar>
      <Answer query={orders}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="No work order">
              A finding or an incident offers to open one; or none matches the filters.
            </Empty>
          ) : (
            <>
              <DataTable
                caption="Work orders"
                rows={data.items}
                columns={WORK_COLUMNS}
                sort={search.sort}
                onSort={(sort) => change({ sort: sort as Search['sort'] })}
                opens={(row) => `/work/${row.id}`}
              />
              <Pager list={list} data={data} one="work order" />
            </>
          )
        }
      </Answer>
    </Panel>
  )
}
