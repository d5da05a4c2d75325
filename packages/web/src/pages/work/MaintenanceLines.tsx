import { Link } from '@tanstack/react-router'
import type { WorkOrderView } from '@wardkeeper/contract'
import { DeviceName } from '../../ui/Links.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { DateOf } from '../../ui/Time.tsx'

type Line = NonNullable<WorkOrderView['maintenance']>[number]

/** What is due on each device of the order, and what is left; the device's dossier is where it is written down. */
export function MaintenanceLines({ lines }: { readonly lines: readonly Line[] }) {
  const done = lines.filter(({ outcome }) => outcome !== undefined).length
  return (
    <Panel
      title="Maintenance of this order"
      aside={
        <span className="quiet">
          {done} of {lines.length} settled
        </span>
      }
      isFlush
    >
      <table className="rows" aria-label="Maintenance of this order">
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">What</th>
            <th scope="col">Due</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ device, name, due, outcome }) => (
            <tr key={`${device.id} ${name} ${due}`}>
              <td>
                <Link
                  to="/assets/$id"
                  params={{ id: device.id }}
                  search={{ tab: 'documents' }}
                  data-row=""
                >
                  <DeviceName label={device.label} />
                </Link>
              </td>
              <td>{name}</td>
              <td>
                <DateOf date={due} none="not known" />
              </td>
              <td>{stateOf(outcome)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function stateOf(outcome: Line['outcome']) {
  switch (outcome) {
    case undefined:
      return <Mark tone="neutral">To be done: write it down in the dossier</Mark>
    case 'recorded':
      return <Mark tone="good">Written down</Mark>
    case 'lapsed':
      return <span className="quiet">no longer due</span>
    case 'cancelled':
      return <span className="quiet">given up</span>
  }
}
