import { Button, Stack, Tabs } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { exportRisk, getRisk, reportRisk } from '@wardkeeper/contract'
import type { CallOutput } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { BANDS, BandMark } from '../../ui/BandMark.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { sayCount, sayMany } from '../../ui/words.ts'
import { Link } from '@tanstack/react-router'
import { Actions } from './Actions.tsx'
import { Controls } from './Controls.tsx'
import { RiskHistory } from './History.tsx'
import { Method } from './Method.tsx'
import { Rollups } from './Rollups.tsx'
import { RISK_VIEWS, type RiskSearch, type RiskView } from './search.ts'
import { WhatIf } from './WhatIf.tsx'

const route = getRouteApi('/signed-in/risk')

const TITLES: Readonly<Record<RiskView, string>> = {
  overview: 'Where it is',
  actions: 'What lowers it most',
  'what-if': 'What if',
  controls: 'Controls',
  method: 'Method',
}

export default function RiskPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const view = search.view ?? 'overview'
  const change = (patch: Partial<RiskSearch>) => {
    const next = Object.entries({ ...search, ...patch }).filter(([, value]) => value !== undefined)
    void navigate({ to: '/risk', search: Object.fromEntries(next) as RiskSearch, replace: true })
  }
  return (
    <>
      <PageHeader
        title="Risk"
        says="Likelihood times impact, from what was seen; what is not known never counts as safe"
        actions={
          <>
            <Button component="a" href={exportRisk.path} variant="default" download>
              CSV
            </Button>
            <Button component="a" href={reportRisk.path} variant="default" download>
              PDF
            </Button>
          </>
        }
      />
      <Tabs
        value={view}
        onChange={(next) =>
          void navigate({
            to: '/risk',
            search: next === 'overview' ? {} : { view: next as RiskView },
          })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {RISK_VIEWS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {TITLES[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Stack gap="md">
            <Spread />
            <div className="two-thirds">
              <Rollups scope={search.by ?? 'unit'} onScope={(by) => change({ by })} />
              <RiskHistory />
            </div>
            <Actions limit={5} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="actions">
          <Actions />
        </Tabs.Panel>
        <Tabs.Panel value="what-if">
          <WhatIf search={search} change={change} />
        </Tabs.Panel>
        <Tabs.Panel value="controls">
          <Controls />
        </Tabs.Panel>
        <Tabs.Panel value="method">
          <Method />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

/** How many devices lie in each band. */
function Spread() {
  const risk = useCall(getRisk, {})
  return (
    <Panel title="How devices spread">
      <Answer query={risk} lines={3}>
        {(data) =>
          data.total === 0 ? (
            <Empty title="No device yet">
              Scores follow within a minute of the first device that is seen or imported.
            </Empty>
          ) : (
            <Counts data={data} />
          )
        }
      </Answer>
    </Panel>
  )
}

function Counts({ data }: { readonly data: CallOutput<typeof getRisk> }) {
  const { bands, total, waiting, uncertain } = data
  return (
    <>
      <div className="attention">
        {BANDS.map((band) => (
          <Link
            key={band}
            to="/assets"
            search={{ risk: [band], sort: '-risk' }}
            className="attention-item"
            data-row=""
          >
            <span className="big">{sayCount(bands[band])}</span>
            <BandMark band={band} />
          </Link>
        ))}
      </div>
      <p className="quiet">
        {sayMany(total, 'device')}. What is not known of them could move {sayCount(uncertain)} into
        another band.
        {waiting === 0 ? '' : ` ${sayMany(waiting, 'device')} wait to be scored.`}
      </p>
    </>
  )
}
