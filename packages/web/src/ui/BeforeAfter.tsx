import { Unknown } from './Claimed.tsx'

/** What a value is now and would be; `none` says what stands there where nothing does. */
export function BeforeAfter({
  before,
  after,
  none,
}: {
  readonly before: string | undefined
  readonly after: string | undefined
  readonly none: string
}) {
  return (
    <>
      {before ?? <Unknown say={none} />} to <b>{after ?? <Unknown say={none} />}</b>
    </>
  )
}
