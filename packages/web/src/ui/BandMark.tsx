import type { RiskBands } from '@wardkeeper/contract'
import { Unknown } from './Claimed.tsx'
import { Mark } from './Marks.tsx'

export type Band = keyof RiskBands

/** Worst first, as people read them. */
export const BANDS = [
  'very-high',
  'high',
  'moderate',
  'low',
  'very-low',
] as const satisfies readonly Band[]

const TONES = {
  'very-high': 'critical',
  high: 'high',
  moderate: 'medium',
  low: 'low',
  'very-low': 'neutral',
} as const

const WORDS: Readonly<Record<Band, string>> = {
  'very-high': 'Very high',
  high: 'High',
  moderate: 'Moderate',
  low: 'Low',
  'very-low': 'Very low',
}

export function sayBand(band: Band): string {
  return WORDS[band]
}

/** A band of risk by shape, colour and word. */
export function BandMark({ band, number }: { readonly band: Band; readonly number?: number }) {
  return (
    <Mark tone={TONES[band]}>
      {WORDS[band]}
      {number === undefined ? '' : ` ${sayPoints(number)}`}
    </Mark>
  )
}

export function sayPoints(points: number): string {
  return points.toFixed(1).replace(/\.0$/, '')
}

/** The score with how far what is not known could move it. */
export function RiskCell({
  risk,
}: {
  readonly risk:
    | {
        readonly number: number
        readonly low: number
        readonly high: number
        readonly band: Band
      }
    | undefined
}) {
  if (risk === undefined) return <Unknown say="not scored yet" />
  const { number, low, high, band } = risk
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      <BandMark band={band} number={number} />
      {low === high ? null : (
        <span className="quiet second-line" title="What is not known could move it this far">
          {' '}
          {sayPoints(low)} to {sayPoints(high)}
        </span>
      )}
    </span>
  )
}
