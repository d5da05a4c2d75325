import { Button, Select, Stack, Text, Textarea } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type AssetDetail, proposeChange } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/queries.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { say } from '../../ui/words.ts'
import { FormEnd } from '../../ui/FormParts.tsx'

const STATES = ['active', 'in-repair', 'stored', 'missing', 'retired', 'disposed'] as const

/** Proposes what a second person must approve: that a device is stored, retired, disposed of. */
export function ProposeButton({ asset }: { readonly asset: AssetDetail }) {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Propose a state
      </Button>
      <Dialog title="Propose a new state" isOpen={isOpen} onClose={dialog.close}>
        <ProposeForm asset={asset} onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function ProposeForm({
  asset,
  onClose,
}: {
  readonly asset: AssetDetail
  readonly onClose: () => void
}) {
  const change = useChange(proposeChange)
  const [state, setState] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const isReady = state !== null && reason.trim().length >= 3
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const changes = { state: state as (typeof STATES)[number] }
    change.mutate(
      { params: { id: asset.id }, body: { changes, reason: reason.trim() } },
      { onSuccess: onClose },
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text>
          {asset.label} is {say(asset.state).toLowerCase()}. Nothing changes until somebody else
          approves it under Decisions.
        </Text>
        <Select
          label="New state"
          required
          data={STATES.filter((one) => one !== asset.state).map((value) => ({
            value,
            label: say(value),
          }))}
          value={state}
          onChange={setState}
        />
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
          verb="Propose"
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}
