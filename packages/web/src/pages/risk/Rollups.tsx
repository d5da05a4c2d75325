import { SegmentedControl } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { RISK_SCOPES, listRiskRollups } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { Unknown } from '../../ui/Claimed.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { say, sayCount } from '../../ui/words.ts'
import { BandBar } from './BandBars.tsx'

export type Scope = (typeof RISK_SCOPES)[number]

/** Which units, models or owners have the greatest share of risky devices. */
export function Rollups({
  scope,
  onScope,
}: {
  readonly scope: Scope
  readonly onScope: (scope: Scope) => void
}) {
  const rollups = useCall(listRiskRollups, { query: { scope, limit: 50 } })
  return (
    <Panel
      title="Share of risky devices"
      aside={
        <SegmentedControl
          aria-label="By"
          value={scope}
          onChange={(next) => onScope(next as Scope)}
          data={RISK_SCOPES.map((value) => ({ value, label: `By ${value}` }))}
        />
      }
      isFlush
    >
      <Answer query={rollups}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No device is scored yet">Scores follow within a minute.</Empty>
          ) : (
            <table className="rows" aria-label={`Risk by ${scope}`}>
              <thead>
                <tr>
                  <th scope="col">{say(scope)}</th>
                  <td aria-hidden="true" />
                  <th scope="col" className="number">
                    High or very high
                  </th>
                  <th scope="col" className="number">
                    Devices
                  </th>
                  <th scope="col" className="number">
                    Share
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <tr key={item.key}>
                    <th scope="row">
                      <RollupName scope={scope} name={item.key} />
                    </th>
                    <td className="bar-cell" aria-hidden="true">
                      <BandBar bands={item.bands} />
                    </td>
                    <td className="number">{sayCount(item.risky)}</td>
                    <td className="number">{sayCount(item.total)}</td>
                    <td className="number">{Math.round((100 * item.risky) / item.total)} %</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
    </Panel>
  )
}

function RollupName({ scope, name }: { readonly scope: Scope; readonly name: string }) {
  const words = name === '' ? <Unknown /> : name
  if (scope === 'unit') {
    return (
      <Link to="/assets" search={{ unit: [name], sort: '-risk' }} data-row="">
        {words}
      </Link>
    )
  }
  if (name === '') return words
  return (
    <Link to="/assets" search={{ q: name, sort: '-risk' }} data-row="">
      {words}
    </Link>
  )
}
