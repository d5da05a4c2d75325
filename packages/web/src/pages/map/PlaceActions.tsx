import { Button, Select, Stack, TextInput, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type Place, addPlace, changePlace, endPlace } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/queries.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { say } from '../../ui/words.ts'
import { FormEnd } from '../../ui/FormParts.tsx'

const KINDS = ['building', 'floor', 'unit', 'room'] as const
type Kind = (typeof KINDS)[number]

/** Adds a place in the chosen one, or a building. */
export function AddPlaceButton({ parent }: { readonly parent: Place | undefined }) {
  const [isOpen, dialog] = useDisclosure(false)
  const kinds =
    parent === undefined ? (['building'] as const) : KINDS.slice(KINDS.indexOf(parent.kind) + 1)
  if (kinds.length === 0) return null
  const label = parent === undefined ? 'Add a building' : `Add to ${parent.name}`
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {label}
      </Button>
      <Dialog title={label} isOpen={isOpen} onClose={dialog.close} size="sm">
        <AddForm parent={parent} kinds={kinds} onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function AddForm({
  parent,
  kinds,
  onClose,
}: {
  readonly parent: Place | undefined
  readonly kinds: readonly Kind[]
  readonly onClose: () => void
}) {
  const change = useChange(addPlace)
  const [kind, setKind] = useState<Kind>(kinds[0] ?? 'room')
  const [name, setName] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    const within = parent === undefined ? {} : { parentId: parent.id, siteId: parent.siteId }
    change.mutate({ body: { kind, name, ...within } }, { onSuccess: onClose })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Select
          label="What is it?"
          data={kinds.map((value) => ({ value, label: say(value) }))}
          value={kind}
          allowDeselect={false}
          onChange={(next) => setKind((next ?? 'room') as Kind)}
        />
        <TextInput
          label="Name"
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <FormEnd
          error={change.error}
          isBusy={change.isPending}
          isReady={name.trim() !== ''}
          verb="Add"
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}

/** Renames, moves or ends a place. */
export function ChangePlaceButtons({
  place,
  places,
  onEnded,
}: {
  readonly place: Place
  readonly places: readonly Place[]
  readonly onEnded: () => void
}) {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Rename or move
      </Button>
      <Dialog title={`Rename or move ${place.name}`} isOpen={isOpen} onClose={dialog.close}>
        <ChangeForm place={place} places={places} onClose={dialog.close} />
      </Dialog>
      {place.devices > 0 || places.some(({ parentId }) => parentId === place.id) ? null : (
        <ActionButton
          route={endPlace}
          input={({ reason }) => ({ params: { id: place.id }, body: { reason } })}
          label="End"
          title={`End ${place.name}`}
          says="It is empty. It leaves the tree; the history of devices keeps its name."
          reason="Why?"
          onDone={onEnded}
        />
      )}
    </>
  )
}

function ChangeForm({
  place,
  places,
  onClose,
}: {
  readonly place: Place
  readonly places: readonly Place[]
  readonly onClose: () => void
}) {
  const change = useChange(changePlace)
  const [name, setName] = useState(place.name)
  const [parentId, setParentId] = useState(place.parentId ?? null)
  const [reason, setReason] = useState('')
  const hosts = places.filter(
    ({ id, kind, siteId }) =>
      id !== place.id && siteId === place.siteId && KINDS.indexOf(kind) < KINDS.indexOf(place.kind),
  )
  const isReady =
    reason.trim().length >= 3 &&
    (name.trim() !== place.name || parentId !== (place.parentId ?? null))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    change.mutate(
      { params: { id: place.id }, body: { name, parentId, reason: reason.trim() } },
      { onSuccess: onClose },
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {hosts.length === 0 ? null : (
          <Select
            label="Lies in"
            searchable
            data={hosts.slice(0, 500).map((host) => ({
              value: host.id,
              label: `${say(host.kind)} ${host.name}`,
            }))}
            value={parentId}
            onChange={setParentId}
          />
        )}
        <Textarea
          label="Why?"
          required
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormEnd
          error={change.error}
          isBusy={change.isPending}
          isReady={isReady}
          verb="Save"
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}
