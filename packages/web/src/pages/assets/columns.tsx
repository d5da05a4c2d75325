import { Link } from '@tanstack/react-router'
import type { AssetRow, CustomField } from '@wardkeeper/contract'
import type { Column } from '../../table/DataTable.tsx'
import { RiskCell } from '../../ui/BandMark.tsx'
import { Claimed, Unknown } from '../../ui/Claimed.tsx'
import { DeviceName, Where } from '../../ui/Links.tsx'
import { InUseMark, SeverityMark, StateMark } from '../../ui/Marks.tsx'
import { Time } from '../../ui/Time.tsx'
import { say, sayConfidence } from '../../ui/words.ts'

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const

/** Open findings of a device, worst first. */
export function FindingCounts({ findings }: { readonly findings: AssetRow['findings'] }) {
  const found = SEVERITIES.filter((severity) => (findings[severity] ?? 0) > 0)
  if (found.length === 0) return <span className="quiet">none open</span>
  return (
    <span style={{ display: 'inline-flex', gap: 4, flexWrap: 'wrap' }}>
      {found.map((severity) => (
        <SeverityMark key={severity} severity={severity} count={findings[severity]} />
      ))}
    </span>
  )
}

function First({ values, more }: { readonly values: readonly string[]; readonly more: string }) {
  const [first, ...rest] = values
  if (first === undefined) return <Unknown say="none seen" />
  return (
    <span title={rest.length > 0 ? values.join('\n') : undefined}>
      <span className="mono">{first}</span>
      {rest.length > 0 ? (
        <span className="quiet">
          {' '}
          and {rest.length} {more}
        </span>
      ) : null}
    </span>
  )
}

/** Maker and model where the name does not say them, and always how sure that is. */
function WhatItIs({ row }: { readonly row: AssetRow }) {
  const strongest = row.model ?? row.manufacturer
  if (!strongest) return null
  const what = [row.manufacturer?.value, row.model?.value].filter(Boolean).join(' ')
  const sure = `${sayConfidence(strongest.confidence)}, ${strongest.confidence.toFixed(2)}`
  return (
    <div className="quiet second-line">{row.label.includes(what) ? sure : `${what}: ${sure}`}</div>
  )
}

const ASSET_COLUMNS: readonly Column<AssetRow>[] = [
  {
    id: 'label',
    header: 'Device',
    sort: 'label',
    width: 180,
    cell: (row) => (
      <>
        <Link to="/assets/$id" params={{ id: row.id }} data-row="">
          <DeviceName label={row.label} />
        </Link>
        <WhatItIs row={row} />
      </>
    ),
  },
  {
    id: 'type',
    header: 'Type',
    sort: 'type',
    cell: (row) => <Claimed claim={row.type} words={say} />,
  },
  {
    id: 'manufacturer',
    header: 'Maker',
    sort: 'manufacturer',
    isExtra: true,
    cell: (row) => <Claimed claim={row.manufacturer} />,
  },
  {
    id: 'model',
    header: 'Model',
    sort: 'model',
    isExtra: true,
    cell: (row) => <Claimed claim={row.model} />,
  },
  {
    id: 'firmware',
    header: 'Firmware',
    isExtra: true,
    cell: (row) => <Claimed claim={row.firmware} />,
  },
  {
    id: 'category',
    header: 'Category',
    isExtra: true,
    cell: (row) => <Claimed claim={row.category} words={say} />,
  },
  {
    id: 'where',
    header: 'Where',
    sort: 'unit',
    width: 110,
    cell: (row) =>
      row.unit === undefined && row.room === undefined ? <Unknown /> : <Where {...row} />,
  },
  {
    id: 'owner',
    header: 'Owner',
    cell: (row) => row.owner ?? <Unknown say="nobody" />,
  },
  {
    id: 'risk',
    header: 'Risk',
    sort: 'risk',
    cell: (row) => <RiskCell risk={row.risk} />,
  },
  {
    id: 'findings',
    header: 'Open findings',
    sort: 'findings',
    cell: (row) => <FindingCounts findings={row.findings} />,
  },
  {
    id: 'incidents',
    header: 'Incidents',
    isNumber: true,
    isExtra: true,
    cell: (row) => (row.openIncidents === 0 ? <span className="quiet">0</span> : row.openIncidents),
  },
  { id: 'state', header: 'State', cell: (row) => <StateMark state={row.state} /> },
  { id: 'inUse', header: 'In use', isExtra: true, cell: (row) => <InUseMark inUse={row.inUse} /> },
  { id: 'ip', header: 'Address', cell: (row) => <First values={row.ips} more="more" /> },
  {
    id: 'mac',
    header: 'MAC',
    isExtra: true,
    cell: (row) => <First values={row.macs} more="more" />,
  },
  {
    id: 'hostname',
    header: 'Name on the network',
    isExtra: true,
    cell: (row) => (row.hostname === undefined ? <Unknown say="none seen" /> : row.hostname),
  },
  {
    id: 'lastSeen',
    header: 'Last seen',
    sort: 'lastSeen',
    cell: (row) => <Time at={row.lastSeen} />,
  },
  {
    id: 'firstSeen',
    header: 'First seen',
    sort: 'firstSeen',
    isExtra: true,
    cell: (row) => <Time at={row.firstSeen} />,
  },
  {
    id: 'tags',
    header: 'Tags',
    isExtra: true,
    cell: (row) => (row.tags.length === 0 ? <Unknown say="none" /> : row.tags.join(', ')),
  },
]

/** The columns of the product, and one for each field that the hospital added itself. */
export function columnsWith(fields: readonly CustomField[]): readonly Column<AssetRow>[] {
  const own = fields.map(({ key, label }) => ({
    id: `own-${key}`,
    header: label,
    isExtra: true,
    cell: (row: AssetRow) => row.custom[key] ?? <Unknown />,
  }))
  return [...ASSET_COLUMNS, ...own]
}
