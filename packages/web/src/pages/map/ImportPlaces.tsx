import { Button, FileButton, Group, List, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { importPlaces } from '@wardkeeper/contract'
import { useState } from 'react'
import { useChange } from '../../api/queries.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Failed } from '../../ui/Panel.tsx'
import { sayMany } from '../../ui/words.ts'

/** Adds places from a CSV file, after showing what it would do. */
export function ImportPlacesButton() {
  const [isOpen, dialog] = useDisclosure(false)
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Import places
      </Button>
      <Dialog title="Import places" isOpen={isOpen} onClose={dialog.close}>
        <ImportForm onClose={dialog.close} />
      </Dialog>
    </>
  )
}

function ImportForm({ onClose }: { readonly onClose: () => void }) {
  const [csv, setCsv] = useState<string>()
  const preview = useChange(importPlaces)
  const change = useChange(importPlaces)
  const take = async (file: File | null) => {
    if (file === null) return
    const text = await file.text()
    setCsv(text)
    preview.mutate({ body: { csv: text, isDryRun: true } })
  }
  const plan = preview.data
  const error = change.error ?? preview.error
  return (
    <Stack gap="sm">
      <Text>
        A CSV file whose first row names the columns: building, floor, unit, room, service line,
        hours. One row for each place; levels may stay empty, the building may not.
      </Text>
      <FileButton onChange={(file) => void take(file)} accept=".csv,.txt,text/csv">
        {(props) => (
          <Button {...props} variant="default" loading={preview.isPending}>
            Choose a file
          </Button>
        )}
      </FileButton>
      {plan === undefined ? null : (
        <div role="status">
          <Text fw={600}>
            {sayMany(plan.added, 'new place')}, {sayMany(plan.known, 'row')} known already,{' '}
            {sayMany(plan.errors.length, 'row')} that cannot be used
          </Text>
          <List size="sm">
            {plan.errors.slice(0, 20).map(({ row, reason }) => (
              <List.Item key={row}>
                Row {row}: {reason}
              </List.Item>
            ))}
            {plan.examples.map((example) => (
              <List.Item key={example}>{example}</List.Item>
            ))}
          </List>
        </div>
      )}
      {error ? <Failed error={error} /> : null}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          loading={change.isPending}
          disabled={csv === undefined || plan === undefined || plan.added === 0}
          onClick={() =>
            csv !== undefined &&
            change.mutate({ body: { csv, isDryRun: false } }, { onSuccess: onClose })
          }
        >
          {plan === undefined ? 'Import' : `Add ${sayMany(plan.added, 'place')}`}
        </Button>
      </Group>
    </Stack>
  )
}
