import { Button, Checkbox, Group } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import {
  countReconciliation,
  listReconciliation,
  RECONCILIATION_DECISIONS,
  type ReconciliationDecision,
  type ReconciliationItem,
} from '@wardkeeper/contract'
import { useState } from 'react'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { ChoiceFilter, Facet } from '../../table/Facet.tsx'
import { ListBar, ListSearchBox, NewRows, Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { sayMany } from '../../ui/words.ts'
import { DecideButton } from './DecideButton.tsx'
import { MatchRates } from './MatchRates.tsx'
import { sayKind } from './words.ts'

const route = getRouteApi('/signed-in/reconcile')
type Search = ReturnType<typeof route.useSearch>
const NO_FILTER = {
  q: undefined,
  kind: undefined,
  owner: undefined,
  state: undefined,
} satisfies Search

export default function ReconcilePage() {
  const list = useList<Search>()
  const items = useCall(listReconciliation, { query: list.query })
  const counts = useCall(countReconciliation, {
    query: {
      q: list.search.q,
      kind: list.search.kind,
      owner: list.search.owner,
      state: list.search.state,
    },
  })
  const canDecide = useCan('assets:decide')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const shown = items.data?.items ?? []
  const picked = shown.filter(({ id, state }) => chosen.includes(id) && state === 'open')
  const isFiltered = Object.keys(NO_FILTER).some((name) => list.search[name as keyof Search])
  return (
    <>
      <PageHeader
        title="Reconcile"
        says={
          items.data
            ? `${sayMany(items.data.total, 'question')} where records and network disagree`
            : 'Where records and network disagree'
        }
      />
      <div className="with-facets">
        <aside aria-label="Filters" className="facets">
          <Answer query={counts} lines={8}>
            {(facets) => (
              <>
                {isFiltered ? (
                  <Button variant="default" mb="md" onClick={() => list.change(NO_FILTER)}>
                    Clear all filters
                  </Button>
                ) : null}
                <Facet
                  label="Question"
                  words={sayKind}
                  counts={facets.kind}
                  chosen={list.search.kind}
                  onChange={(next) => list.change({ kind: next as Search['kind'] })}
                />
                <Facet
                  label="Owner"
                  words={(value) => value}
                  counts={facets.owner}
                  chosen={list.search.owner}
                  onChange={(next) => list.change({ owner: next })}
                />
              </>
            )}
          </Answer>
        </aside>
        <div style={{ minWidth: 0 }}>
          <MatchRates />
          <Panel isFlush>
            <ListBar>
              <ListSearchBox
                label="Device, serial, reason"
                value={list.search.q}
                onChange={(q) => list.change({ q })}
              />
              <ChoiceFilter
                label="State"
                words={['open', 'decided', 'ended'] as const}
                chosen={list.search.state}
                onChange={(next) => list.change({ state: next })}
              />
              <NewRows types={['reconciliation.changed']} query={items} one="question" />
              <span style={{ marginLeft: 'auto' }} />
              {canDecide ? <Bulk picked={picked} onDone={() => setChosen([])} /> : null}
            </ListBar>
            <Answer query={items} lines={10}>
              {(data) =>
                data.items.length === 0 ? (
                  <NoItems isFiltered={isFiltered} onClear={() => list.change(NO_FILTER)} />
                ) : (
                  <>
                    <DataTable
                      caption="Questions"
                      rows={data.items}
                      columns={columnsOf(canDecide ? chosen : undefined, setChosen)}
                      sort={list.search.sort}
                      onSort={(sort) => list.change({ sort: sort as Search['sort'] })}
                      opens={(row) => `/reconcile/${row.id}`}
                    />
                    <Pager list={list} data={data} one="question" />
                  </>
                )
              }
            </Answer>
          </Panel>
        </div>
      </div>
    </>
  )
}

function NoItems({
  isFiltered,
  onClear,
}: {
  readonly isFiltered: boolean
  readonly onClear: () => void
}) {
  if (isFiltered)
    return (
      <Empty
        title="No question matches these filters"
        action={<Button onClick={onClear}>Clear all filters</Button>}
      />
    )
  return (
    <Empty title="Records and network agree">
      That holds for what we can see. Where no sensor listens nothing can be compared; import the
      records of your maintenance system if there are none yet.
    </Empty>
  )
}

/** One answer for all that are chosen: only those that each of them can have. */
function Bulk({
  picked,
  onDone,
}: {
  readonly picked: readonly ReconciliationItem[]
  readonly onDone: () => void
}) {
  if (picked.length === 0) return null
  const possible = RECONCILIATION_DECISIONS.filter((decision) =>
    picked.every(
      (item) =>
        BULK[item.kind]?.includes(decision) &&
        (decision !== 'link' || item.suggestion !== undefined),
    ),
  )
  return (
    <Group gap={6}>
      <span className="quiet">{picked.length} chosen</span>
      {possible.map((decision) => (
        <DecideButton key={decision} items={picked} decision={decision} onDone={onDone} />
      ))}
    </Group>
  )
}

const BULK: Readonly<Record<string, readonly ReconciliationDecision[]>> = {
  ambiguous: ['link', 'create', 'dismiss'],
  clone: ['dismiss'],
  duplicate: ['dismiss'],
  ghost: ['link', 'missing', 'not-connected', 'retire', 'dismiss'],
  moved: ['take-declared', 'take-observed', 'dismiss'],
  proposal: ['create', 'dismiss'],
  'seen-twice': ['merge', 'dismiss'],
  stranger: ['link', 'create', 'dismiss'],
  vanished: ['retire', 'dismiss'],
  'wrong-model': ['take-declared', 'take-observed', 'dismiss'],
  'wrong-version': ['take-declared', 'take-observed', 'dismiss'],
}

function columnsOf(
  chosen: readonly string[] | undefined,
  setChosen: (next: readonly string[]) => void,
): readonly Column<ReconciliationItem>[] {
  const title: Column<ReconciliationItem> = {
    id: 'title',
    header: 'Question',
    cell: (row) => row.title,
    sort: 'title',
    width: 260,
  }
  const pick: Column<ReconciliationItem> = {
    id: 'pick',
    header: 'Choose',
    cell: (row) =>
      row.state === 'open' && chosen !== undefined ? (
        <Checkbox
          aria-label={`Choose ${row.title}`}
          checked={chosen.includes(row.id)}
          onChange={() =>
            setChosen(
              chosen.includes(row.id) ? chosen.filter((id) => id !== row.id) : [...chosen, row.id],
            )
          }
        />
      ) : null,
  }
  return [
    title,
    { id: 'kind', header: 'Kind', cell: (row) => sayKind(row.kind) },
    {
      id: 'suggestion',
      header: 'May be',
      width: 220,
      cell: (row) =>
        row.suggestion === undefined ? (
          <span className="quiet">nothing suggested</span>
        ) : (
          <>
            {row.suggestion.label} <span className="quiet">{row.suggestion.score.toFixed(2)}</span>
            <div className="quiet">{row.suggestion.reasons[0]}</div>
          </>
        ),
    },
    {
      id: 'owner',
      header: 'Owner',
      cell: (row) => row.owner ?? <span className="quiet">nobody</span>,
    },
    { id: 'age', header: 'Asked', sort: 'opened', cell: (row) => <Time at={row.opened} /> },
    ...(chosen === undefined ? [] : [pick]),
  ]
}
