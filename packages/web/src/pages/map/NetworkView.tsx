import { Select, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type MapNode, type NetworkMap, getNetworkMap } from '@wardkeeper/contract'
import { Suspense, lazy, useMemo } from 'react'
import { useCall } from '../../api/queries.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { say, sayBytes, sayCount, sayExact, sayMany } from '../../ui/words.ts'
import { Legend } from './Legend.tsx'
import { legendOf, type Paint } from './paint.ts'
import { NO_SEGMENT } from './network-layout.ts'

const NetworkGraph = lazy(() =>
  import('./NetworkGraph.tsx').then((module) => ({ default: module.NetworkGraph })),
)

/** Rows of each of the two tables behind a picture. */
const MOST_ROWS = 25
const MOST_VLANS = 4

/** Who talks to whom, by segment: a picture, and the tables behind it. */
export function NetworkView({
  segment,
  days,
  paint,
  onChange,
}: {
  readonly segment: string | undefined
  readonly days: number
  readonly paint: Paint
  readonly onChange: (patch: { segment?: string | undefined; days?: number | undefined }) => void
}) {
  const query = { days, ...(segment === undefined ? {} : { segment }) }
  const map = useCall(getNetworkMap, { query })
  return (
    <Answer query={map} lines={12}>
      {(data) =>
        data.nodes.length === 0 ? (
          <Panel>
            <Empty title="No device with an address">
              The network map begins when a sensor sees devices. See Sensors.
            </Empty>
          </Panel>
        ) : (
          <Whole data={data} segment={segment} days={days} paint={paint} onChange={onChange} />
        )
      }
    </Answer>
  )
}

function Whole({
  data,
  segment,
  days,
  paint,
  onChange,
}: Parameters<typeof NetworkView>[0] & { readonly data: NetworkMap }) {
  const legend = useMemo(() => legendOf(data.nodes, paint), [data.nodes, paint])
  return (
    <Stack gap="md">
      <Panel
        title={segment === undefined ? 'The network' : `Segment ${segment} and whom it talks with`}
        aside={
          <>
            {segment === undefined ? null : (
              <Link to="." search={(before) => ({ ...before, segment: undefined })}>
                All segments
              </Link>
            )}
            <Select
              aria-label="How many days back"
              w={130}
              value={String(days)}
              data={[
                { value: '1', label: 'last day' },
                { value: '7', label: 'last 7 days' },
                { value: '30', label: 'last 30 days' },
              ]}
              allowDeselect={false}
              onChange={(next) => onChange({ days: next === '7' ? undefined : Number(next) })}
            />
          </>
        }
      >
        <Suspense fallback={<div className="graph" role="status" aria-label="Loading" />}>
          <NetworkGraph map={data} paint={paint} />
        </Suspense>
        <Legend items={legend} />
        <p className="quiet">
          {sayMany(data.nodes.length, 'device')}, {sayMany(data.edges.length, 'pair')} that talk
          {data.until === undefined ? '' : `, seen until ${sayExact(data.until)}`}. A pair without a
          line was not seen to talk: that does not say it cannot.
          {data.isCut
            ? ' There is more than is shown: the newest devices and strongest lines are.'
            : ''}
        </p>
      </Panel>
      <Segments nodes={data.nodes} edges={data.edges} />
      <Talks data={data} />
    </Stack>
  )
}

interface SegmentRow {
  readonly id: string
  /** VLANs in which its devices send, most devices first. */
  readonly vlans: readonly string[]
  readonly devices: number
  readonly inside: number
  readonly outside: number
}

const SEGMENT_COLUMNS: readonly Column<SegmentRow>[] = [
  {
    id: 'segment',
    header: 'Segment',
    cell: ({ id }) =>
      id === NO_SEGMENT ? (
        id
      ) : (
        <Link to="." search={(before) => ({ ...before, segment: id })} data-row="">
          <span className="mono">{id}</span>
        </Link>
      ),
  },
  {
    id: 'vlans',
    header: 'VLANs',
    cell: ({ vlans }) =>
      vlans.length === 0 ? <Unknown say="no tag seen" /> : shortened(vlans, MOST_VLANS),
  },
  { id: 'devices', header: 'Devices', isNumber: true, cell: (row) => sayCount(row.devices) },
  { id: 'inside', header: 'Pairs inside', isNumber: true, cell: (row) => sayCount(row.inside) },
  { id: 'outside', header: 'Pairs across', isNumber: true, cell: (row) => sayCount(row.outside) },
]

