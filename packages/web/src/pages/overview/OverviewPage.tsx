import { Group, SimpleGrid, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type Overview, getOverview, listRemedies } from '@wardkeeper/contract'
import { useEffect } from 'react'
import { useChangesSince } from '../../api/live.ts'
import { useCall } from '../../api/queries.ts'
import { RemedyTable } from '../findings/RemedyTable.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { FirstRun } from '../../ui/FirstRun.tsx'
import { SeverityMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { DateOf } from '../../ui/Time.tsx'
import { say, sayCount, sayMany } from '../../ui/words.ts'

const REFRESH_AFTER_MS = 5000

export default function OverviewPage() {
  const overview = useCall(getOverview, {})
  const { refetch } = overview
  const changes = useChangesSince(
    [
      'asset.changed',
      'finding.changed',
      'incident.changed',
      'work-order.changed',
      'sensor.changed',
    ],
    overview.dataUpdatedAt,
  )
  // Numbers may change under the reader's eyes: nothing moves by it.
  useEffect(() => {
    if (changes === 0) return undefined
    const timer = setTimeout(() => void refetch(), REFRESH_AFTER_MS)
    return () => clearTimeout(timer)
  }, [changes, refetch])

  return (
    <>
      <PageHeader title="Overview" says="What needs somebody now" />
      <Answer query={overview} lines={12}>
        {(data) =>
          data.assets === 0 ? (
            <Panel>
              <FirstRun />
            </Panel>
          ) : (
            <Whole data={data} />
          )
        }
      </Answer>
    </>
  )
}

function Whole({ data }: { readonly data: Overview }) {
  return (
    <Stack gap="md">
      <Attention attention={data.attention} />
      <Numbers data={data} />
      <div className="two-thirds">
        <Stack gap="md">
          <Remedies />
          <Categories data={data} />
        </Stack>
        <Stack gap="md">
          <Sources data={data} />
          <Severities data={data} />
        </Stack>
      </div>
    </Stack>
  )
}

function Attention({ attention }: Pick<Overview, 'attention'>) {
  const waiting = attention.filter(({ count }) => count > 0)
  return (
    <Panel title="Waits for a person">
      {waiting.length === 0 ? (
        <Empty title="Nothing waits for a decision">
          New findings, detections and overdue work appear here as they come.
        </Empty>
      ) : (
        <div className="attention">
          {waiting.map(({ code, title, count, path }) => (
            <Link key={code} to={path} className="attention-item" data-row="">
              <span className="big">{sayCount(count)}</span>
              <span>{title}</span>
            </Link>
          ))}
        </div>
      )}
    </Panel>
  )
}

function Numbers({ data }: { readonly data: Overview }) {
  const share = data.assets === 0 ? 0 : Math.round((100 * data.identified) / data.assets)
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="md">
      <Figure
        to="/assets"
        value={data.assets}
        says="devices"
        detail={`${sayCount(data.connected)} connected`}
      />
      <Figure
        to="/assets"
        value={data.identified}
        says="identified"
        detail={`${share} % have a maker and a type`}
      />
      <Figure
        to="/incidents"
        value={data.openIncidents}
        says={data.openIncidents === 1 ? 'open incident' : 'open incidents'}
      />
      <Figure
        to="/work"
        value={data.openWorkOrders}
        says={data.openWorkOrders === 1 ? 'open work order' : 'open work orders'}
      />
      <Figure to="/assets?sort=-firstSeen" value={data.newThisWeek} says="new this week" />
    </SimpleGrid>
  )
}

function Figure({
  to,
  value,
  says,
  detail,
}: {
  readonly to: string
  readonly value: number
  readonly says: string
  readonly detail?: string
}) {
  return (
    <Link to={to} className="card">
      <span className="big">{sayCount(value)}</span> {says}
      <div className="quiet">{detail ?? '\u00a0'}</div>
    </Link>
  )
}

function Remedies() {
  const remedies = useCall(listRemedies, { query: { limit: 8 } })
  return (
    <Panel
      title="What would end most findings"
      aside={<Link to="/findings">All findings</Link>}
      isFlush
    >
      <Answer query={remedies} lines={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No open finding">
              Every advisory we hold was compared with every device. The date of the advisories is
              beside this.
            </Empty>
          ) : (
            <RemedyTable items={items} />
          )
        }
      </Answer>
    </Panel>
  )
}

function Sources({ data }: { readonly data: Overview }) {
  const { sensors, advisories } = data
  return (
    <Panel title="How fresh is this?" aside={<Link to="/sensors">Sensors</Link>}>
      <dl className="facts">
        <dt>Sensors</dt>
        <dd>
          {sensors.total === 0
            ? 'none: nothing is being heard'
            : `${sensors.fresh} of ${sayMany(sensors.total, 'sensor')} fresh`}
        </dd>
        <dt>Advisories</dt>
        <dd>{sayMany(advisories.count, 'advisory', 'advisories')}</dd>
        <dt>Newest from</dt>
        <dd>
          <DateOf date={advisories.date} none="not known" />
          {advisories.ageDays === undefined ? null : (
            <span className="quiet"> ({sayMany(advisories.ageDays, 'day')} old)</span>
          )}
        </dd>
      </dl>
    </Panel>
  )
}

function Severities({ data }: { readonly data: Overview }) {
  return (
    <Panel title="Open findings" isFlush>
      <table className="rows compact" aria-label="Open findings by severity">
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col" className="number">
              Affected
            </th>
            <th scope="col" className="number">
              Possibly
            </th>
          </tr>
        </thead>
        <tbody>
          {data.findingsBySeverity.map(({ severity, affected, possible }) => (
            <tr key={severity}>
              <td>
                <Link
                  to="/findings"
                  search={{ severity: [severity as 'high'], state: ['open'], view: 'device' }}
                >
                  <SeverityMark severity={severity as 'high'} />
                </Link>
              </td>
              <td className="number">{sayCount(affected)}</td>
              <td className="number">{sayCount(possible)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

const SHOWN = 8

function Categories({ data }: { readonly data: Overview }) {
  const most = Math.max(1, ...data.byCategory.map(({ count }) => count))
  return (
    <Panel title="Devices by category" isFlush>
      <table className="rows compact" aria-label="Devices by category">
        <tbody>
          {data.byCategory.slice(0, SHOWN).map(({ value, count }) => (
            <tr key={value ?? ''}>
              <th scope="row" style={{ fontWeight: 400 }}>
                <Link to="/assets" search={{ category: [value ?? ''] }}>
                  {value === undefined ? <Unknown /> : say(value)}
                </Link>
              </th>
              <td style={{ width: '45%' }} aria-hidden="true">
                <span className="bar" style={{ width: `${(100 * count) / most}%` }} />
              </td>
              <td className="number">{sayCount(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.byCategory.length > SHOWN ? (
        <Group justify="flex-end" px={12} py={6}>
          <Link to="/assets">All {data.byCategory.length}</Link>
        </Group>
      ) : null}
    </Panel>
  )
}
