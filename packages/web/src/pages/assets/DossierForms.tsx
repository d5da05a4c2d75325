import { Button, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { CallFailed } from '../../api/call.ts'
import { type FormEvent, useState } from 'react'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormEnd } from '../../ui/FormParts.tsx'

export interface Field {
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'date' | 'number'
  readonly choices?: readonly { readonly value: string; readonly label: string }[]
  readonly isOptional?: boolean
  readonly start?: string
}

export type Values = Readonly<Record<string, string>>

/** A button for a small form: fields as data, one way to send, one place for what the server refuses. */
export function FormButton({
  label,
  title,
  fields,
  send,
}: {
  readonly label: string
  readonly title: string
  readonly fields: readonly Field[]
  readonly send: {
    readonly isPending: boolean
    readonly error: CallFailed | null
    readonly run: (values: Values, onDone: () => void) => void
  }
}) {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {label}
      </Button>
      <Dialog title={title} isOpen={isOpen} onClose={dialog.close}>
        <FieldForm fields={fields} send={send} verb={label} onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function FieldForm({
  fields,
  send,
  verb,
  onClose,
}: {
  readonly fields: readonly Field[]
  readonly send: Parameters<typeof FormButton>[0]['send']
  readonly verb: string
  readonly onClose: () => void
}) {
  const [values, setValues] = useState<Values>(() =>
    Object.fromEntries(fields.map(({ name, start }) => [name, start ?? ''])),
  )
  const isReady = fields.every(
    ({ name, isOptional }) => isOptional === true || (values[name] ?? '').trim() !== '',
  )
  const set = (name: string, value: string) => setValues((before) => ({ ...before, [name]: value }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady) send.run(filled(values), onClose)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SimpleGrid cols={2} spacing="sm">
          {fields.map(({ name, label, type = 'text', choices, isOptional = false }) =>
            choices === undefined ? (
              <TextInput
                key={name}
                type={type}
                label={label}
                required={!isOptional}
                {...(type === 'number' ? { min: 0, step: 'any' } : {})}
                value={values[name] ?? ''}
                onChange={(event) => set(name, event.currentTarget.value)}
              />
            ) : (
              <Select
                key={name}
                label={label}
                required={!isOptional}
                allowDeselect={isOptional}
                data={[...choices]}
                value={values[name] || null}
                onChange={(next) => set(name, next ?? '')}
              />
            ),
          )}
        </SimpleGrid>
        <FormEnd
          error={send.error}
          isBusy={send.isPending}
          isReady={isReady}
          verb={verb}
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}

/** What was left empty is not sent. */
function filled(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, value.trim()] as const)
      .filter(([, value]) => value !== ''),
  )
}
