import { listFindings } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { Pager } from '../../table/ListTools.tsx'
import { useList } from '../../table/use-list.ts'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { FINDING_COLUMNS } from '../findings/columns.tsx'
import { StaleNote } from '../findings/StaleNote.tsx'

const COLUMNS = FINDING_COLUMNS.filter(({ id }) => id !== 'asset' && id !== 'unit')

/** What is wrong with one device. */
export function Exposure({ assetId }: { readonly assetId: string }) {
  const list = useList<{ cursor?: string }>()
  const findings = useCall(listFindings, {
    query: { assetId, limit: list.query.limit, cursor: list.search.cursor },
  })
  return (
    <Panel title="Findings" isFlush>
      <StaleNote of="What no finding names here" />
      <Answer query={findings}>
        {(data) =>
          data.items.length === 0 ? (
            <Empty title="No finding">
              No advisory we hold matches what is known of this device. Where maker, model or
              firmware is not known, that is not the same as safe.
            </Empty>
          ) : (
            <>
              <DataTable
                caption="Findings"
                rows={data.items}
                columns={COLUMNS}
                opens={(row) => `/findings/${row.id}`}
              />
              <Pager list={list} data={data} one="finding" />
            </>
          )
        }
      </Answer>
    </Panel>
  )
}
