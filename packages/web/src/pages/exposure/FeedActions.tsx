import { Button, Group, NumberInput, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  type FeedView,
  addFeedDocument,
  configureFeed,
  listFeedRuns,
  runFeed,
} from '@wardkeeper/contract'
import { type FormEvent, useState } from 'react'
import { useCall, useChange } from '../../api/queries.ts'
import { useHandIn } from '../../api/use-hand-in.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { FileButton } from '../../ui/FileButton.tsx'
import { Answer, Failed } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { FormEnd } from '../../ui/FormParts.tsx'

/** Fetch now, or open the settings of one feed. */
export function FeedActions({ feed }: { readonly feed: FeedView }) {
  const [isOpen, dialog] = useDisclosure(false)
  const run = useChange(runFeed)
  const params = { id: feed.id }
  return (
    <Stack gap={6}>
      <Group gap={6} wrap="nowrap">
        {feed.url === undefined ? null : (
          <Button
            variant="default"
            loading={run.isPending}
            aria-label={`Fetch now: ${feed.title}`}
            onClick={() => run.mutate({ params })}
          >
            Fetch now
          </Button>
        )}
        <Button variant="default" aria-label={`Settings: ${feed.title}`} onClick={dialog.open}>
          Settings
        </Button>
      </Group>
      {run.error ? <Failed error={run.error} /> : null}
      <Dialog title={feed.title} isOpen={isOpen} onClose={dialog.close} size="lg">
        <FeedSettings feed={feed} onClose={dialog.close} />
      </Dialog>
    </Stack>
  )
}

function FeedSettings({
  feed,
  onClose,
}: {
  readonly feed: FeedView
  readonly onClose: () => void
}) {
  const change = useChange(configureFeed)
  const load = useHandIn(addFeedDocument)
  const [isEnabled, setEnabled] = useState(feed.isEnabled)
  const [url, setUrl] = useState(feed.isUrlOwn ? (feed.url ?? '') : '')
  const [everyHours, setEveryHours] = useState(feed.everyHours)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const params = { id: feed.id }
    const body = {
      isEnabled,
      everyHours,
      ...(url !== (feed.isUrlOwn ? feed.url : '') && { url: url.trim() }),
    }
    change.mutate({ params, body }, { onSuccess: onClose })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Switch
          label="Fetch it by itself"
          checked={isEnabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        <TextInput
          label="Address"
          description={
            feed.isUrlOwn || feed.url === undefined
              ? 'HTTPS; plain HTTP only for a mirror on this machine'
              : `Empty: ${feed.url}`
          }
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <NumberInput
          label="Hours between two looks"
          min={1}
          max={8760}
          value={everyHours}
          onChange={(value) => setEveryHours(Number(value) || feed.everyHours)}
        />
        {feed.key === undefined ? null : (
          <Text c="dimmed">
            A key goes into the environment variable {feed.key.variable}:{' '}
            {feed.key.isSet ? 'it is set' : 'it is not set'}.
          </Text>
        )}
        <Group gap="md">
          <FileButton
            label="Load a file"
            accept=".json,.csv,.gz,.zip,.txt,.xml,.spdx"
            isBusy={load.state.step === 'sending'}
            onFile={(file) => load.send(file, { params: { id: feed.id } })}
          />
          <Text c="dimmed" role="status">
            {load.state.step === 'done'
              ? `${load.state.name} was loaded.`
              : 'that was fetched by other means'}
          </Text>
        </Group>
        {load.state.step === 'failed' ? <Failed error={load.state.error} /> : null}
        <Runs id={feed.id} />
        <FormEnd error={change.error} isBusy={change.isPending} verb="Save" onClose={onClose} />
      </Stack>
    </form>
  )
}

function Runs({ id }: { readonly id: string }) {
  const runs = useCall(listFeedRuns, { params: { id } })
  return (
    <Answer query={runs} lines={2}>
      {({ items }) =>
        items.length === 0 ? null : (
          <div>
            <Text fw={600}>Last runs</Text>
            <ul style={{ margin: 0, paddingLeft: 16 }}>
              {items.slice(0, 5).map((run) => (
                <li key={run.id}>
                  <Time at={run.ended} />: {run.outcome}, {run.way}, by {run.by}
                  {run.problem === undefined ? '' : `: ${run.problem}`}
                </li>
              ))}
            </ul>
          </div>
        )
      }
    </Answer>
  )
}
