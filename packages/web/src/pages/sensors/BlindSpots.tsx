import { Stack } from '@mantine/core'
import { type SensorIssue, type SensorView, listSensorIssues } from '@wardkeeper/contract'
import { useFollow } from '../../api/live.ts'
import { useCall } from '../../api/queries.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { sayCount, sayMany } from '../../ui/words.ts'

/** What each code means for the reader, and what mends it. */
const WORDS: Readonly<
  Record<SensorIssue['code'], { readonly says: string; readonly mend: string }>
> = {
  'behind-router': {
    says: 'heard only through a router: what its devices say among themselves is not seen',
    mend: 'Mirror the switch of this network too.',
  },
  'capture-loss': {
    says: 'conversations have holes: frames are lost on the way to the sensor',
    mend: 'Look at the load of the mirror port: it may carry more than it can pass on.',
  },
  'clock-steps': {
    says: 'the clock of the frames jumps: times of this sensor are not sure',
    mend: 'Set the time of the sensor by NTP.',
  },
  'kernel-drops': {
    says: 'frames arrive faster than they are taken',
    mend: 'Give the sensor more processor time, or mirror fewer VLANs to it.',
  },
  'one-sided': {
    says: 'only one side of conversations is heard',
    mend: 'Mirror both directions (receive and transmit) of the port.',
  },
  silent: {
    says: 'nothing is heard',
    mend: 'See whether the mirror port is still set up and the cable is in.',
  },
  'silent-vlan': {
    says: 'was heard, and no longer is',
    mend: 'See whether this VLAN is still part of the mirror.',
  },
  truncated: {
    says: 'frames are cut short before they reach the sensor',
    mend: 'Raise the snap length of the capture, or the MTU of the tunnel.',
  },
}

const ISSUES: readonly Column<SensorIssue>[] = [
  {
    id: 'what',
    header: 'What is not seen',
    width: 420,
    cell: ({ code, scope, until }) => (
      <>
        <Mark tone={until === undefined ? 'medium' : 'neutral'}>
          {scope === '' ? 'All of it' : scope}: {WORDS[code].says}
        </Mark>
        {until === undefined ? <div className="quiet">{WORDS[code].mend}</div> : null}
      </>
    ),
  },
  { id: 'sensor', header: 'Sensor', cell: (row) => row.sensor },
  {
    id: 'share',
    header: 'How much',
    isNumber: true,
    cell: ({ share }) => (share >= 0.01 ? `${Math.round(share * 100)} %` : 'under 1 %'),
  },
  { id: 'since', header: 'Since', cell: (row) => <Time at={row.since} /> },
  { id: 'until', header: 'Until', cell: (row) => <Time at={row.until} none="still so" /> },
]

interface Heard {
  readonly id: string
  readonly scope: string
  readonly sensor: string
  readonly how: string
  readonly last: string
  readonly issue: SensorIssue | undefined
}

const HEARD: readonly Column<Heard>[] = [
  { id: 'scope', header: 'Network', width: 200, cell: (row) => <b>{row.scope}</b> },
  {
    id: 'state',
    header: 'Seen',
    width: 220,
    cell: ({ issue }) =>
      issue === undefined ? (
        <Mark tone="good">Heard itself</Mark>
      ) : (
        <Mark tone={issue.code === 'silent-vlan' ? 'unknown' : 'half'}>{SEEN[issue.code]}</Mark>
      ),
  },
  { id: 'how', header: 'What was heard', cell: (row) => row.how },
  { id: 'sensor', header: 'Sensor', cell: (row) => row.sensor },
  { id: 'last', header: 'Last heard', cell: (row) => <Time at={row.last} /> },
]

const SEEN: Readonly<Partial<Record<SensorIssue['code'], string>>> = {
  'behind-router': 'Only what leaves it',
  'one-sided': 'One side only',
  'silent-vlan': 'Not any more',
}

const MOST_ROWS = 50

/** Where sensors are blind, and what they do hear: "not seen" is only "not there" where somebody looks. */
export function BlindSpots({ sensors }: { readonly sensors: readonly SensorView[] }) {
  const issues = useCall(listSensorIssues, {})
  useFollow(['sensor.changed'], issues)
  return (
    <Answer query={issues}>
      {({ items }) => (
        <Stack gap="md">
          <Panel title="Blind spots" isFlush>
            {items.length === 0 ? (
              <Empty title="No blind spot is known">
                Every sensor takes what it is shown. A network that no sensor is shown does not
                appear here: compare the list below with the VLANs that you have.
              </Empty>
            ) : (
              <DataTable caption="Blind spots" rows={items} columns={ISSUES} />
            )}
          </Panel>
          <HeardPanel rows={heardBy(sensors, items)} />
        </Stack>
      )}
    </Answer>
  )
}

function HeardPanel({ rows }: { readonly rows: readonly Heard[] }) {
  const shown = rows.slice(0, MOST_ROWS)
  return (
    <Panel
      title="Networks that are heard"
      isFlush
      aside={
        rows.length > shown.length ? (
          <span className="quiet">
            the {MOST_ROWS} largest of {sayCount(rows.length)}
          </span>
        ) : null
      }
    >
      {rows.length === 0 ? (
        <Empty title="No network was heard yet">
          VLANs and networks appear here with the first flows that end.
        </Empty>
      ) : (
        <DataTable caption="Networks that are heard" rows={shown} columns={HEARD} />
      )}
    </Panel>
  )
}

function heardBy(sensors: readonly SensorView[], issues: readonly SensorIssue[]): Heard[] {
  const open = issues.filter(({ until }) => until === undefined)
  const issueOf = (sensorId: string, scope: string) =>
    open.find((issue) => issue.sensorId === sensorId && issue.scope === scope)
  const row = (sensor: SensorView, scope: string, how: string, last: string): Heard => ({
    id: `${sensor.id} ${scope}`,
    scope,
    sensor: sensor.name,
    how,
    last,
    issue: issueOf(sensor.id, scope),
  })
  return sensors.flatMap((sensor) => [
    ...sensor.coverage.vlans.map(({ vlan, packets, conversations, last }) => {
      const how = `${sayMany(packets, 'packet')}, ${sayMany(conversations, 'conversation')}`
      return row(sensor, vlan === 0 ? 'no VLAN' : `vlan ${vlan}`, how, last)
    }),
    ...sensor.coverage.networks.map(({ network, hosts, last }) =>
      row(sensor, network, sayMany(hosts, 'address', 'addresses'), last),
    ),
  ])
}
