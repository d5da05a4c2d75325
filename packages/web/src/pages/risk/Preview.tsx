import type { RiskPreview } from '@wardkeeper/contract'
import { BANDS, BandMark, sayPoints } from '../../ui/BandMark.tsx'
import { DeviceLink } from '../../ui/Links.tsx'
import { Empty } from '../../ui/Panel.tsx'
import { sayCount, sayMany } from '../../ui/words.ts'

/** What would move, and how far. */
export function Preview({ preview }: { readonly preview: RiskPreview }) {
  const { total, changed, movedBand, change, items } = preview
  if (total === 0) {
    return (
      <Empty title="No scored device is meant">Choose others, or wait for the next score.</Empty>
    )
  }
  const sign = change > 0 ? 'more' : 'less'
  return (
    <>
      <p className="panel-note">
        <strong>
          {changed === 0
            ? 'No score would change.'
            : `${sayMany(changed, 'score')} of ${sayCount(total)} would change: ${sayPoints(Math.abs(change))} points ${sign} in all, ${sayMany(movedBand, 'device')} in another band.`}
        </strong>{' '}
        Nothing is stored.
      </p>
      <table className="rows compact" aria-label="Devices by band, now and then">
        <thead>
          <tr>
            <th scope="col">Band</th>
            <th scope="col" className="number">
              Now
            </th>
            <th scope="col" className="number">
              Then
            </th>
            <th scope="col" className="number">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {BANDS.map((band) => (
            <tr key={band}>
              <th scope="row">
                <BandMark band={band} />
              </th>
              <td className="number">{sayCount(preview.before[band])}</td>
              <td className="number">{sayCount(preview.after[band])}</td>
              <td className="number">{signed(preview.after[band] - preview.before[band])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {items.length === 0 ? null : (
        <table className="rows compact" aria-label="Devices that move most">
          <thead>
            <tr>
              <th scope="col">Device</th>
              <th scope="col">Now</th>
              <th scope="col">Then</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id}>
                <th scope="row">
                  <DeviceLink device={item} />
                </th>
                <td>
                  <BandMark band={item.from} number={item.before} />
                </td>
                <td>
                  <BandMark band={item.to} number={item.after} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {items.length < changed ? (
        <p className="quiet panel-note">The {items.length} that move most are shown.</p>
      ) : null}
    </>
  )
}

function signed(count: number): string {
  if (count === 0) return '0'
  return count > 0 ? `+${sayCount(count)}` : `\u2212${sayCount(-count)}`
}
