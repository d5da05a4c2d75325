import { Stack, Text, TextInput, Textarea } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { CallFailed } from '../api/call.ts'
import { Dialog } from './Dialog.tsx'
import { FormEnd } from './FormParts.tsx'

export interface Answers {
  readonly reason: string
  /** ISO date, empty when not asked for. */
  readonly until: string
}

interface Question {
  readonly title: string
  /** What will happen to whom, before it happens. */
  readonly says: ReactNode
  readonly verb: string
  readonly isDangerous?: boolean
  /** Label of the reason; no field when absent. */
  readonly reason?: string
  readonly isReasonOptional?: boolean
  /** Label of the date; no field when absent. */
  readonly until?: string
  readonly isUntilOptional?: boolean
}

/** The one way to confirm: says what happens, takes the reason, shows a refusal with its reasons. */
export function ActionDialog({
  question,
  isOpen,
  onClose,
  onConfirm,
  isBusy,
  error,
}: {
  readonly question: Question
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onConfirm: (answers: Answers) => void
  readonly isBusy: boolean
  readonly error: CallFailed | null
}) {
  return (
    <Dialog title={question.title} isOpen={isOpen} onClose={onClose}>
      <ActionForm
        question={question}
        onClose={onClose}
        onConfirm={onConfirm}
        isBusy={isBusy}
        error={error}
      />
    </Dialog>
  )
}

function ActionForm({
  question,
  onClose,
  onConfirm,
  isBusy,
  error,
}: Omit<Parameters<typeof ActionDialog>[0], 'isOpen'>) {
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const wantsReason = question.reason !== undefined && question.isReasonOptional !== true
  const wantsUntil = question.until !== undefined && question.isUntilOptional !== true
  const isReady = (!wantsReason || reason.trim().length >= 3) && (!wantsUntil || until !== '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) onConfirm({ reason: reason.trim(), until })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text component="div">{question.says}</Text>
        {question.reason === undefined ? null : (
          <Textarea
            label={question.reason}
            required={wantsReason}
            autosize
            minRows={2}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {question.until === undefined ? null : (
          <TextInput
            type="date"
            label={question.until}
            required={wantsUntil}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        )}
        <FormEnd
          error={error}
          isBusy={isBusy}
          isReady={isReady}
          isDangerous={question.isDangerous === true}
          verb={question.verb}
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}
