import { SimpleGrid, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type Overview, getOverview, listRemedies } from '@wardkeeper/contract'
import { useFollow } from '../../api/live.ts'
import { useCall } from '../../api/queries.ts'
import { RiskHistory } from '../risk/History.tsx'
import { RemedyTable } from '../findings/RemedyTable.tsx'
import { FirstRun } from '../../ui/FirstRun.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { DateOf } from '../../ui/Time.tsx'
import { sayCount, sayMany } from '../../ui/words.ts'
import { Categories, Severities, Units } from './Charts.tsx'

const REFRESH_AFTER_MS = 5000
const FOLLOWED = [
  'asset.changed',
  'finding.changed',
  'incident.changed',
  'work-order.changed',
  'sensor.changed',
] as const

export default function OverviewPage() {
  const overview = useCall(getOverview, {})
  // Numbers may change under the reader's eyes: nothing moves by it.
  useFollow(FOLLOWED, overview, { delayMs: REFRESH_AFTER_MS })

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
        </Stack>
        <Stack gap="md">
          <Severities data={data} />
          <RiskHistory />
          <Sources data={data} />
        </Stack>
      </div>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Units />
        <Categories data={data} />
      </SimpleGrid>
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
    <SimpleGrid cols={{ base: 2, sm: 5 }} spacing="md">
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
            ? 'none listens now'
            : `${sensors.fresh} of ${sayMany(sensors.total, 'sensor')} fresh`}
        </dd>
        <dt>Captures</dt>
        <dd>{sensors.captures === 0 ? 'none read' : `${sayCount(sensors.captures)} read`}</dd>
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
