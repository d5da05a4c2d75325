import { Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type AssetRisk as Risk, type RiskFactorView, getAssetRisk } from '@wardkeeper/contract'
import { useFollow } from '../../api/live.ts'
import { useCall } from '../../api/queries.ts'
import { BandMark, RiskCell, sayPoints } from '../../ui/BandMark.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say } from '../../ui/words.ts'
import { ControlMark } from '../risk/Controls.tsx'

/** The risk of one device taken apart: every factor, its weight, its reason and what it rests on. */
export function AssetRisk({ assetId }: { readonly assetId: string }) {
  const risk = useCall(getAssetRisk, { params: { id: assetId } })
  useFollow(['asset.changed', 'finding.changed'], risk, { id: assetId })
  return (
    <Answer query={risk} lines={10}>
      {({ score, factors, controls, history }) =>
        score === undefined ? (
          <Panel title="Risk">
            <Empty title="Not scored yet">The score follows within a minute.</Empty>
          </Panel>
        ) : (
          <Stack gap="md">
            <Panel
              title="Risk"
              aside={
                <Link to="/risk" search={{ view: 'what-if', asset: assetId }}>
                  What if?
                </Link>
              }
            >
              <Score score={score} />
            </Panel>
            <Panel title="What it is made of" isFlush>
              <Factors factors={factors} assetId={assetId} />
            </Panel>
            {controls.length === 0 ? null : <ControlsOf controls={controls} />}
            <Panel title="History" isFlush>
              <History history={history} />
            </Panel>
          </Stack>
        )
      }
    </Answer>
  )
}

function Score({ score }: { readonly score: NonNullable<Risk['score']> }) {
  return (
    <dl className="facts">
      <dt>Score</dt>
      <dd>
        <RiskCell risk={score} />
      </dd>
      <dt>Likelihood</dt>
      <dd>{sayPoints(score.likelihood)} of 100</dd>
      <dt>Impact</dt>
      <dd>{sayPoints(score.impact)} of 100</dd>
      <dt>Made</dt>
      <dd>
        <Time at={score.computed} />, by <span className="mono">{score.methodId}</span>
      </dd>
      <dt>Made again from its inputs</dt>
      <dd>
        {score.isReplayed ? (
          <Mark tone="good">The same number</Mark>
        ) : (
          <Mark tone="strong">Another number: tell your administrator</Mark>
        )}
      </dd>
    </dl>
  )
}

const NAMES: Readonly<Record<RiskFactorView['id'], string>> = {
  exploit: 'Exploit',
  weakness: 'Weakness on the wire',
  legacy: 'Support',
  reach: 'Reach',
  control: 'Controls',
  patient: 'Harm to a patient',
  data: 'Patient data',
  operation: 'Operation',
}

function Factors({
  factors,
  assetId,
}: {
  readonly factors: readonly RiskFactorView[]
  readonly assetId: string
}) {
  return (
    <table className="rows" aria-label="Factors of the score">
      <thead>
        <tr>
          <th scope="col">Factor</th>
          <th scope="col" className="number">
            Value
          </th>
          <th scope="col" className="number">
            Weight
          </th>
          <th scope="col" className="number">
            Points
          </th>
          <th scope="col">Why</th>
          <th scope="col">Read from</th>
        </tr>
      </thead>
      <tbody>
        {factors.map((factor) => (
          <tr key={factor.id}>
            <th scope="row">
              {NAMES[factor.id]}
              <div className="quiet second-line">{factor.axis}</div>
            </th>
            <td className="number">
              {sayPoints(factor.value)}
              {factor.isKnown ? null : (
                <div className="second-line">
                  <Mark tone="unknown">
                    {sayPoints(factor.low)} to {sayPoints(factor.high)}
                  </Mark>
                </div>
              )}
            </td>
            <td className="number">
              {factor.weight === undefined ? 'multiplies' : `${factor.weight} %`}
            </td>
            <td className="number">
              {factor.points === 0
                ? '0'
                : `${factor.id === 'control' ? '\u2212' : '+'}${sayPoints(factor.points)}`}
            </td>
            <td>
              <Reason factor={factor} assetId={assetId} />
            </td>
            <td className="quiet">{factor.source}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Reason({
  factor: { says, evidence },
  assetId,
}: {
  readonly factor: RiskFactorView
  readonly assetId: string
}) {
  if (evidence === undefined) return <>{says}</>
  if (evidence.kind === 'finding') {
    return (
      <Link to="/findings/$id" params={{ id: evidence.id }}>
        {says}
      </Link>
    )
  }
  if (evidence.kind === 'control') {
    return (
      <Link to="/risk" search={{ view: 'controls' }}>
        {says}
      </Link>
    )
  }
  return (
    <Link to="/assets/$id" params={{ id: assetId }} search={{ tab: 'communications' }}>
      {says}
    </Link>
  )
}

function ControlsOf({ controls }: Pick<Risk, 'controls'>) {
  return (
    <Panel title="Compensating controls" isFlush>
      <table className="rows compact" aria-label="Controls of this device">
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col">Kind</th>
            <th scope="col">State</th>
            <th scope="col">Because</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {controls.map((control) => (
            <tr key={control.id}>
              <th scope="row">{control.name}</th>
              <td>{say(control.kind)}</td>
              <td>
                <ControlMark state={control.state} />
              </td>
              <td>{control.because}</td>
              <td>
                <Time at={control.since} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

const WIDTH = 640
const HEIGHT = 90

/** Each change of the score: a step line within the range of what was not known, and the table behind it. */
function History({ history }: Pick<Risk, 'history'>) {
  const times = history.map(({ time }) => Date.parse(time))
  const first = times[0] ?? 0
  const span = Math.max(1, (times.at(-1) ?? 0) - first)
  const x = (n: number) => (history.length < 2 ? 0 : (WIDTH * ((times[n] ?? first) - first)) / span)
  const y = (value: number) => HEIGHT - (HEIGHT * value) / 100
  const line = history
    .map(
      ({ number }, n) => `${n === 0 ? 'M' : `H${x(n)}V`}${n === 0 ? `${x(n)},` : ''}${y(number)}`,
    )
    .join('')
  return (
    <>
      {history.length < 2 ? null : (
        <svg
          viewBox={`0 -4 ${WIDTH} ${HEIGHT + 8}`}
          className="risk-plot"
          role="img"
          aria-label="The score over time; the table below has the numbers"
        >
          {history.slice(0, -1).map(({ low, high, time }, n) => (
            <rect
              key={time}
              className="risk-range"
              x={x(n)}
              width={Math.max(1, x(n + 1) - x(n))}
              y={y(high)}
              height={y(low) - y(high)}
            />
          ))}
          <path className="risk-line" d={line} />
        </svg>
      )}
      <table className="rows compact" aria-label="History of the score">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Score</th>
            <th scope="col" className="number">
              At best
            </th>
            <th scope="col" className="number">
              At worst
            </th>
            <th scope="col">Method</th>
          </tr>
        </thead>
        <tbody>
          {history.toReversed().map((entry) => (
            <tr key={entry.time}>
              <td>
                <Time at={entry.time} />
              </td>
              <td>
                <BandMark band={entry.band} number={entry.number} />
              </td>
              <td className="number">{sayPoints(entry.low)}</td>
              <td className="number">{sayPoints(entry.high)}</td>
              <td className="mono">{entry.methodId}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
