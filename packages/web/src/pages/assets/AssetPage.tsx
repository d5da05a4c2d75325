import { Group, Tabs, Text } from '@mantine/core'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { type AssetDetail, getAsset } from '@wardkeeper/contract'
import { useFollow } from '../../api/live.ts'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ASSET_TABS, type AssetTab } from '../../app/views.ts'
import { RiskCell } from '../../ui/BandMark.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { Where } from '../../ui/Links.tsx'
import { InUseMark, StateMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer } from '../../ui/Panel.tsx'
import { DateOf, Time } from '../../ui/Time.tsx'
import { say, sayConfidence, sayExact } from '../../ui/words.ts'
import { FindingCounts } from './columns.tsx'
import { Communications } from './Communications.tsx'
import { DeclareButton } from './DeclareButton.tsx'
import { Documents } from './Documents.tsx'
import { Exposure } from './Exposure.tsx'
import { History } from './History.tsx'
import { Identity } from './Identity.tsx'
import { Network } from './Network.tsx'
import { Observations } from './Observations.tsx'
import { AssetRisk } from './AssetRisk.tsx'
import { AssetWork } from './AssetWork.tsx'
import { ProposeButton } from './ProposeButton.tsx'
import { Use } from './Use.tsx'

const route = getRouteApi('/signed-in/assets/$id')

export default function AssetPage() {
  const { id } = route.useParams()
  const { tab = 'identity', at } = route.useSearch()
  const navigate = useNavigate()
  const asset = useCall(getAsset, { params: { id }, query: at === undefined ? {} : { at } })
  useFollow(['asset.changed'], asset, { id })
  const choose = (next: string | null) =>
    void navigate({
      to: '/assets/$id',
      params: { id },
      search: {
        ...(next === 'identity' ? {} : { tab: next as AssetTab }),
        ...(at === undefined ? {} : { at }),
      },
      replace: true,
    })
  return (
    <Answer query={asset} lines={12}>
      {(data) => (
        <>
          {at === undefined ? null : <AsItWas id={data.id} at={at} />}
          <Header asset={data} isPast={at !== undefined} />
          <Tabs value={tab} onChange={choose} keepMounted={false}>
            <Tabs.List mb="md">
              {ASSET_TABS.map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {say(name)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="identity">
              <Identity asset={data} />
            </Tabs.Panel>
            <Tabs.Panel value="communications">
              <Communications asset={data} />
            </Tabs.Panel>
            <Tabs.Panel value="exposure">
              <Exposure assetId={data.id} />
            </Tabs.Panel>
            <Tabs.Panel value="risk">
              <AssetRisk assetId={data.id} />
            </Tabs.Panel>
            <Tabs.Panel value="work">
              <AssetWork asset={data} />
            </Tabs.Panel>
            <Tabs.Panel value="use">
              <Use asset={data} />
            </Tabs.Panel>
            <Tabs.Panel value="network">
              <Network asset={data} />
            </Tabs.Panel>
            <Tabs.Panel value="documents">
              <Documents asset={data} />
            </Tabs.Panel>
            <Tabs.Panel value="history">
              <History assetId={data.id} />
            </Tabs.Panel>
            <Tabs.Panel value="observations">
              <Observations assetId={data.id} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Answer>
  )
}

/** Says that this is the past, and the way back. */
function AsItWas({ id, at }: { readonly id: string; readonly at: string }) {
  return (
    <div className="past" role="status">
      This is the device as it was known on {sayExact(at)}. Findings, work and traffic are those of
      now.{' '}
      <Link to="/assets/$id" params={{ id }} search={{ tab: 'history' }}>
        Back to now
      </Link>
    </div>
  )
}

/** What it is, where, whose, in use or not, how it fares: before any tab. */
function Header({ asset, isPast }: { readonly asset: AssetDetail; readonly isPast: boolean }) {
  const canDecide = useCan('assets:decide')
  const canPropose = useCan('assets:propose')
  const product = [asset.manufacturer?.value, asset.model?.value].filter(Boolean).join(' ')
  const what = [
    asset.type ? withConfidence(say(asset.type.value), asset.type.confidence) : undefined,
    product === '' || asset.label.includes(product)
      ? undefined
      : withConfidence(product, (asset.model ?? asset.manufacturer)?.confidence ?? 0),
  ].filter(Boolean)
  return (
    <>
      <PageHeader
        title={asset.label}
        says={what.length > 0 ? what.join(', ') : <Unknown say="we do not know what this is yet" />}
        actions={
          isPast ? null : (
            <>
              {canPropose ? <ProposeButton asset={asset} /> : null}
              {canDecide ? <DeclareButton asset={asset} /> : null}
            </>
          )
        }
      />
      <Group gap={8} mb="sm" mt={-6}>
        <StateMark state={asset.state} />
        <InUseMark inUse={asset.inUse} />
        {asset.isConnected ? null : <Text c="dimmed">not connected now</Text>}
      </Group>
      <section className="panel header-facts" aria-label="In short">
        <Fact label="Where">
          <Where unit={asset.unit} room={asset.room} />
        </Fact>
        <Fact label="Owner">
          {asset.owner ?? asset.ownership?.accountable ?? <Unknown say="nobody owns this" />}
        </Fact>
        <Fact label="Risk">
          <RiskCell risk={asset.risk} />
        </Fact>
        <Fact label="Open findings">
          <FindingCounts findings={asset.findings} />
        </Fact>
        <Fact label="Open incidents">{asset.openIncidents}</Fact>
        <Fact label="Warranty until">
          <DateOf date={asset.warrantyUntil} none="not known" />
        </Fact>
        <Fact label="Last seen">
          <Time at={asset.lastSeen} />
        </Fact>
        <Fact label="First seen">
          <Time at={asset.firstSeen} />
        </Fact>
      </section>
    </>
  )
}

function withConfidence(words: string, confidence: number): string {
  return `${words} (${sayConfidence(confidence)}, ${confidence.toFixed(2)})`
}

function Fact({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <div className="quiet">{label}</div>
      <div>{children}</div>
    </div>
  )
}
