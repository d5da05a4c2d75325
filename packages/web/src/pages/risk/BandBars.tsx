import type { RiskBands } from '@wardkeeper/contract'
import { BANDS, sayBand } from '../../ui/BandMark.tsx'

/** One row of a spread: each band as long as its share. The numbers stand beside it in the table. */
export function BandBar({ bands }: { readonly bands: RiskBands }) {
  const total = BANDS.reduce((sum, band) => sum + bands[band], 0)
  if (total === 0) return null
  return (
    <span className="band-bar" aria-hidden="true">
      {BANDS.filter((band) => bands[band] > 0).map((band) => (
        <span
          key={band}
          className={`band ${band}`}
          style={{ width: `${(100 * bands[band]) / total}%` }}
          title={`${sayBand(band)}: ${bands[band]}`}
        />
      ))}
    </span>
  )
}
