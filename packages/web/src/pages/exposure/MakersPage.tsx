import { Stack } from '@mantine/core'
import { listMds2 } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import type { CallOutput } from '../../api/call.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { sayCount, sayDate } from '../../ui/words.ts'
import { AdvisoryForm } from './AdvisoryForm.tsx'
import { PaperUpload } from './PaperUpload.tsx'

type Form = CallOutput<typeof listMds2>['items'][number]

const COLUMNS: readonly Column<Form>[] = [
  {
    id: 'device',
    header: 'Device',
    width: 260,
    cell: (row) => (
      <>
        <b>
          {row.manufacturer} {row.models.join(', ')}
        </b>
        <div className="quiet">{row.range === 'vers:all/*' ? 'no version named' : row.range}</div>
      </>
    ),
  },
  { id: 'edition', header: 'MDS2 of', cell: (row) => row.edition },
  {
    id: 'released',
    header: 'Released',
    cell: (row) =>
      row.released === undefined ? <span className="quiet">not known</span> : sayDate(row.released),
  },
  { id: 'yes', header: 'Yes', isNumber: true, cell: (row) => sayCount(row.yes) },
  { id: 'no', header: 'No', isNumber: true, cell: (row) => sayCount(row.no) },
  {
    id: 'unanswered',
    header: 'Unanswered',
    isNumber: true,
    cell: (row) => sayCount(row.unanswered),
  },
]

export default function MakersPage() {
  const forms = useCall(listMds2, {})
  const canWrite = useCan('advisories:write')
  return (
    <Stack gap="md">
      <PageHeader
        title="From makers"
        says="What makers state of their devices: security statements, bills of materials, advisories"
      />
      {canWrite ? <PaperUpload /> : null}
      <Panel title="Security statements (MDS2)" isFlush>
        <Answer query={forms}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No statement was handed in">
                Ask the maker for the MDS2 form of the device, best as a workbook (.xlsx).
              </Empty>
            ) : (
              <DataTable
                caption="Security statements"
                rows={items.slice(0, 50)}
                columns={COLUMNS}
              />
            )
          }
        </Answer>
      </Panel>
      {canWrite ? (
        <Panel title="Enter an advisory">
          <AdvisoryForm />
        </Panel>
      ) : null}
    </Stack>
  )
}
