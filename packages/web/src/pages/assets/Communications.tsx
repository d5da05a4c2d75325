import { type AssetDetail, type conversation, listConversations } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { ListBar, ListSearchBox, Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say, sayBytes, sayCount, sayMany } from '../../ui/words.ts'

type Conversation = (typeof conversation)['_output'] & { readonly id: string }
type Sort = 'last' | '-last' | 'peer' | '-peer' | 'bytes' | '-bytes'

const COLUMNS: readonly Column<Conversation>[] = [
  {
    id: 'peer',
    header: 'With',
    sort: 'peer',
    cell: (row) =>
      row.peerId === undefined ? (
        <span className="mono">{row.peer}</span>
      ) : (
        <DeviceLink device={{ id: row.peerId, label: row.peer }} isRow />
      ),
  },
  {
    id: 'direction',
    header: 'Who calls',
    cell: (row) => (
      <span style={{ whiteSpace: 'nowrap' }}>
        {row.direction === 'to-peer' ? 'this device' : 'the other side'}
      </span>
    ),
  },
  {
    id: 'service',
    header: 'Service',
    cell: (row) => (
      <>
        {row.protocol === undefined ? <Unknown say="unknown protocol" /> : say(row.protocol)}{' '}
        <span className="mono quiet">
          {row.port === 0 ? row.transport : `${row.transport}/${row.port}`}
        </span>
      </>
    ),
  },
  { id: 'sessions', header: 'Sessions', isNumber: true, cell: (row) => sayCount(row.sessions) },
  {
    id: 'sent',
    header: 'Sent',
    isNumber: true,
    sort: 'bytes',
    cell: (row) => sayBytes(row.bytesSent),
  },
  {
    id: 'received',
    header: 'Received',
    isNumber: true,
    cell: (row) => sayBytes(row.bytesReceived),
  },
  { id: 'first', header: 'First', cell: (row) => <Time at={row.first} /> },
  { id: 'last', header: 'Last', sort: 'last', cell: (row) => <Time at={row.last} /> },
  {
    id: 'normal',
    header: 'Habit',
    cell: (row) => {
      if (row.isNormal === undefined) return <Mark tone="unknown">Not judged yet</Mark>
      return row.isNormal ? <Mark tone="neutral">Normal</Mark> : <Mark tone="strong">New</Mark>
    },
  },
]

/** With whom a device talks, by service, and whether that is its habit. */
export function Communications({ asset }: { readonly asset: AssetDetail }) {
  const list = useList<{ sort?: Sort; q?: string | undefined; cursor?: string; tab?: string }>()
  const { tab: _tab, ...query } = list.query
  const conversations = useCall(listConversations, { params: { id: asset.id }, query })
  const learned = asset.baseline
  return (
    <Panel isFlush>
      <ListBar>
        <ListSearchBox
          label="Device, address, service"
          value={list.search.q}
          onChange={(q) => list.change({ q })}
        />
        <span className="quiet">
          {learned === undefined
            ? 'Its habits are not learned yet.'
            : `${learned.stage === 'learning' ? 'Still learning its habits' : 'Its habits are known'}: ${sayMany(learned.days, 'day')} of traffic, ${Math.round(learned.completeness * 100)} % complete.`}
        </span>
      </ListBar>
      <Answer query={conversations}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="No conversation seen">
              {list.search.q === undefined
                ? 'Either it is silent, or no sensor sits where its traffic passes.'
                : 'No conversation of this device matches.'}
            </Empty>
          ) : (
            <>
              <DataTable
                caption="Conversations"
                rows={data.items.map((item, index) => ({ ...item, id: String(index) }))}
                columns={COLUMNS}
                sort={list.search.sort}
                onSort={(sort) => list.change({ sort: sort as Sort })}
              />
              <Pager list={list} data={data} one="conversation" />
            </>
          )
        }
      </Answer>
    </Panel>
  )
}
