import { Button, Group, Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import type { CallFailed } from '../api/call.ts'
import { Failed } from './Panel.tsx'

/** Asks how somebody knows what they write down. */
export function ReasonField({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  return (
    <Textarea
      label="How do you know?"
      description="Goes into the audit log with your name."
      required
      autosize
      minRows={2}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** End of every form in a dialog: why it was refused, the way out, and what sends it. */
export function FormEnd({
  error,
  isBusy,
  isReady = true,
  isDangerous = false,
  verb,
  onClose,
}: {
  readonly error: CallFailed | null | undefined
  readonly isBusy: boolean
  readonly isReady?: boolean
  readonly isDangerous?: boolean
  readonly verb: ReactNode
  readonly onClose: () => void
}) {
  return (
    <>
      {error ? <Failed error={error} /> : null}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          type="submit"
          loading={isBusy}
          disabled={!isReady}
          {...(isDangerous ? { color: 'red.9' } : {})}
        >
          {verb}
        </Button>
      </Group>
    </>
  )
}
