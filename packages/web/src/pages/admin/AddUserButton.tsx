import {
  Button,
  Checkbox,
  Code,
  CopyButton,
  Group,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { addUser, listTechnicians, user } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import type { CallOutput } from '../../api/call.ts'
import { useCall, useChange } from '../../api/queries.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { say } from '../../ui/words.ts'
import { FormEnd } from '../../ui/FormParts.tsx'

type Added = CallOutput<typeof addUser>
const ROLES = user.shape.roles.element.options
type Role = (typeof ROLES)[number]

const MAY: Readonly<Record<Role, string>> = {
  viewer: 'sees everything, changes nothing',
  technician: 'does the work assigned to them',
  analyst: 'handles detections and incidents, opens work',
  network: 'sees everything; segmentation',
  manager: 'assigns work, approves decisions',
  compliance: 'sees everything and the audit log',
  admin: 'accounts, captures, audit log',
}

export function AddUserButton() {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button onClick={dialog.open}>Add a user</Button>
      <Dialog title="Add a user" isOpen={isOpen} onClose={dialog.close}>
        <UserForm onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function UserForm({ onClose }: { readonly onClose: () => void }) {
  const change = useChange(addUser)
  const technicians = useCall(listTechnicians, {})
  const [username, setUsername] = useState('')
  const [name, setName] = useState('')
  const [roles, setRoles] = useState<string[]>([])
  const [technicianId, setTechnicianId] = useState<string | null>(null)
  const isTechnician = roles.includes('technician')
  if (change.data) return <OneTimePassword added={change.data} onClose={onClose} />
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({
      body: {
        username: username.trim(),
        name: name.trim(),
        roles: roles as Role[],
        ...(isTechnician && technicianId !== null ? { technicianId } : {}),
      },
    })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="User name"
          description="Small letters, digits, dot, dash, underscore"
          required
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <Checkbox.Group label="Roles" value={roles} onChange={setRoles} required>
          <Stack gap={6} mt={4}>
            {ROLES.map((role) => (
              <Checkbox key={role} value={role} label={`${say(role)}: ${MAY[role]}`} />
            ))}
          </Stack>
        </Checkbox.Group>
        {isTechnician ? (
          <Select
            label="Which technician is this?"
            description="Work assigned to that technician is theirs to start."
            data={(technicians.data?.items ?? []).map((one) => ({
              value: one.id,
              label: `${one.name} (${one.employer})`,
            }))}
            value={technicianId}
            onChange={setTechnicianId}
            comboboxProps={{ withinPortal: true }}
          />
        ) : null}
        <FormEnd
          error={change.error}
          isBusy={change.isPending}
          isReady={username.trim() !== '' && name.trim() !== '' && roles.length !== 0}
          verb="Add"
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}

function OneTimePassword({
  added,
  onClose,
}: {
  readonly added: Added
  readonly onClose: () => void
}) {
  return (
    <Stack gap="sm">
      <Text>
        {added.user.name} signs in as <b>{added.user.username}</b> with this password, once, and
        then chooses their own. It is not shown again.
      </Text>
      <Group gap={8}>
        <Code fz="md" aria-label="One-time password">
          {added.oneTimePassword}
        </Code>
        <CopyButton value={added.oneTimePassword}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}
