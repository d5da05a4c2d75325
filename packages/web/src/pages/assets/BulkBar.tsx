import { Button, Group, Select, Stack, TagsInput, TextInput, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { bulkChange, listPlaces } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useCall, useChange } from '../../api/queries.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { say, sayMany } from '../../ui/words.ts'
import { FormEnd } from '../../ui/FormParts.tsx'

/** What can be done with the chosen devices together. */
export function BulkBar({
  chosen,
  onDone,
}: {
  readonly chosen: readonly string[]
  readonly onDone: () => void
}) {
  const [isOpen, dialog] = useDisclosure(false)
  if (chosen.length === 0) return null
  return (
    <Group gap={8} px={12} py={8} role="status">
      <b>{sayMany(chosen.length, 'device')} chosen</b>
      <Button onClick={dialog.open}>Tag, owner, place</Button>
      <Button variant="default" onClick={onDone}>
        Choose none
      </Button>
      <Dialog
        title={`Change ${sayMany(chosen.length, 'device')}`}
        isOpen={isOpen}
        onClose={dialog.close}
      >
        <BulkForm
          chosen={chosen}
          onClose={dialog.close}
          onDone={() => {
            dialog.close()
            onDone()
          }}
        />
      </Dialog>
    </Group>
  )
}

function BulkForm({
  chosen,
  onClose,
  onDone,
}: {
  readonly chosen: readonly string[]
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const change = useChange(bulkChange)
  const places = useCall(listPlaces, {})
  const [addTags, setAddTags] = useState<string[]>([])
  const [removeTags, setRemoveTags] = useState<string[]>([])
  const [owner, setOwner] = useState('')
  const [locationId, setLocationId] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const hasChange =
    addTags.length + removeTags.length > 0 || owner.trim() !== '' || locationId !== null
  const isReady = hasChange && reason.trim().length >= 3
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const body = {
      assetIds: [...chosen],
      reason: reason.trim(),
      ...(addTags.length === 0 ? {} : { addTags }),
      ...(removeTags.length === 0 ? {} : { removeTags }),
      ...(owner.trim() === '' ? {} : { owner: owner.trim() }),
      ...(locationId === null ? {} : { locationId }),
    }
    change.mutate({ body }, { onSuccess: onDone })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TagsInput label="Add tags" value={addTags} onChange={setAddTags} />
        <TagsInput label="Take tags away" value={removeTags} onChange={setRemoveTags} />
        <TextInput
          label="Owner"
          value={owner}
          onChange={(event) => setOwner(event.currentTarget.value)}
        />
        <Select
          label="Place"
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'Clear the place' }}
          limit={50}
          data={(places.data?.items ?? []).map(({ id, kind, name }) => ({
            value: id,
            label: `${say(kind)} ${name}`,
          }))}
          value={locationId}
          onChange={setLocationId}
        />
        <Textarea
          label="Why?"
          description="Goes into the history of each device with your name."
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
          verb={<>Change {sayMany(chosen.length, 'device')}</>}
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}
