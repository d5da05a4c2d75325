import { Progress, Stack } from '@mantine/core'
import { type SensorView, listSensors } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { useFollow } from '../../api/live.ts'
import { useCan } from '../../api/session.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { StateMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say, sayCount } from '../../ui/words.ts'
import { BlindSpots } from './BlindSpots.tsx'
import { CaptureUpload } from './CaptureUpload.tsx'

const COLUMNS: readonly Column<SensorView>[] = [
  {
    id: 'name',
    header: 'Sensor',
    width: 200,
    cell: (row) => (
      <>
        <b>{row.name}</b>
        <div className="quiet">{say(row.kind)}</div>
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    width: 160,
    cell: (row) => (
      <>
        <StateMark state={row.state} />
        {row.progress !== undefined && row.state === 'running' ? (
          <Progress
            mt={6}
            size="sm"
            value={row.progress * 100}
            aria-label={`Read: ${Math.round(row.progress * 100)} %`}
          />
        ) : null}
        {row.problem === undefined ? null : (
          <div>
            {row.state === 'finished'
              ? `Cut short ${row.problem}. All before it was used.`
              : row.problem}
          </div>
        )}
      </>
    ),
  },
  { id: 'frames', header: 'Frames', isNumber: true, cell: (row) => sayCount(row.frames) },
  { id: 'flows', header: 'Flows', isNumber: true, cell: (row) => sayCount(row.flows) },
  {
    id: 'observations',
    header: 'Observations',
    isNumber: true,
    cell: (row) => sayCount(row.observations),
  },
  {
    id: 'first',
    header: 'First frame',
    cell: (row) => <Time at={row.firstFrame} none="none yet" />,
  },
  { id: 'last', header: 'Last frame', cell: (row) => <Time at={row.lastFrame} none="none yet" /> },
  { id: 'counters', header: 'Losses and oddities', cell: (row) => <Counters sensor={row} /> },
]

/** Counters that say what was lost or could not be read; the others count what went well. */
const LOSSES = [
  ['dropped', 'frames dropped'],
  ['gaps', 'gaps in the capture'],
  ['truncatedFrames', 'frames cut short'],
  ['malformedFrames', 'frames that are broken'],
  ['unknownLinkFrames', 'frames of an unknown kind'],
  ['orphanFragments', 'fragments without their rest'],
  ['abandonedPackets', 'packets whose fragments did not all come'],
  ['tcpGaps', 'holes in conversations'],
  ['lostBytes', 'bytes lost in conversations'],
  ['brokenMessages', 'messages that are broken'],
  ['reassemblyDrops', 'pieces dropped for lack of room'],
  ['evictedFlows', 'flows forgotten for lack of room'],
  ['inspectionsDropped', 'looks given up for lack of room'],
  ['clockSteps', 'jumps of the clock'],
] as const

export default function SensorsPage() {
  const sensors = useCall(listSensors, {})
  const canUpload = useCan('captures:write')
  // Counters grow in place; no row moves, so this list follows by itself.
  useFollow(['sensor.changed'], sensors)
  return (
    <>
      <PageHeader title="Sensors" says="Where we listen. What no sensor hears is not known here" />
      {canUpload ? <CaptureUpload /> : null}
      <Stack gap="md">
        <Panel isFlush>
          <Answer query={sensors}>
            {({ items }) =>
              items.length === 0 ? (
                <Empty title="Nothing is being heard">
                  Hand in a capture file, or start Wardkeeper with <code>--interface</code> and the
                  name of the network card that a mirror port is plugged into.
                </Empty>
              ) : (
                <DataTable caption="Sensors" rows={items} columns={COLUMNS} />
              )
            }
          </Answer>
        </Panel>
        {sensors.data === undefined || sensors.data.items.length === 0 ? null : (
          <BlindSpots sensors={sensors.data.items} />
        )}
      </Stack>
    </>
  )
}

function Counters({ sensor }: { readonly sensor: SensorView }) {
  const counted = LOSSES.flatMap(([name, words]) => {
    const count = sensor.counters[name] ?? 0
    return count > 0 ? [{ name, words, count }] : []
  })
  if (counted.length === 0) {
    return sensor.frames === 0 ? (
      <Unknown say="nothing heard" />
    ) : (
      <span className="quiet">none</span>
    )
  }
  return (
    <ul style={{ margin: 0, paddingLeft: 16 }}>
      {counted.map(({ name, words, count }) => (
        <li key={name}>
          {words}: {sayCount(count)}
        </li>
      ))}
    </ul>
  )
}
