import { Button, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { saveTechnician } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/queries.ts'
import { useSession } from '../../api/session.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormEnd } from '../../ui/FormParts.tsx'

const FIELDS = [
  ['name', 'Name', 'text', ''],
  ['employer', 'Employer', 'text', ''],
  ['manufacturer', 'Maker (* for any)', 'text', '*'],
  ['model', 'Model (* for any)', 'text', '*'],
  ['type', 'Type (* for any)', 'text', '*'],
  ['proof', 'Proof (certificate, training record)', 'text', ''],
  ['from', 'Valid from', 'date', ''],
  ['until', 'Valid until', 'date', ''],
] as const
type Field = (typeof FIELDS)[number][0]
type Level = 'inspect' | 'service'

export function AddTechnicianButton() {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button onClick={dialog.open}>Add a technician</Button>
      <Dialog title="Add a technician" isOpen={isOpen} onClose={dialog.close} size="lg">
        <TechnicianForm onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function TechnicianForm({ onClose }: { readonly onClose: () => void }) {
  const change = useChange(saveTechnician)
  const { sites } = useSession()
  const [level, setLevel] = useState<Level>('service')
  const [values, setValues] = useState(
    () =>
      Object.fromEntries(FIELDS.map(([name, , , first]) => [name, first])) as Record<Field, string>,
  )
  const isReady = FIELDS.every(([name]) => values[name].trim() !== '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const { name, employer, ...authorization } = values
    const siteId = sites[0] ?? '*'
    change.mutate(
      { body: { name, employer, authorizations: [{ ...authorization, siteId, level }] } },
      { onSuccess: onClose },
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SimpleGrid cols={2} spacing="sm">
          {FIELDS.map(([name, label, type]) => (
            <TextInput
              key={name}
              type={type}
              label={label}
              required
              value={values[name]}
              onChange={(event) => {
                const { value } = event.currentTarget
                setValues((before) => ({ ...before, [name]: value }))
              }}
            />
          ))}
          <Select
            label="May"
            data={[
              { value: 'service', label: 'Open and service' },
              { value: 'inspect', label: 'Look only' },
            ]}
            value={level}
            allowDeselect={false}
            onChange={(next) => setLevel(next === 'inspect' ? 'inspect' : 'service')}
          />
        </SimpleGrid>
        <FormEnd
          error={change.error}
          isBusy={change.isPending}
          isReady={isReady}
          verb="Add"
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}
