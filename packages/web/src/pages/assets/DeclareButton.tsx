import { Button, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type AssetDetail, declareAsset } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/queries.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormEnd, ReasonField } from '../../ui/FormParts.tsx'

const FIELDS = [
  ['unit', 'Unit', 'text'],
  ['room', 'Room', 'text'],
  ['owner', 'Owner', 'text'],
  ['contract', 'Contract', 'text'],
  ['warrantyUntil', 'Warranty until', 'date'],
  ['condition', 'Condition', 'text'],
] as const

/** Writes down where a device is and whose; kept apart from what is observed. */
export function DeclareButton({ asset }: { readonly asset: AssetDetail }) {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Set place and owner
      </Button>
      <Dialog title="Place, owner and contract" isOpen={isOpen} onClose={dialog.close}>
        <DeclareForm asset={asset} onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function DeclareForm({
  asset,
  onClose,
}: {
  readonly asset: AssetDetail
  readonly onClose: () => void
}) {
  const change = useChange(declareAsset)
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(FIELDS.map(([name]) => [name, asset[name] ?? ''])),
  )
  const [reason, setReason] = useState('')
  const changed = Object.fromEntries(
    FIELDS.map(([name]) => [name, (values[name] ?? '').trim()] as const).filter(
      ([name, value]) => value !== '' && value !== (asset[name] ?? ''),
    ),
  )
  const isReady = reason.trim().length >= 3 && Object.keys(changed).length > 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    change.mutate(
      { params: { id: asset.id }, body: { ...changed, reason: reason.trim() } },
      { onSuccess: onClose },
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text>What people write down about {asset.label}. What is observed stays as it is.</Text>
        <SimpleGrid cols={2} spacing="sm">
          {FIELDS.map(([name, label, type]) => (
            <TextInput
              key={name}
              type={type}
              label={label}
              value={values[name] ?? ''}
              onChange={(event) => {
                const { value } = event.currentTarget
                setValues((before) => ({ ...before, [name]: value }))
              }}
            />
          ))}
        </SimpleGrid>
        <ReasonField value={reason} onChange={setReason} />
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
