import type { ReactNode } from 'react'
import { sayCount } from './words.ts'

/** One state of a board, with how many are in it. */
export function BoardColumn({
  title,
  total,
  children,
  more,
  empty,
}: {
  readonly title: string
  readonly total: number | undefined
  readonly children: ReactNode
  /** Link to the rest, when not all fit. */
  readonly more?: ReactNode
  readonly empty: string
}) {
  return (
    <section aria-label={title}>
      <h2>
        {title}
        <span className="quiet">{total === undefined ? '' : sayCount(total)}</span>
      </h2>
      <div className="board-column">
        {total === 0 ? <p className="quiet board-empty">{empty}</p> : children}
        {more}
      </div>
    </section>
  )
}
