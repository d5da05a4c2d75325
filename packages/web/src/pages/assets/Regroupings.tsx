import { Button, VisuallyHidden } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import {
  type AssetDetail,
  type Regrouping,
  listRegroupings,
  undoRegrouping,
} from '@wardkeeper/contract'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionDialog } from '../../ui/ActionDialog.tsx'
import { Answer, Empty, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { MergeButton, SplitButton } from './RegroupForms.tsx'

/** Which records this one was made of, and the ways to make one of two, two of one, and to take it back. */
export function Regroupings({ asset }: { readonly asset: AssetDetail }) {
  const canDecide = useCan('assets:decide')
  const regroupings = useCall(listRegroupings, { params: { id: asset.id } })
  return (
    <Panel
      title="One device, one record"
      isFlush
      aside={
        canDecide ? (
          <>
            <MergeButton asset={asset} />
            <SplitButton asset={asset} />
          </>
        ) : null
      }
    >
      <Answer query={regroupings}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Never merged or split">
              All that is known of this device came to one record from the beginning.
            </Empty>
          ) : (
            <table className="rows" aria-label="Merges and splits">
              <thead>
                <tr>
                  <th scope="col">What</th>
                  <th scope="col">When</th>
                  <th scope="col">By</th>
                  <th scope="col">Because</th>
                  <th scope="col">
                    <VisuallyHidden>Undo</VisuallyHidden>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((item) => (
                  <tr key={item.id}>
                    <td>
                      <What item={item} assetId={asset.id} />
                    </td>
                    <td>
                      <Time at={item.time} />
                    </td>
                    <td>{item.by}</td>
                    <td>{item.because}</td>
                    <td>
                      <Undo item={item} canDecide={canDecide} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
    </Panel>
  )
}

function What({ item, assetId }: { readonly item: Regrouping; readonly assetId: string }) {
  const other = item.into.id === assetId ? item.from : item.into
  const label = other.label === '' ? 'a record without a name' : other.label
  return (
    <>
      {item.kind === 'merge' ? 'Merged with ' : 'Split from '}
      <Link to="/assets/$id" params={{ id: other.id }}>
        {label}
      </Link>
    </>
  )
}

function Undo({ item, canDecide }: { readonly item: Regrouping; readonly canDecide: boolean }) {
  const [isOpen, dialog] = useDisclosure(false)
  const change = useChange(undoRegrouping)
  if (item.undone !== undefined)
    return (
      <span className="quiet">
        undone by {item.undone.by}: {item.undone.because}
      </span>
    )
  if (!canDecide) return null
  const says =
    item.kind === 'merge'
      ? 'The two are separate records again. Findings, work, observations and notes go back to where they were, and what was seen since goes with its interface. They stay apart from now on.'
      : 'The two are one record again, with everything that hangs on either.'
  return (
    <>
      <Button variant="default" size="xs" onClick={dialog.open}>
        Undo
      </Button>
      <ActionDialog
        question={{
          title: `Undo this ${item.kind}`,
          says,
          verb: 'Undo',
          reason: 'How do you know?',
        }}
        isOpen={isOpen}
        onClose={dialog.close}
        isBusy={change.isPending}
        error={change.error}
        onConfirm={({ reason }) =>
          change.mutate({ params: { id: item.id }, body: { reason } }, { onSuccess: dialog.close })
        }
      />
    </>
  )
}
