import { Group, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { getRouteApi } from '@tanstack/react-router'
import { type PatchView, addFeedDocument, listPatches } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { useHandIn } from '../../api/use-hand-in.ts'
import type { Column } from '../../table/DataTable.tsx'
import { FirstRows } from '../../table/FirstRows.tsx'
import { FileButton } from '../../ui/FileButton.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Failed, Panel } from '../../ui/Panel.tsx'
import { sayCount, sayDate } from '../../ui/words.ts'

const COLUMNS: readonly Column<PatchView>[] = [
  {
    id: 'device',
    header: 'For',
    width: 200,
    cell: (row) => (
      <>
        <b>
          {row.manufacturer} {row.model}
        </b>
        <div className="quiet">
          {row.fromVersion === 'vers:all/*' ? 'all versions' : row.fromVersion}
          {row.toVersion === undefined ? '' : ` to ${row.toVersion}`}
        </div>
      </>
    ),
  },
  {
    id: 'reference',
    header: 'Patch',
    width: 160,
    cell: (row) => (
      <>
        {row.reference.startsWith('https://') ? (
          <a href={row.reference} target="_blank" rel="noreferrer">
            {row.reference}
          </a>
        ) : (
          row.reference
        )}
        <div className="quiet">{row.kind === 'patch' ? 'patch' : 'mitigation'}</div>
      </>
    ),
  },
  {
    id: 'validated',
    header: 'Validated by the maker',
    cell: (row) =>
      row.validated === undefined ? (
        <Mark tone="unknown">Not yet</Mark>
      ) : (
        <Mark tone="good">{sayDate(row.validated)}</Mark>
      ),
  },
  {
    id: 'ends',
    header: 'Ends',
    width: 180,
    cell: (row) => [...row.cves, ...row.advisories].join(', '),
  },
  {
    id: 'minutes',
    header: 'Takes',
    isNumber: true,
    cell: (row) =>
      row.minutes === undefined ? <span className="quiet">not known</span> : `${row.minutes} min`,
  },
  { id: 'devices', header: 'Devices', isNumber: true, cell: (row) => sayCount(row.devices) },
  {
    id: 'findings',
    header: 'Open findings',
    isNumber: true,
    cell: (row) => sayCount(row.findings),
  },
]

const route = getRouteApi('/signed-in/patches')

export default function PatchesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const patches = useCall(listPatches, { query: search })
  const canWrite = useCan('advisories:write')
  const find = useDebouncedCallback((q: string) => {
    void navigate({ search: { q: q || undefined }, replace: true })
  }, 300)
  return (
    <>
      <PageHeader
        title="Patch register"
        says="What makers allow to be installed on their devices. What ends findings here comes first"
      />
      {canWrite ? <TableUpload /> : null}
      <Group gap="sm" mb="sm">
        <TextInput
          aria-label="Search patches"
          w={320}
          placeholder="Maker, model, CVE, patch"
          defaultValue={search.q ?? ''}
          onChange={(event) => find(event.currentTarget.value)}
        />
      </Group>
      <Panel isFlush>
        <Answer query={patches}>
          {({ items, total }) =>
            items.length === 0 ? (
              <Empty title="No patch is registered">
                Hand in the list of a maker as CSV. The first line names the columns: manufacturer,
                model, reference, and if known from version, to version, CVEs, advisories,
                validated, minutes.
              </Empty>
            ) : (
              <FirstRows caption="Patches" rows={items} total={total} columns={COLUMNS} />
            )
          }
        </Answer>
      </Panel>
    </>
  )
}

function TableUpload() {
  const { state, send } = useHandIn(addFeedDocument)
  const hand = (id: string) => (file: File) => send(file, { params: { id } })
  return (
    <section className="drop" aria-label="Hand in a list of a maker">
      <Group gap="md">
        <FileButton
          label="Hand in patches (CSV)"
          accept=".csv"
          isBusy={state.step === 'sending'}
          onFile={hand('patches')}
        />
        <FileButton
          label="Hand in support dates (CSV)"
          accept=".csv"
          isBusy={state.step === 'sending'}
          onFile={hand('support')}
        />
        <Text c="dimmed">
          Rows that cannot be used are set aside, each with its reason: see Feeds.
        </Text>
      </Group>
      <div role="status">
        {state.step === 'done' ? (
          <Text mt="xs">
            {state.name}:{' '}
            {sayCount((state.result.counts.patches ?? 0) + (state.result.counts.support ?? 0))} rows
            taken, {sayCount(state.result.counts.quarantined ?? 0)} set aside.
          </Text>
        ) : null}
        {state.step === 'failed' ? <Failed error={state.error} /> : null}
      </div>
    </section>
  )
}
