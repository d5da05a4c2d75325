import { Link } from '@tanstack/react-router'
import type { FindingView } from '@wardkeeper/contract'
import type { Column } from '../../table/DataTable.tsx'
import { Unknown } from '../../ui/Claimed.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { Mark, SeverityMark, StateMark, VerdictMark } from '../../ui/Marks.tsx'
import { Time } from '../../ui/Time.tsx'
import { saySubject } from './remedy.ts'

export const FINDING_COLUMNS: readonly Column<FindingView>[] = [
  {
    id: 'subject',
    header: 'Finding',
    sort: 'subject',
    width: 150,
    cell: (row) => (
      <>
        <Link to="/findings/$id" params={{ id: row.id }} data-row="">
          {saySubject(row)}
        </Link>
        {row.isKnownExploited ? (
          <div>
            <Mark tone="strong">Exploited in the wild</Mark>
          </div>
        ) : null}
      </>
    ),
  },
  {
    id: 'asset',
    header: 'Device',
    sort: 'asset',
    width: 150,
    cell: (row) => <DeviceLink device={{ id: row.assetId, label: row.asset }} />,
  },
  { id: 'unit', header: 'Unit', cell: (row) => row.unit ?? <Unknown /> },
  {
    id: 'verdict',
    header: 'Verdict',
    sort: 'verdict',
    cell: (row) => <VerdictMark verdict={row.verdict} />,
  },
  {
    id: 'severity',
    header: 'Severity',
    sort: 'severity',
    cell: (row) => <SeverityMark severity={row.severity} />,
  },
  { id: 'because', header: 'Because', width: 220, cell: (row) => row.because },
  { id: 'state', header: 'State', cell: (row) => <StateMark state={row.state} /> },
  { id: 'opened', header: 'Opened', sort: 'opened', cell: (row) => <Time at={row.opened} /> },
]
