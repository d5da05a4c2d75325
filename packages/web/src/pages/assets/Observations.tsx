import { type observation, listObservations } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { ListBar, ListSearchBox, NewRows, Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Moment } from '../../ui/Time.tsx'
import { sayCount, sayField } from '../../ui/words.ts'

type Observation = (typeof observation)['_output'] & { readonly id: string }
type Sort = 'field' | '-field' | 'last' | '-last'

const COLUMNS: readonly Column<Observation>[] = [
  {
    id: 'field',
    header: 'Seen as',
    sort: 'field',
    cell: (row) => <span title={row.field}>{sayField(row.field)}</span>,
  },
  {
    id: 'value',
    header: 'Value',
    cell: (row) => (
      <span className="mono" style={{ overflowWrap: 'anywhere' }}>
        {row.value}
      </span>
    ),
  },
  { id: 'count', header: 'Times', isNumber: true, cell: (row) => sayCount(row.count) },
  { id: 'first', header: 'First', cell: (row) => <Moment at={row.first} /> },
  { id: 'last', header: 'Last', sort: 'last', cell: (row) => <Moment at={row.last} /> },
  {
    id: 'source',
    header: 'First seen in',
    cell: (row) =>
      row.file === undefined ? (
        <Unknown say="a live sensor" />
      ) : (
        <>
          {row.frame === undefined ? '' : `frame ${sayCount(row.frame)} of `}
          <span className="mono">{row.file.split('/').at(-1)}</span>
        </>
      ),
  },
]

/** Everything seen of one device on the wire, the raw material of every claim. */
export function Observations({ assetId }: { readonly assetId: string }) {
  const list = useList<{ sort?: Sort; q?: string | undefined; cursor?: string; tab?: string }>()
  const { tab: _tab, ...query } = list.query
  const observations = useCall(listObservations, { params: { id: assetId }, query })
  return (
    <Panel isFlush>
      <ListBar>
        <ListSearchBox
          label="Field or value"
          value={list.search.q}
          onChange={(q) => list.change({ q })}
        />
        <NewRows types={['asset.changed']} query={observations} one="device" />
      </ListBar>
      <Answer query={observations}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="Nothing seen">
              {list.search.q === undefined
                ? 'No sensor has seen this device on the wire.'
                : 'Nothing that was seen of this device matches.'}
            </Empty>
          ) : (
            <>
              <DataTable
                caption="Observations"
                rows={data.items.map((item, index) => ({ ...item, id: String(index) }))}
                columns={COLUMNS}
                sort={list.search.sort}
                onSort={(sort) => list.change({ sort: sort as Sort })}
              />
              <Pager list={list} data={data} one="observation" />
            </>
          )
        }
      </Answer>
    </Panel>
  )
}
