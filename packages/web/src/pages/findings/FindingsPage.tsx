import { Button, SegmentedControl } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { finding, listFindings, listRemedies } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import type { FindingsView } from '../../app/views.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { ChoiceFilter } from '../../table/Facet.tsx'
import { ListBar, ListSearchBox, NewRows, Pager, TableLook } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { FINDING_COLUMNS } from './columns.tsx'
import { RemedyTable } from './RemedyTable.tsx'
import { StaleNote } from './StaleNote.tsx'

const route = getRouteApi('/signed-in/findings')
type Search = ReturnType<typeof route.useSearch>

const NO_FILTER = {
  q: undefined,
  verdict: undefined,
  severity: undefined,
  state: undefined,
  kind: undefined,
  subject: undefined,
  remedy: undefined,
  assetId: undefined,
} satisfies Search

const FILTERS = Object.keys(NO_FILTER) as (keyof typeof NO_FILTER)[]

const VIEWS = [
  { value: 'remedy', label: 'By remedy' },
  { value: 'device', label: 'By device' },
]

export default function FindingsPage() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const isFiltered = FILTERS.some((name) => search[name])
  const view: FindingsView = search.view ?? (isFiltered ? 'device' : 'remedy')
  const show = (next: string) =>
    void navigate({
      to: '/findings',
      search: next === 'remedy' ? {} : { view: 'device', state: ['open', 'in-progress'] },
    })
  return (
    <>
      <PageHeader
        title="Findings"
        says={
          view === 'remedy'
            ? 'What one deed would end, most devices first'
            : 'Advisories and weaknesses, held against each device'
        }
        actions={
          <>
            <Button
              component="a"
              variant="default"
              href="/api/findings/export.csv"
              download="wardkeeper-findings.csv"
            >
              CSV
            </Button>
            <SegmentedControl data={VIEWS} value={view} onChange={show} aria-label="Arrangement" />
          </>
        }
      />
      {view === 'remedy' ? <ByRemedy /> : <ByDevice isFiltered={isFiltered} />}
    </>
  )
}

function ByRemedy() {
  const remedies = useCall(listRemedies, { query: { limit: 50 } })
  return (
    <Panel isFlush>
      <StaleNote />
      <ListBar>
        <span className="quiet">
          Open findings only. Possibly affected: a fact is missing, so look.
        </span>
        <NewRows types={['finding.changed']} query={remedies} one="finding" />
      </ListBar>
      <Answer query={remedies}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No open finding">
              Every advisory we hold was compared with what is known of every device. Devices of
              which little is known may still be affected.
            </Empty>
          ) : (
            <RemedyTable items={items} />
          )
        }
      </Answer>
    </Panel>
  )
}

const VERDICTS = finding.shape.verdict.options
const SEVERITIES = finding.shape.severity.options
const STATES = finding.shape.state.options
const KINDS = finding.shape.kind.options

function ByDevice({ isFiltered }: { readonly isFiltered: boolean }) {
  const list = useList<Search>()
  const { view: _view, ...query } = list.query
  const findings = useCall(listFindings, { query })
  const { search, change } = list
  return (
    <Panel isFlush>
      <StaleNote />
      <ListBar>
        <ListSearchBox
          label="Advisory, CVE, device"
          value={search.q}
          onChange={(q) => change({ q })}
        />
        <ChoiceFilter
          label="Verdict"
          words={VERDICTS}
          chosen={search.verdict}
          onChange={(verdict) => change({ verdict })}
        />
        <ChoiceFilter
          label="Severity"
          words={SEVERITIES}
          chosen={search.severity}
          onChange={(severity) => change({ severity })}
        />
        <ChoiceFilter
          label="State"
          words={STATES}
          chosen={search.state}
          onChange={(state) => change({ state })}
        />
        <ChoiceFilter
          label="Kind"
          words={KINDS}
          chosen={search.kind}
          onChange={(kind) => change({ kind })}
        />
        {isFiltered ? (
          <Button variant="default" onClick={() => change(NO_FILTER)}>
            Clear all
          </Button>
        ) : null}
        <NewRows types={['finding.changed']} query={findings} one="finding" />
        <span style={{ marginLeft: 'auto' }} />
        <TableLook
          columns={FINDING_COLUMNS}
          shown={search.columns}
          onChange={(columns) => change({ columns })}
        />
      </ListBar>
      {search.subject === undefined && search.remedy === undefined ? null : (
        <ListBar>
          <span className="quiet">
            Only {[search.subject, search.remedy].filter(Boolean).join(', ')}
          </span>
        </ListBar>
      )}
      <Answer query={findings}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title={isFiltered ? 'No finding matches' : 'No finding'}>
              {isFiltered
                ? 'Fewer filters show more. A finding that ended is kept: choose the state "Resolved".'
                : 'Nothing is held against any device.'}
            </Empty>
          ) : (
            <>
              <div className="scroll-x">
                <DataTable
                  caption="Findings"
                  rows={data.items}
                  columns={FINDING_COLUMNS}
                  shown={search.columns}
                  sort={search.sort}
                  onSort={(sort) => change({ sort: sort as Search['sort'] })}
                  opens={(row) => `/findings/${row.id}`}
                />
              </div>
              <Pager list={list} data={data} one="finding" />
            </>
          )
        }
      </Answer>
    </Panel>
  )
}
