import { type RiskBands, getRiskHistory } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { BANDS, BandMark, sayBand } from '../../ui/BandMark.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { sayCount, sayDate } from '../../ui/words.ts'

interface Day {
  readonly day: string
  readonly bands: RiskBands
}

/** How devices spread over the bands, day by day, with the table behind it. */
export function RiskHistory({
  scope = 'site',
  name = '',
}: {
  readonly scope?: 'site' | 'unit' | 'model' | 'owner'
  readonly name?: string
}) {
  const history = useCall(getRiskHistory, { query: { scope, key: name, days: 90 } })
  return (
    <Panel title="Risk over time">
      <Answer query={history} lines={4}>
        {({ days }) =>
          days.length === 0 ? (
            <Empty title="No day was counted yet">
              The first count follows within an hour of the first score.
            </Empty>
          ) : (
            <Plot days={days} />
          )
        }
      </Answer>
    </Panel>
  )
}

const WIDTH = 640
const HEIGHT = 150

function Plot({ days }: { readonly days: readonly Day[] }) {
  const totals = days.map(({ bands }) => BANDS.reduce((sum, band) => sum + bands[band], 0))
  const most = Math.max(1, ...totals)
  const step = WIDTH / Math.max(days.length, 7)
  const last = days.at(-1)
  return (
    <>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        className="risk-plot"
        role="img"
        aria-label={`Devices by band of risk on ${days.length} days; the table below has the numbers`}
      >
        {days.map(({ day, bands }, n) => (
          <Column key={day} bands={bands} left={n * step} width={step - 2} most={most} />
        ))}
      </svg>
      <div className="risk-legend">
        {BANDS.map((band) => (
          <BandMark key={band} band={band} {...(last ? { number: last.bands[band] } : {})} />
        ))}
      </div>
      <details>
        <summary>The numbers</summary>
        <table className="rows compact" aria-label="Devices by band of risk and day">
          <thead>
            <tr>
              <th scope="col">Day</th>
              {BANDS.map((band) => (
                <th key={band} scope="col" className="number">
                  {sayBand(band)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ day, bands }) => (
              <tr key={day}>
                <th scope="row">{sayDate(day)}</th>
                {BANDS.map((band) => (
                  <td key={band} className="number">
                    {sayCount(bands[band])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

/** One day, the worst band at the foot so that its rise is seen. */
function Column({
  bands,
  left,
  width,
  most,
}: {
  readonly bands: RiskBands
  readonly left: number
  readonly width: number
  readonly most: number
}) {
  let below = 0
  return (
    <>
      {BANDS.map((band) => {
        const height = (HEIGHT * bands[band]) / most
        below += height
        return (
          <rect
            key={band}
            className={`band ${band}`}
            x={left}
            width={width}
            y={HEIGHT - below}
            height={height}
          />
        )
      })}
    </>
  )
}
