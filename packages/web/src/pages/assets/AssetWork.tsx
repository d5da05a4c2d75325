import { Stack } from '@mantine/core'
import { type AssetDetail, listIncidents, listWorkOrders } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { DataTable } from '../../table/DataTable.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { DateOf } from '../../ui/Time.tsx'
import { INCIDENT_COLUMNS } from '../incidents/columns.tsx'
import { WORK_COLUMNS } from '../work/columns.tsx'

/** Work on one device: open and past orders, incidents, maintenance. */
export function AssetWork({ asset }: { readonly asset: AssetDetail }) {
  const orders = useCall(listWorkOrders, { query: { assetId: asset.id, limit: 50 } })
  const incidents = useCall(listIncidents, { query: { assetId: asset.id, limit: 50 } })
  return (
    <Stack gap="md">
      <Panel title="Work orders" isFlush>
        <Answer query={orders} lines={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No work order">A finding or an incident offers to open one.</Empty>
            ) : (
              <DataTable
                caption="Work orders"
                rows={items}
                columns={WORK_COLUMNS}
                opens={(row) => `/work/${row.id}`}
              />
            )
          }
        </Answer>
      </Panel>
      <Panel title="Incidents" isFlush>
        <Answer query={incidents} lines={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No incident">Nothing alarming was seen of this device.</Empty>
            ) : (
              <DataTable
                caption="Incidents"
                rows={items}
                columns={INCIDENT_COLUMNS}
                opens={(row) => `/incidents/${row.id}`}
              />
            )
          }
        </Answer>
      </Panel>
      <Panel title="Maintenance" isFlush>
        {asset.maintenance.length === 0 ? (
          <Empty title="No maintenance record">
            Nobody wrote one down here. Records come from the maintenance system or are entered.
          </Empty>
        ) : (
          <table className="rows" aria-label="Maintenance">
            <thead>
              <tr>
                <th scope="col">Date</th>
                <th scope="col">What</th>
                <th scope="col">By</th>
              </tr>
            </thead>
            <tbody>
              {asset.maintenance.map(({ date, by, what }) => (
                <tr key={`${date} ${what}`}>
                  <td>
                    <DateOf date={date} none="not known" />
                  </td>
                  <td>{what}</td>
                  <td>{by}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </Stack>
  )
}
