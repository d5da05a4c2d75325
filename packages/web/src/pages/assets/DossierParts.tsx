import { type AssetDossier, addDossierEntry, endDossierEntry } from '@wardkeeper/contract'
import type { ReactNode } from 'react'
import { useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { Empty, Panel } from '../../ui/Panel.tsx'
import type { Values } from './DossierForms.tsx'

/** One device and its dossier. */
export interface Part {
  readonly assetId: string
  readonly data: AssetDossier
}

/** Sends an entry of the dossier made from the values of a form. */
export function useSend(assetId: string, bodyOf: (values: Values) => unknown) {
  const change = useChange(addDossierEntry)
  return {
    isPending: change.isPending,
    error: change.error,
    run: (values: Values, onSuccess: () => void) =>
      change.mutate({ params: { id: assetId }, body: bodyOf(values) as never }, { onSuccess }),
  }
}

/** Ends an entry, with a reason. */
export function EndButton({
  assetId,
  entryId,
  what,
}: {
  readonly assetId: string
  readonly entryId: string
  readonly what: string
}) {
  if (!useCan('assets:decide')) return null
  return (
    <ActionButton
      route={endDossierEntry}
      input={({ reason }) => ({ params: { id: assetId, entryId }, body: { reason } })}
      label="End"
      title={`End ${what}`}
      says="It leaves the dossier and stays in the history."
      reason="Why?"
    />
  )
}

/** One kind of entries, as all of them look. */
export function PartTable({
  title,
  heads,
  isEmpty,
  empty,
  aside,
  children,
}: {
  readonly title: string
  readonly heads: readonly string[]
  readonly isEmpty: boolean
  readonly empty: string
  readonly aside: ReactNode
  readonly children: ReactNode
}) {
  return (
    <Panel title={title} aside={aside} isFlush>
      {isEmpty ? (
        <Empty title={empty} />
      ) : (
        <table className="rows" aria-label={title}>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      )}
    </Panel>
  )
}

/** The day of the reader. */
export const today = () => new Date().toISOString().slice(0, 10)