function Segments({ nodes, edges }: Pick<NetworkMap, 'nodes' | 'edges'>) {
  const rows = useMemo(() => segmentsOf(nodes, edges), [nodes, edges])
  return (
    <Panel title="Segments" isFlush>
      <DataTable caption="Segments" rows={rows.slice(0, MOST_ROWS)} columns={SEGMENT_COLUMNS} />
    </Panel>
  )
}

function segmentsOf(nodes: readonly MapNode[], edges: NetworkMap['edges']): SegmentRow[] {
  const subnetOf = new Map(nodes.map(({ id, segment }) => [id, segment ?? NO_SEGMENT]))
  const bySegment = Map.groupBy(nodes, ({ segment }) => segment ?? NO_SEGMENT)
  const rows = new Map<string, SegmentRow & { devices: number; inside: number; outside: number }>()
  const rowOf = (id: string) => {
    const row = rows.get(id) ?? {
      id,
      vlans: vlansOf(bySegment.get(id) ?? []),
      devices: 0,
      inside: 0,
      outside: 0,
    }
    rows.set(id, row)
    return row
  }
  for (const segment of subnetOf.values()) rowOf(segment).devices++
  for (const { from, to } of edges) {
    const [one, other] = [subnetOf.get(from), subnetOf.get(to)]
    if (one === undefined || other === undefined) continue
    if (one === other) rowOf(one).inside++
    else {
      rowOf(one).outside++
      rowOf(other).outside++
    }
  }
  return [...rows.values()].toSorted((one, other) => other.devices - one.devices)
}

function vlansOf(nodes: readonly MapNode[]): readonly string[] {
  const counts = Map.groupBy(
    nodes.flatMap(({ vlans }) => vlans),
    (vlan) => vlan,
  )
  return [...counts].toSorted((a, b) => b[1].length - a[1].length).map(([vlan]) => vlan)
}

/** The first of them, and how many more. */
function shortened(values: readonly string[], most: number): string {
  const rest = values.length - most
  return `${values.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

type Talk = NetworkMap['edges'][number] & {
  readonly id: string
  readonly client: MapNode | undefined
  readonly server: MapNode | undefined
}

const TALK_COLUMNS: readonly Column<Talk>[] = [
  { id: 'from', header: 'Calls', cell: ({ client }) => <DeviceLink device={client} isRow /> },
  { id: 'to', header: 'Is called', cell: ({ server }) => <DeviceLink device={server} /> },
  { id: 'how', header: 'Services', cell: ({ protocols }) => protocols.map(say).join(', ') },
  { id: 'sessions', header: 'Sessions', isNumber: true, cell: (row) => sayCount(row.sessions) },
  { id: 'bytes', header: 'Traffic', isNumber: true, cell: (row) => sayBytes(row.bytes) },
]

function Talks({ data }: { readonly data: NetworkMap }) {
  const rows = useMemo(() => {
    const byId = new Map(data.nodes.map((node) => [node.id, node]))
    return data.edges.slice(0, MOST_ROWS).map((edge) => ({
      ...edge,
      id: `${edge.from} ${edge.to}`,
      client: byId.get(edge.from),
      server: byId.get(edge.to),
    }))
  }, [data])
  return (
    <Panel
      title={
        data.edges.length > MOST_ROWS
          ? `The ${MOST_ROWS} pairs with most traffic`
          : 'Who talks to whom'
      }
      isFlush
    >
      {rows.length === 0 ? (
        <Empty title="No conversation seen">
          Nobody was seen to talk in these days, or no sensor sits where it passes.
        </Empty>
      ) : (
        <DataTable caption="Who talks to whom" rows={rows} columns={TALK_COLUMNS} />
      )}
    </Panel>
  )
}
