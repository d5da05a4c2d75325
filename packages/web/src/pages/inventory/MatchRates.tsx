import { Text } from '@mantine/core'
import { listMatchRates } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { Panel } from '../../ui/Panel.tsx'
import { sayCount, sayDate, sayMany } from '../../ui/words.ts'

const WIDTH = 520
const HEIGHT = 90
const LEFT = 34

/** How well records and network agree, week by week: a line, and the numbers behind it. */
export function MatchRates() {
  const rates = useCall(listMatchRates, {})
  const weeks = (rates.data?.items ?? []).slice(-26)
  const last = weeks.at(-1)
  if (last === undefined) return null
  const points = weeks.flatMap(({ rate }, at) =>
    rate === undefined
      ? []
      : [{ x: placeOf(at, weeks.length), y: 10 + (1 - rate) * (HEIGHT - 30) }],
  )
  return (
    <Panel title="Match rate">
      <Text>
        {last.rate === undefined
          ? 'No record is of a device that we could see, so there is nothing to measure.'
          : `${Math.round(last.rate * 1000) / 10} % of the records that we could see are seen.`}{' '}
        {last.notObservable > 0
          ? `${sayMany(last.notObservable, 'record')} cannot be judged: no sensor listens there.`
          : ''}
      </Text>
      {points.length === 0 ? null : (
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          width={WIDTH}
          height={HEIGHT}
          role="img"
          aria-label={`Match rate of ${sayMany(points.length, 'week')}`}
          style={{ maxWidth: '100%' }}
        >
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line
                x1={LEFT}
                x2={WIDTH}
                y1={10 + (1 - share) * (HEIGHT - 30)}
                y2={10 + (1 - share) * (HEIGHT - 30)}
                stroke="var(--line)"
              />
              <text x={0} y={14 + (1 - share) * (HEIGHT - 30)} fontSize={10} fill="currentColor">
                {share * 100} %
              </text>
            </g>
          ))}
          <polyline
            points={points.map(({ x, y }) => `${x},${y}`).join(' ')}
            fill="none"
            stroke="currentColor"
            strokeWidth={2}
          />
          {points.map(({ x, y }) => (
            <circle key={x} cx={x} cy={y} r={3} fill="currentColor" />
          ))}
        </svg>
      )}
      <details>
        <summary>The numbers</summary>
        <table className="rows compact" aria-label="Match rate by week">
          <thead>
            <tr>
              {[
                'Week of',
                'Rate',
                'Records',
                'Seen of them',
                'Not observable',
                'Strangers',
                'Open questions',
              ].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.toReversed().map((week) => (
              <tr key={week.week}>
                <td>{sayDate(week.week)}</td>
                <td>
                  {week.rate === undefined ? 'none' : `${Math.round(week.rate * 1000) / 10} %`}
                </td>
                {[
                  week.records,
                  week.matched,
                  week.notObservable,
                  week.strangers,
                  week.openItems,
                ].map((count, at) => (
                  <td key={`${at} ${count}`} className="number">
                    {sayCount(count)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Panel>
  )
}

function placeOf(at: number, count: number): number {
  return count === 1 ? LEFT + 10 : LEFT + 10 + (at / (count - 1)) * (WIDTH - LEFT - 20)
}
