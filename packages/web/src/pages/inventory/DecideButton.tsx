import { List } from '@mantine/core'
import { decideReconciliation, type ReconciliationDecision } from '@wardkeeper/contract'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { DECISION_WORDS } from './words.ts'

interface Asked {
  readonly id: string
  readonly title: string
}

/** Answers one question or many in one way, after saying what that does. */
export function DecideButton({
  items,
  decision,
  assetId,
  isMain = false,
  onDone,
}: {
  readonly items: readonly Asked[]
  readonly decision: ReconciliationDecision
  readonly assetId?: string | undefined
  readonly isMain?: boolean
  readonly onDone?: () => void
}) {
  const [label, says] = DECISION_WORDS[decision] ?? [decision, '']
  return (
    <ActionButton
      route={decideReconciliation}
      input={({ reason }) => ({
        body: {
          ids: items.map(({ id }) => id),
          decision,
          reason,
          ...(assetId === undefined ? {} : { assetId }),
        },
      })}
      label={label}
      title={items.length === 1 ? label : `${label}: ${items.length} questions`}
      says={
        <>
          {says} It can be taken back.
          <List size="sm" mt={6}>
            {items.slice(0, 8).map(({ id, title }) => (
              <List.Item key={id}>{title}</List.Item>
            ))}
            {items.length > 8 ? <List.Item>and {items.length - 8} more</List.Item> : null}
          </List>
        </>
      }
      reason="Why?"
      isMain={isMain}
      {...(onDone ? { onDone: () => onDone() } : {})}
    />
  )
}
