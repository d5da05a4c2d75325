import { Group, VisuallyHidden } from '@mantine/core'
import { listProtectedFields, protectField } from '@wardkeeper/contract'
import type { CallOutput } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { Answer, Panel } from '../../ui/Panel.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Time } from '../../ui/Time.tsx'
import { sayFieldName } from '../inventory/words.ts'

type Field = CallOutput<typeof listProtectedFields>['items'][number]

/** Which fields of a device change only when a second person approves. */
export function ProtectedFields() {
  const fields = useCall(listProtectedFields, {})
  return (
    <Panel title="Fields that need a second person" isFlush>
      <Answer query={fields} lines={7}>
        {({ items }) => (
          <table className="rows" aria-label="Fields of a device">
            <thead>
              <tr>
                <th scope="col">Field</th>
                <th scope="col">Changes</th>
                <th scope="col">Waits</th>
                <th scope="col">
                  <VisuallyHidden>What to do</VisuallyHidden>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={item.field} item={item} />
              ))}
            </tbody>
          </table>
        )}
      </Answer>
    </Panel>
  )
}

function Row({ item }: { readonly item: Field }) {
  const { field, isProtected, lift } = item
  return (
    <tr>
      <td>{sayFieldName(field)}</td>
      <td>
        {isProtected ? (
          <Mark tone="strong">by two people</Mark>
        ) : (
          <Mark tone="neutral">at once</Mark>
        )}
      </td>
      <td>
        {lift === undefined ? (
          <span className="quiet">nothing</span>
        ) : (
          <>
            {lift.isOwn ? 'You want' : `${lift.by} wants`} it changed at once,{' '}
            <Time at={lift.proposed} />: {lift.reason}
          </>
        )}
      </td>
      <td>
        <Actions item={item} />
      </td>
    </tr>
  )
}

function Actions({ item: { field, isProtected, lift } }: { readonly item: Field }) {
  const canDecide = useCan('assets:decide')
  if (!canDecide) return null
  const name = sayFieldName(field)
  const ask = (wanted: boolean, label: string, says: string) => (
    <ActionButton
      route={protectField}
      input={({ reason }) => ({ params: { field }, body: { isProtected: wanted, reason } })}
      label={label}
      title={`${label}: ${name}`}
      says={says}
      reason="Why?"
    />
  )
  if (!isProtected)
    return ask(
      true,
      'Protect',
      'From now on a change of it is proposed by one and approved by another.',
    )
  if (lift === undefined)
    return ask(
      false,
      'Ask to set free',
      'In force when a second person agrees; until then it stays protected.',
    )
  return (
    <Group gap={8}>
      {lift.isOwn ? null : ask(false, 'Agree', 'From now on one person alone changes it.')}
      {ask(true, 'Keep protected', 'The wish to set it free ends without effect.')}
    </Group>
  )
}
