import { Stack } from '@mantine/core'
import { Link, getRouteApi } from '@tanstack/react-router'
import { type AdvisoryDetail, getAdvisory, listFindings } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { Mark, VerdictMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { sayCount } from '../../ui/words.ts'
import { FINDING_COLUMNS } from './columns.tsx'
import { StaleNote } from './StaleNote.tsx'

const route = getRouteApi('/signed-in/advisories/$id')

const NAMES = { csaf: 'Advisory', cve: 'Vulnerability', recall: 'Recall' } as const

export default function AdvisoryPage() {
  const { id } = route.useParams()
  const advisory = useCall(getAdvisory, { params: { id } })
  return (
    <>
      <PageHeader
        title={id}
        says={advisory.data === undefined ? 'Advisory' : saidBy(advisory.data)}
      />
      <Answer query={advisory} lines={10}>
        {(data) => (
          <Stack gap="md">
            <Facts advisory={data} />
            <Devices advisory={data} />
            <Products advisory={data} />
          </Stack>
        )}
      </Answer>
    </>
  )
}

function saidBy({ kind, source }: AdvisoryDetail): string {
  return `${NAMES[kind]} of ${source}`
}

function Facts({ advisory }: { readonly advisory: AdvisoryDetail }) {
  const exploited = advisory.vulnerabilities.filter(({ kev }) => kev !== undefined)
  return (
    <Panel title="Facts">
      <dl className="facts">
        <dt>Published</dt>
        <dd>
          {advisory.published}, revision {advisory.revision} of {advisory.revised}{' '}
          {advisory.isWithdrawn ? <Mark tone="unknown">Withdrawn</Mark> : null}
        </dd>
        {advisory.link === undefined ? null : (
          <>
            <dt>Document</dt>
            <dd>
              <a href={advisory.link} target="_blank" rel="noreferrer noopener">
                {advisory.link}
              </a>
            </dd>
          </>
        )}
        {advisory.vulnerabilities.length === 0 ? null : (
          <>
            <dt>Vulnerabilities</dt>
            <dd>{advisory.vulnerabilities.map(({ cve }) => cve).join(', ')}</dd>
          </>
        )}
        {exploited.length === 0 ? null : (
          <>
            <dt>Exploited in the wild</dt>
            <dd>{exploited.map(({ cve, kev }) => `${cve} since ${kev}`).join(', ')}</dd>
          </>
        )}
        <dt>What we know is of</dt>
        <dd>{advisory.asOf ?? 'no known day'}</dd>
        {advisory.revisions.length === 0 ? null : (
          <>
            <dt>Earlier revisions</dt>
            <dd>
              {advisory.revisions.map((one) => `${one.revision} (${one.revised})`).join(', ')}
            </dd>
          </>
        )}
      </dl>
    </Panel>
  )
}

function Devices({ advisory }: { readonly advisory: AdvisoryDetail }) {
  const findings = useCall(listFindings, { query: { subject: advisory.id, limit: 100 } })
  return (
    <Panel title="Devices and verdicts" isFlush>
      <p className="quiet" style={{ padding: '6px 12px' }}>
        {advisory.verdicts.length === 0
          ? 'No device is named by it.'
          : advisory.verdicts.map(({ verdict, count }) => (
              <span key={verdict}>
                <VerdictMark verdict={verdict} /> {sayCount(count)}{' '}
              </span>
            ))}{' '}
        <Link to="/findings" search={{ subject: advisory.id, view: 'device' }}>
          All of them as a list
        </Link>
      </p>
      <StaleNote of="Devices that it does not name" />
      <Answer query={findings}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No device">No device of the inventory is held against it.</Empty>
          ) : (
            <div className="scroll-x">
              <DataTable
                caption="Devices"
                rows={items}
                columns={FINDING_COLUMNS}
                shown={undefined}
                sort={undefined}
                onSort={() => undefined}
                opens={(row) => `/findings/${row.id}`}
              />
            </div>
          )
        }
      </Answer>
    </Panel>
  )
}

function Products({ advisory }: { readonly advisory: AdvisoryDetail }) {
  return (
    <Panel title="Products as published" isFlush>
      <div className="scroll-x">
        <table className="rows compact" aria-label="Products">
          <thead>
            <tr>
              <th scope="col">Maker</th>
              <th scope="col">Product</th>
              <th scope="col">In its own words</th>
              <th scope="col">Range</th>
              <th scope="col">Its text says</th>
              <th scope="col" className="number">
                Vulnerabilities
              </th>
            </tr>
          </thead>
          <tbody>
            {advisory.products.map((one) => (
              <tr key={`${one.pid} ${one.vendor} ${one.product}`}>
                <td>{one.vendor}</td>
                <td>{one.product}</td>
                <td>{one.leaf === undefined ? <Unknown say="not kept" /> : <q>{one.leaf}</q>}</td>
                <td>
                  <code>{one.range}</code>
                </td>
                <td>{one.stated ?? ''}</td>
                <td className="number">{sayCount(one.cves.length)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
