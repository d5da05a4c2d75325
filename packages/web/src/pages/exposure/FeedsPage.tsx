import { Anchor, Button, Group, Stack, Text } from '@mantine/core'
import {
  type FeedView,
  type QuarantinedView,
  getQuarantined,
  importFeedBundle,
  listFeeds,
  listQuarantine,
} from '@wardkeeper/contract'
import { pathOf } from '../../api/call.ts'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { useHandIn } from '../../api/use-hand-in.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { FileButton } from '../../ui/FileButton.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Failed, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { sayBytes, sayCount, sayMany } from '../../ui/words.ts'
import { FeedActions } from './FeedActions.tsx'

const COLUMNS: readonly Column<FeedView>[] = [
  {
    id: 'title',
    header: 'Feed',
    width: 240,
    cell: (row) => (
      <>
        <b>{row.title}</b>
        <div className="quiet">{row.licence}</div>
      </>
    ),
  },
  { id: 'state', header: 'Freshness', width: 200, cell: (row) => <Freshness feed={row} /> },
  {
    id: 'next',
    header: 'Next',
    cell: (row) =>
      row.next === undefined ? (
        <span className="quiet">{row.url === undefined ? 'by hand or bundle' : 'off'}</span>
      ) : (
        <Time at={row.next} />
      ),
  },
  { id: 'counts', header: 'Holds', width: 180, cell: (row) => <Counts counts={row.counts} /> },
  {
    id: 'quarantined',
    header: 'Set aside',
    isNumber: true,
    cell: (row) =>
      row.quarantined === 0 ? <span className="quiet">none</span> : sayCount(row.quarantined),
  },
]

const ACTIONS: Column<FeedView> = {
  id: 'actions',
  header: 'Do',
  cell: (row) => <FeedActions feed={row} />,
}

// Made once: a new list of columns would close every dialog in the table.
const WITH_ACTIONS = [...COLUMNS, ACTIONS]

export default function FeedsPage() {
  const feeds = useCall(listFeeds, {})
  const canRun = useCan('feeds:run')
  return (
    <Stack gap="md">
      <PageHeader
        title="Feeds"
        says="Where knowledge from outside comes from. A verdict that rests on an old feed says so"
      />
      {canRun ? <BundleUpload keys={feeds.data?.trustedKeys} /> : null}
      <Panel isFlush>
        <Answer query={feeds}>
          {({ items }) => (
            <DataTable caption="Feeds" rows={items} columns={canRun ? WITH_ACTIONS : COLUMNS} />
          )}
        </Answer>
      </Panel>
      <Quarantine canRead={canRun} />
    </Stack>
  )
}

function Freshness({ feed }: { readonly feed: FeedView }) {
  const isNever = feed.lastSuccess === undefined
  return (
    <>
      {isNever ? (
        <Mark tone="neutral">Never loaded</Mark>
      ) : feed.isStale ? (
        <Mark tone="unknown">{sayMany(feed.ageDays ?? 0, 'day')} old</Mark>
      ) : (
        <Mark tone="good">Fresh</Mark>
      )}
      {isNever ? null : (
        <div>
          <Time at={feed.lastSuccess} /> {feed.lastWay === undefined ? '' : `(${feed.lastWay})`}
        </div>
      )}
      {feed.problem === undefined ? null : (
        <div>
          <b>Last try refused:</b> {feed.problem}
        </div>
      )}
    </>
  )
}

const KINDS = [
  ['advisories', 'advisories'],
  ['signals', 'signals on CVEs'],
  ['sboms', 'bills of materials'],
  ['statements', 'VEX statements'],
  ['support', 'support dates'],
  ['patches', 'patches'],
  ['identifiers', 'device identifiers'],
  ['productCodes', 'product codes'],
] as const

function Counts({ counts }: { readonly counts: FeedView['counts'] }) {
  const told = KINDS.flatMap(([name, words]) => {
    const count = counts[name] ?? 0
    return count > 0 ? [`${sayCount(count)} ${words}`] : []
  })
  const unsigned = counts['unsigned'] ?? 0
  if (told.length === 0) return <span className="quiet">nothing yet</span>
  return (
    <>
      {told.join(', ')}
      {unsigned === 0 ? null : (
        <div>
          <Mark tone="unknown">Signature not checked</Mark> of {sayMany(unsigned, 'document')}: none
          was there, or gpg is not installed
        </div>
      )}
    </>
  )
}

function BundleUpload({ keys }: { readonly keys: readonly string[] | undefined }) {
  const { state, send } = useHandIn(importFeedBundle)
  return (
    <section className="drop" aria-label="Import a bundle">
      <Group gap="md">
        <FileButton
          label="Import a bundle"
          accept=".wkb"
          isMain
          isBusy={state.step === 'sending'}
          onFile={(file) => send(file, {})}
        />
        <Text c="dimmed">
          For machines without a network. All of it is taken, or nothing.{' '}
          {keys === undefined
            ? ''
            : keys.length === 0
              ? 'No key is trusted yet: put the .pub file of its maker into the folder feed-keys.'
              : `Trusted keys: ${keys.join(', ')}.`}
        </Text>
      </Group>
      <div role="status">
        {state.step === 'done' ? (
          <Text mt="xs">
            {state.name} of {state.result.made.slice(0, 10)} brought{' '}
            {sayMany(state.result.outcomes.length, 'feed')} in.
          </Text>
        ) : null}
        {state.step === 'failed' ? (
          <div style={{ marginTop: 10 }}>
            <Failed error={state.error} />
          </div>
        ) : null}
      </div>
    </section>
  )
}

const SET_ASIDE: readonly Column<QuarantinedView>[] = [
  { id: 'name', header: 'Document', width: 200, cell: (row) => <b>{row.name}</b> },
  { id: 'feed', header: 'Feed', cell: (row) => row.feedId },
  { id: 'reason', header: 'Why it could not be read', width: 320, cell: (row) => row.reason },
  { id: 'bytes', header: 'Size', isNumber: true, cell: (row) => sayBytes(row.bytes) },
  { id: 'found', header: 'Found', cell: (row) => <Time at={row.found} /> },
]

const RAW: Column<QuarantinedView> = {
  id: 'raw',
  header: 'Text',
  cell: (row) => (
    <Anchor href={pathOf(getQuarantined, { params: { id: row.id } })} download>
      Download
    </Anchor>
  ),
}

const WITH_RAW = [...SET_ASIDE, RAW]

function Quarantine({ canRead }: { readonly canRead: boolean }) {
  const aside = useCall(listQuarantine, {})
  return (
    <Panel
      title="Quarantine"
      isFlush
      aside={
        <Button variant="default" onClick={() => void aside.refetch()}>
          Look again
        </Button>
      }
    >
      <Answer query={aside}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="Every document could be read">
              One that cannot be read is kept here with the reason, while the rest goes on.
            </Empty>
          ) : (
            <DataTable
              caption="Quarantine"
              rows={items.slice(0, 50)}
              columns={canRead ? WITH_RAW : SET_ASIDE}
            />
          )
        }
      </Answer>
    </Panel>
  )
}
