import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Route } from '@wardkeeper/contract'
import type { ReactNode } from 'react'
import type { CallInput, CallOutput } from '../api/call.ts'
import { useChange } from '../api/queries.ts'
import { ActionDialog, type Answers } from './ActionDialog.tsx'

/** A button for one call of the API, with its confirmation. `input` makes the call from the answers. */
export function ActionButton<R extends Route, const Input extends CallInput<R>>({
  route,
  input,
  label,
  isMain = false,
  onDone,
  ...question
}: {
  readonly route: R
  readonly input: (answers: Answers) => Input
  readonly label: string
  readonly isMain?: boolean
  readonly onDone?: (answer: CallOutput<R>) => void
  readonly title: string
  readonly says: ReactNode
  readonly verb?: string
  readonly isDangerous?: boolean
  readonly reason?: string
  readonly isReasonOptional?: boolean
  readonly until?: string
  readonly isUntilOptional?: boolean
}) {
  const [isOpen, dialog] = useDisclosure(false)
  const change = useChange(route)
  const confirm = (answers: Answers) =>
    change.mutate(input(answers), {
      onSuccess: (answer) => {
        dialog.close()
        onDone?.(answer)
      },
    })
  return (
    <>
      <Button
        variant={isMain ? 'filled' : 'default'}
        onClick={() => {
          change.reset()
          dialog.open()
        }}
      >
        {label}
      </Button>
      <ActionDialog
        question={{ verb: label, ...question }}
        isOpen={isOpen}
        onClose={dialog.close}
        onConfirm={confirm}
        isBusy={change.isPending}
        error={change.error}
      />
    </>
  )
}
