import { sayCount } from '../../ui/words.ts'
import type { Look } from './paint.ts'

/** What the colours mean, in words and with counts. */
export function Legend({
  items,
}: {
  readonly items: readonly (Look & { readonly count: number })[]
}) {
  return (
    <ul className="legend" aria-label="What the colours mean">
      {items.slice(0, 14).map(({ words, colour, count }) => (
        <li key={words}>
          <span className="swatch" style={{ background: colour }} aria-hidden="true" />
          {words} <span className="quiet">{sayCount(count)}</span>
        </li>
      ))}
    </ul>
  )
}
