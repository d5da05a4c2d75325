import { Button, Checkbox, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { type AssetDetail, listAssets, mergeAsset, splitAsset } from '@wardkeeper/contract'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { CallFailed } from '../../api/call.ts'
import { useCall, useChange } from '../../api/queries.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { FormEnd, ReasonField } from '../../ui/FormParts.tsx'

interface Forms {
  readonly asset: AssetDetail
}

/** Makes one record of two. */
export function MergeButton({ asset }: Forms) {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" size="xs" onClick={dialog.open}>
        Merge with another record
      </Button>
      <Dialog title="Merge with another record" isOpen={isOpen} onClose={dialog.close}>
        <MergeForm asset={asset} onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function MergeForm({ asset, onClose }: Forms & { readonly onClose: () => void }) {
  const [text, setText] = useState('')
  const [q] = useDebouncedValue(text.trim(), 250)
  const [from, setFrom] = useState('')
  const found = useCall(listAssets, { query: { q, limit: 8 } }, { enabled: q.length >= 2 })
  const change = useChange(mergeAsset)
  const others = q.length < 2 ? [] : (found.data?.items ?? []).filter(({ id }) => id !== asset.id)
  return (
    <ReasonForm
      says={`All that hangs on the other record will hang on ${asset.label}. It can be undone.`}
      verb="Merge"
      isReady={others.some(({ id }) => id === from)}
      isBusy={change.isPending}
      error={change.error}
      onClose={onClose}
      onConfirm={(reason) =>
        change.mutate({ params: { id: asset.id }, body: { from, reason } }, { onSuccess: onClose })
      }
    >
      <TextInput
        label="The other record"
        description="Name, MAC, address, serial number or model"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {q.length >= 2 && found.data !== undefined && others.length === 0 ? (
        <Text c="dimmed">No other record has this.</Text>
      ) : null}
      <Radio.Group aria-label="Records found" value={from} onChange={setFrom}>
        <Stack gap={6}>
          {others.map(({ id, label, macs, ips }) => (
            <Radio
              key={id}
              value={id}
              label={label}
              description={[macs[0], ips[0]].filter(Boolean).join(' · ')}
            />
          ))}
        </Stack>
      </Radio.Group>
    </ReasonForm>
  )
}

/** Makes two records of one. */
export function SplitButton({ asset }: Forms) {
  const [isOpen, dialog] = useDisclosure(false)
  const keys = keysOf(asset)
  if (keys.length < 2) return null
  return (
    <>
      <Button variant="default" size="xs" onClick={dialog.open}>
        Split
      </Button>
      <Dialog title="Split this record" isOpen={isOpen} onClose={dialog.close}>
        <SplitForm asset={asset} keys={keys} onClose={dialog.close} />
      </Dialog>
    </>
  )
}

/** Its interfaces, or where no interface was seen its addresses. */
function keysOf({ interfaces }: AssetDetail): readonly string[] {
  const macs = interfaces.flatMap(({ mac }) => (mac === undefined ? [] : [`mac:${mac}`]))
  if (macs.length > 1) return macs
  const now = interfaces.flatMap(({ addresses }) => addresses.filter(({ until }) => !until))
  return macs.length === 1 ? [] : [...new Set(now.map(({ ip }) => `ip:${ip}`))]
}

function SplitForm({
  asset,
  keys,
  onClose,
}: Forms & { readonly keys: readonly string[]; readonly onClose: () => void }) {
  const [chosen, setChosen] = useState<string[]>([])
  const change = useChange(splitAsset)
  return (
    <ReasonForm
      says="What was seen of these goes to a new record, and the two stay apart whatever they state in common. It can be undone."
      verb="Split"
      isReady={chosen.length > 0 && chosen.length < keys.length}
      isBusy={change.isPending}
      error={change.error}
      onClose={onClose}
      onConfirm={(reason) =>
        change.mutate(
          { params: { id: asset.id }, body: { keys: chosen, reason } },
          { onSuccess: onClose },
        )
      }
    >
      <Checkbox.Group label="These are another device" value={chosen} onChange={setChosen}>
        <Stack gap={6} mt={6}>
          {keys.map((key) => (
            <Checkbox key={key} value={key} label={key.slice(key.indexOf(':') + 1)} />
          ))}
        </Stack>
      </Checkbox.Group>
    </ReasonForm>
  )
}

function ReasonForm({
  says,
  verb,
  isReady,
  isBusy,
  error,
  onClose,
  onConfirm,
  children,
}: {
  readonly says: string
  readonly verb: string
  readonly isReady: boolean
  readonly isBusy: boolean
  readonly error: CallFailed | null
  readonly onClose: () => void
  readonly onConfirm: (reason: string) => void
  readonly children: ReactNode
}) {
  const [reason, setReason] = useState('')
  const canSend = isReady && reason.trim().length >= 3
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (canSend) onConfirm(reason.trim())
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text>{says}</Text>
        {children}
        <ReasonField value={reason} onChange={setReason} />
        <FormEnd error={error} isBusy={isBusy} isReady={canSend} verb={verb} onClose={onClose} />
      </Stack>
    </form>
  )
}
