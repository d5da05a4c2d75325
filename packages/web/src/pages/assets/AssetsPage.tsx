import { Button, Checkbox, Menu } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import {
  ASSET_EXPORT_PATH,
  type AssetRow,
  countAssets,
  listAssets,
  listCustomFields,
} from '@wardkeeper/contract'
import { useMemo, useState } from 'react'
import { queryText } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { Facet } from '../../table/Facet.tsx'
import { ListBar, ListSearchBox, NewRows, Pager, TableLook } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { FirstRun } from '../../ui/FirstRun.tsx'
import { SeverityMark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { sayMany } from '../../ui/words.ts'
import { BulkBar } from './BulkBar.tsx'
import { columnsWith } from './columns.tsx'
import { Views } from './Views.tsx'

const route = getRouteApi('/signed-in/assets')
type Search = ReturnType<typeof route.useSearch>

const NO_FILTER = {
  q: undefined,
  type: undefined,
  category: undefined,
  manufacturer: undefined,
  unit: undefined,
  state: undefined,
  severity: undefined,
  tag: undefined,
} satisfies Search

export default function AssetsPage() {
  const list = useList<Search>()
  const canChange = useCan('assets:decide')
  const [chosen, setChosen] = useState<readonly string[]>([])
  const assets = useCall(listAssets, { query: list.query })
  const fields = useCall(listCustomFields, {})
  const columns = useMemo(() => columnsWith(fields.data?.items ?? []), [fields.data])
  const isFiltered = Object.keys(NO_FILTER).some((name) => list.search[name as keyof Search])
  return (
    <>
      <PageHeader
        title="Assets"
        says={
          assets.data
            ? `${sayMany(assets.data.total, 'device')}${isFiltered ? ' match the filters' : ', connected or not'}`
            : 'Every device, connected or not'
        }
      />
      <div className="with-facets">
        <Facets search={list.search} change={list.change} isFiltered={isFiltered} />
        <Panel isFlush>
          <ListBar>
            <ListSearchBox
              label="Name, address, model, serial"
              value={list.search.q}
              onChange={(q) => list.change({ q })}
            />
            <NewRows types={['asset.changed']} query={assets} one="device" />
            <span style={{ marginLeft: 'auto' }} />
            <ExportMenu query={list.query} />
            <Views search={queryText(withoutPage(list.search))} />
            <TableLook
              columns={columns}
              shown={list.search.columns}
              onChange={(columns) => list.change({ columns })}
            />
          </ListBar>
          <BulkBar chosen={chosen} onDone={() => setChosen([])} />
          <Answer query={assets} lines={14}>
            {(data) =>
              data.items.length === 0 ? (
                <NoAssets isFiltered={isFiltered} onClear={() => list.change(NO_FILTER)} />
              ) : (
                <>
                  <div className="scroll-x">
                    <DataTable
                      caption="Devices"
                      rows={data.items}
                      columns={canChange ? [selectColumn(chosen, setChosen), ...columns] : columns}
                      shown={list.search.columns && ['select', ...list.search.columns]}
                      sort={list.search.sort}
                      onSort={(sort) => list.change({ sort: sort as Search['sort'] })}
                      opens={(row) => `/assets/${row.id}`}
                    />
                  </div>
                  <Pager list={list} data={data} one="device" />
                </>
              )
            }
          </Answer>
        </Panel>
      </div>
    </>
  )
}

/** Takes what the filters leave as a file. */
function ExportMenu({ query }: { readonly query: Readonly<Record<string, unknown>> }) {
  const { limit: _limit, cursor: _cursor, ...filters } = query
  const href = (format: string) => `${ASSET_EXPORT_PATH}?${queryText({ ...filters, format })}`
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">Export</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={href('csv')} download>
          CSV
        </Menu.Item>
        <Menu.Item component="a" href={href('xlsx')} download>
          Excel (XLSX)
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** A view is a place of the list, not a page of it. */
function withoutPage({ cursor: _cursor, page: _page, ...search }: Search) {
  return search
}

function selectColumn(
  chosen: readonly string[],
  onChange: (chosen: readonly string[]) => void,
): Column<AssetRow> {
  return {
    id: 'select',
    header: 'Choose',
    cell: ({ id, label }) => (
      <Checkbox
        aria-label={`Choose ${label}`}
        checked={chosen.includes(id)}
        onChange={(event) =>
          onChange(
            event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id),
          )
        }
      />
    ),
  }
}

function NoAssets({
  isFiltered,
  onClear,
}: {
  readonly isFiltered: boolean
  readonly onClear: () => void
}) {
  if (!isFiltered) return <FirstRun />
  return (
    <Empty
      title="No device matches these filters"
      action={<Button onClick={onClear}>Clear all filters</Button>}
    >
      That does not say there is none: a device that no sensor can see, and nobody wrote down, is in
      no list.
    </Empty>
  )
}

function Facets({
  search,
  change,
  isFiltered,
}: {
  readonly search: Search
  readonly change: (patch: Partial<Search>) => void
  readonly isFiltered: boolean
}) {
  const { q, type, category, manufacturer, unit, state, severity, tag } = search
  // Only on a narrow screen, where the filters would push the devices out of sight.
  const [isOpen, setOpen] = useState(false)
  const counts = useCall(countAssets, {
    query: { q, type, category, manufacturer, unit, state, severity, tag },
  })
  return (
    <aside aria-label="Filters" className="facets" data-open={isOpen ? '' : undefined}>
      <Button
        variant="default"
        className="facets-switch"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? 'Hide the filters' : 'Filters'}
      </Button>
      <Answer query={counts} lines={12}>
        {(facets) => (
          <>
            {isFiltered ? (
              <Button variant="default" mb="md" onClick={() => change(NO_FILTER)}>
                Clear all filters
              </Button>
            ) : null}
            <Facet
              label="Category"
              counts={facets.category}
              chosen={category}
              onChange={(next) => change({ category: next })}
            />
            <Facet
              label="Type"
              counts={facets.type}
              chosen={type}
              onChange={(next) => change({ type: next })}
            />
            <Facet
              label="Maker"
              words={(value) => value}
              counts={facets.manufacturer}
              chosen={manufacturer}
              onChange={(next) => change({ manufacturer: next })}
            />
            <Facet
              label="Unit"
              words={(value) => value}
              counts={facets.unit}
              chosen={unit}
              onChange={(next) => change({ unit: next })}
            />
            <Facet
              label="State"
              counts={facets.state}
              chosen={state}
              onChange={(next) => change({ state: next as Search['state'] })}
            />
            <Facet
              label="Tag"
              words={(value) => value}
              counts={facets.tag}
              chosen={tag}
              onChange={(next) => change({ tag: next })}
            />
            <SeverityFilter chosen={severity} onChange={(next) => change({ severity: next })} />
          </>
        )}
      </Answer>
    </aside>
  )
}

type Severity = NonNullable<Search['severity']>[number]
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low']

/** No counts come with this one, so the marks themselves are the switches. */
function SeverityFilter({
  chosen = [],
  onChange,
}: {
  readonly chosen: Severity[] | undefined
  readonly onChange: (chosen: Severity[] | undefined) => void
}) {
  const toggle = (severity: Severity) => {
    const next = chosen.includes(severity)
      ? chosen.filter((one) => one !== severity)
      : [...chosen, severity]
    onChange(next.length === 0 ? undefined : next)
  }
  return (
    <fieldset className="facet plain">
      <legend>Open findings</legend>
      <span style={{ display: 'flex', flexWrap: 'wrap', gap: 6 }}>
        {SEVERITIES.map((severity) => (
          <button
            key={severity}
            type="button"
            className="toggle"
            aria-pressed={chosen.includes(severity)}
            onClick={() => toggle(severity)}
          >
            <SeverityMark severity={severity} />
          </button>
        ))}
      </span>
    </fieldset>
  )
}
