import { Link } from '@tanstack/react-router'
import { type Overview, countAssets } from '@wardkeeper/contract'
import type { ReactNode } from 'react'
import { useCall } from '../../api/queries.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { Bar } from '../../ui/Bar.tsx'
import { SeverityMark } from '../../ui/Marks.tsx'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { say, sayCount } from '../../ui/words.ts'

const SHOWN = 8

/** Open findings by severity: what is certain, and what a missing fact leaves open. */
export function Severities({ data }: { readonly data: Overview }) {
  const most = Math.max(1, ...data.findingsBySeverity.map((row) => row.affected + row.possible))
  return (
    <Panel title="Open findings" isFlush>
      <Bars
        caption="Open findings by severity"
        first="Severity"
        numbers={['Affected', 'Possibly']}
        rows={data.findingsBySeverity.map(({ severity, affected, possible }) => ({
          key: severity,
          name: (
            <Link
              to="/findings"
              search={{
                severity: [severity as 'high'],
                state: ['open', 'in-progress'],
                view: 'device',
              }}
            >
              <SeverityMark severity={severity as 'high'} />
            </Link>
          ),
          numbers: [affected, possible],
          parts: [affected, possible],
        }))}
        most={most}
      />
    </Panel>
  )
}

/** Devices by unit, and how many of them carry a grave finding: where care is at risk. */
export function Units() {
  const all = useCall(countAssets, { query: {} })
  const grave = useCall(countAssets, { query: { severity: ['critical', 'high'] } })
  const graveOf = new Map(grave.data?.unit.map(({ value, count }) => [value, count]))
  return (
    <Panel title="Where the risk is" aside={<Link to="/assets">All devices</Link>} isFlush>
      <Answer query={all} lines={SHOWN}>
        {({ unit }) => (
          <Bars
            caption="Devices by unit, and those with a high or critical finding"
            first="Unit"
            numbers={['High or critical', 'Devices']}
            rows={unit
              .map((row) => ({ ...row, grave: graveOf.get(row.value) ?? 0 }))
              .toSorted((a, b) => b.grave - a.grave || b.count - a.count)
              .slice(0, SHOWN)
              .map((row) => ({
                key: row.value ?? '',
                name: (
                  <Link to="/assets" search={{ unit: [row.value ?? ''], sort: '-findings' }}>
                    {row.value ?? <Unknown say="not written down" />}
                  </Link>
                ),
                numbers: [row.grave, row.count],
                parts: [row.grave, row.count - row.grave],
              }))}
            most={Math.max(1, ...unit.map(({ count }) => count))}
          />
        )}
      </Answer>
    </Panel>
  )
}

/** What kind of devices there are. */
export function Categories({ data }: { readonly data: Overview }) {
  const { byCategory } = data
  return (
    <Panel
      title="What is here"
      aside={byCategory.length > SHOWN ? <Link to="/assets">All {byCategory.length}</Link> : null}
      isFlush
    >
      <Bars
        caption="Devices by category"
        first="Category"
        numbers={['Devices']}
        rows={byCategory.slice(0, SHOWN).map(({ value, count }) => ({
          key: value ?? '',
          name: (
            <Link to="/assets" search={{ category: [value ?? ''] }}>
              {value === undefined ? <Unknown /> : say(value)}
            </Link>
          ),
          numbers: [count],
          parts: [count, 0],
        }))}
        most={Math.max(1, ...byCategory.map(({ count }) => count))}
      />
    </Panel>
  )
}

interface BarRow {
  readonly key: string
  readonly name: ReactNode
  readonly numbers: readonly number[]
  /** The solid part and the hatched one. */
  readonly parts: readonly [number, number]
}

/** A chart that is its own table. */
function Bars({
  caption,
  first,
  numbers,
  rows,
  most,
}: {
  readonly caption: string
  readonly first: string
  readonly numbers: readonly string[]
  readonly rows: readonly BarRow[]
  readonly most: number
}) {
  return (
    <table className="rows compact bars" aria-label={caption}>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <td aria-hidden="true" />
          {numbers.map((name) => (
            <th key={name} scope="col" className="number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.name}</th>
            <td className="bar-cell" aria-hidden="true">
              <Bar parts={row.parts} most={most} />
            </td>
            {row.numbers.map((number, index) => (
              <td key={numbers[index]} className="number">
                {sayCount(number)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
