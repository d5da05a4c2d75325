import { Anchor, Button, Group, List, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { addDevice, readBarcode } from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { sayFieldName } from './words.ts'
import { FormEnd, ReasonField } from '../../ui/FormParts.tsx'

const FIELDS = [
  'manufacturer',
  'model',
  'serial',
  'tag',
  'description',
  'mac',
  'unit',
  'room',
  'owner',
] as const

/** Writes a device down by hand, or by its barcode. */
export function DeviceButton() {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Write a device down
      </Button>
      <Dialog title="Write a device down" isOpen={isOpen} onClose={dialog.close} size="lg">
        <DeviceForm onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function DeviceForm({ onClose }: { readonly onClose: () => void }) {
  const add = useChange(addDevice)
  const barcode = useChange(readBarcode)
  const canDecide = useCan('assets:decide')
  const [udi, setUdi] = useState('')
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [reason, setReason] = useState('')
  const isReady =
    reason.trim().length >= 3 &&
    (udi.trim() !== '' || Object.values(values).some((value) => value.trim() !== ''))
  const scan = () => {
    if (udi.trim() === '') return
    barcode.mutate(
      { body: { text: udi } },
      {
        onSuccess: ({ serial, lot }) =>
          setValues((before) => ({
            ...before,
            ...(serial === undefined ? {} : { serial }),
            ...(lot === undefined ? {} : { lot }),
          })),
      },
    )
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    const given = Object.fromEntries(
      Object.entries(values).filter(([, value]) => value.trim() !== ''),
    )
    const code = barcode.data?.di === undefined ? {} : { udi: udi.trim() }
    add.mutate({ body: { device: { ...given, ...code }, reason: reason.trim() } })
  }
  if (add.data !== undefined) {
    const { assetId, outcome, reasons } = add.data
    return (
      <Stack gap="sm" role="status">
        <Text fw={600}>
          {outcome === 'queued'
            ? 'It waits for a decision'
            : outcome === 'created'
              ? 'It is in the inventory'
              : 'It is a device that was known'}
        </Text>
        <List size="sm">
          {reasons.map((one) => (
            <List.Item key={one}>{one}</List.Item>
          ))}
        </List>
        {assetId === undefined ? (
          <Anchor href="/reconcile?kind=proposal">See what is proposed</Anchor>
        ) : (
          <Anchor href={`/assets/${assetId}`}>Open the device</Anchor>
        )}
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label="Barcode (UDI)"
          description="Scan it or type it: GS1, HIBCC or ICCBBA."
          data-autofocus
          value={udi}
          error={barcode.data?.problem}
          onChange={(event) => setUdi(event.currentTarget.value)}
          onBlur={scan}
          onKeyDown={(event) => {
            // A wedge scanner ends with Enter, which must not send the form.
            if (event.key !== 'Enter') return
            event.preventDefault()
            scan()
          }}
        />
        {barcode.data?.di === undefined ? null : (
          <Text role="status">
            {barcode.data.issuer} device identifier {barcode.data.di}
            {barcode.data.expires === undefined ? '' : `, expires ${barcode.data.expires}`}
          </Text>
        )}
        <SimpleGrid cols={3} spacing="sm">
          {FIELDS.map((name) => (
            <TextInput
              key={name}
              label={sayFieldName(name)}
              value={values[name] ?? ''}
              onChange={(event) => {
                const { value } = event.currentTarget
                setValues((before) => ({ ...before, [name]: value }))
              }}
            />
          ))}
        </SimpleGrid>
        <ReasonField value={reason} onChange={setReason} />
        {canDecide ? null : <Text c="dimmed">A manager decides about what you propose.</Text>}
        <FormEnd
          error={add.error}
          isBusy={add.isPending}
          isReady={isReady}
          verb={canDecide ? 'Write it down' : 'Propose it'}
          onClose={onClose}
        />
      </Stack>
    </form>
  )
}
