import { Link } from '@tanstack/react-router'
import { getFreshness } from '@wardkeeper/contract'
import { useCall } from '../../api/queries.ts'
import { Mark } from '../../ui/Marks.tsx'

/** That silence is not safety while a source is too old; nothing while all are fresh. */
export function StaleNote({ of = 'What no finding names' }: { readonly of?: string }) {
  const { data } = useCall(getFreshness, {})
  if (data?.absence === undefined) return null
  return (
    <p role="note" className="quiet" style={{ padding: '6px 12px', margin: 0 }}>
      <Mark tone="unknown">Not known</Mark> {of}: {data.absence} <Link to="/feeds">Feeds</Link>
    </p>
  )
}
