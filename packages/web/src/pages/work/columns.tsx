import { Link } from '@tanstack/react-router'
import type { WorkOrderView } from '@wardkeeper/contract'
import type { Column } from '../../table/DataTable.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { DeviceLinks } from '../../ui/Links.tsx'
import { SeverityMark, StateMark } from '../../ui/Marks.tsx'
import { Due, Time } from '../../ui/Time.tsx'

export const WORK_COLUMNS: readonly Column<WorkOrderView>[] = [
  {
    id: 'title',
    header: 'Work order',
    sort: 'number',
    width: 240,
    cell: (row) => (
      <Link to="/work/$id" params={{ id: row.id }} data-row="">
        {row.number} {row.title}
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
  { id: 'devices', header: 'Devices', cell: (row) => <DeviceLinks devices={row.devices} /> },
  {
    id: 'technician',
    header: 'Technician',
    cell: (row) => row.technician?.name ?? <Unknown say="nobody yet" />,
  },
  { id: 'due', header: 'Due', sort: 'due', cell: (row) => <Due at={row.due} /> },
  { id: 'opened', header: 'Opened', sort: 'opened', cell: (row) => <Time at={row.opened} /> },
]
