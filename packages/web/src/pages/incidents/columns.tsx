import { Link } from '@tanstack/react-router'
import type { IncidentRow } from '@wardkeeper/contract'
import type { Column } from '../../table/DataTable.tsx'
import { DeviceLinks } from '../../ui/Links.tsx'
import { SeverityMark, StateMark } from '../../ui/Marks.tsx'
import { Due, Time } from '../../ui/Time.tsx'

/** The devices it was done to; the actor alone where it was done to none that we know. */
export function devicesBesideActor({ devices, actor }: IncidentRow): IncidentRow['devices'] {
  const others = devices.filter(({ id }) => id !== actor?.id)
  return others.length > 0 ? others : devices
}

export const INCIDENT_COLUMNS: readonly Column<IncidentRow>[] = [
  {
    id: 'title',
    header: 'Incident',
    width: 260,
    cell: (row) => (
      <Link to="/incidents/$id" params={{ id: row.id }} data-row="">
        {row.title}
      </Link>
    ),
  },
  {
    id: 'severity',
    header: 'Severity',
    sort: 'severity',
    cell: (row) => <SeverityMark severity={row.severity} />,
  },
  { id: 'state', header: 'State', cell: (row) => <StateMark state={row.state} /> },
  {
    id: 'devices',
    header: 'Devices',
    cell: (row) => <DeviceLinks devices={devicesBesideActor(row)} />,
  },
  { id: 'detections', header: 'Detections', isNumber: true, cell: (row) => row.detections },
  { id: 'workOrders', header: 'Work orders', isNumber: true, cell: (row) => row.workOrders },
  { id: 'due', header: 'Clock', sort: 'due', cell: (row) => <Due at={row.due} /> },
  { id: 'opened', header: 'Opened', sort: 'opened', cell: (row) => <Time at={row.opened} /> },
]
