import { Button, Checkbox, Menu, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { endView, listViews, saveView } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useCall, useChange } from '../../api/queries.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormEnd } from '../../ui/FormParts.tsx'

/** Saved views of the list: open one, save this one. `search` is the query of the address as it stands. */
export function Views({ search }: { readonly search: string }) {
  const views = useCall(listViews, {})
  const end = useChange(endView)
  const navigate = useNavigate()
  const [isOpen, dialog] = useDisclosure(false)
  const items = views.data?.items ?? []
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="default">Views</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {items.map(({ id, name, search: query, isShared }) => (
            <Menu.Item key={id} onClick={() => void navigate({ href: `/assets?${query}` })}>
              {name}
              {isShared ? <span className="quiet"> shared</span> : null}
            </Menu.Item>
          ))}
          {items.length === 0 ? <Menu.Label>No view is saved yet</Menu.Label> : null}
          <Menu.Divider />
          <Menu.Item onClick={dialog.open}>Save this view</Menu.Item>
          {items
            .filter(({ isOwn }) => isOwn)
            .map(({ id, name }) => (
              <Menu.Item key={`end ${id}`} onClick={() => end.mutate({ params: { id } })}>
                Remove {name}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
      <Dialog title="Save this view" isOpen={isOpen} onClose={dialog.close} size="sm">
        <SaveForm search={search} onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function SaveForm({ search, onClose }: { readonly search: string; readonly onClose: () => void }) {
  const save = useChange(saveView)
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    save.mutate({ body: { name: name.trim(), search, isShared } }, { onSuccess: onClose })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="Filters, sorting and columns are kept."
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox
          label="Others see it too"
          checked={isShared}
          onChange={(event) => setShared(event.currentTarget.checked)}
        />
        <FormEnd
          error={save.error}
          isBusy={save.isPending}
          isReady={name.trim() !== ''}
          verb="Save"
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}
