import { Anchor, Button, Group, List, Progress, Stack, Text } from '@mantine/core'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import {
  discardImport,
  getImport,
  IMPORT_REPORT_PATH,
  type ImportDetail,
  runImport,
  undoImport,
} from '@wardkeeper/contract'
import { useFollow } from '../../api/live.ts'
import { useCall, useChange } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { ActionButton } from '../../ui/ActionButton.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Failed, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { sayCount, sayMany } from '../../ui/words.ts'
import { ImportMapping } from './ImportMapping.tsx'
import { ImportRows } from './ImportRows.tsx'
import { StateWords } from './ImportsPage.tsx'

const route = getRouteApi('/signed-in/imports/$id')

/** One import, from what the columns mean to what became of each row. */
export default function ImportPage() {
  const { id } = route.useParams()
  const one = useCall(getImport, { params: { id } })
  useFollow(['import.changed'], one)
  return (
    <Answer query={one} lines={12}>
      {(data) => (
        <>
          <PageHeader
            title={data.name}
            says={
              <>
                <StateWords one={data} /> · {sayMany(data.rows, 'row')} from {data.source} · handed
                in by {data.by} <Time at={data.created} />
              </>
            }
            actions={<Moves one={data} />}
          />
          <Steps one={data} />
          {data.state === 'ready' ? <ImportMapping key={data.id} one={data} /> : null}
          <ImportRows one={data} />
        </>
      )}
    </Answer>
  )
}

function Moves({ one }: { readonly one: ImportDetail }) {
  const canDecide = useCan('assets:decide')
  const run = useChange(runImport)
  const navigate = useNavigate()
  const report = IMPORT_REPORT_PATH.replace(':id', one.id)
  const work =
    (one.counts['created'] ?? 0) + (one.counts['matched'] ?? 0) + (one.counts['queued'] ?? 0)
  return (
    <>
      <Anchor href={report} download>
        Report as CSV
      </Anchor>
      {canDecide && one.state === 'ready' ? (
        <>
          <ActionButton
            route={discardImport}
            input={() => ({ params: { id: one.id }, body: {} })}
            label="Put away"
            title="Put this file away"
            says="Nothing was done with it, and nothing will be."
            onDone={() => void navigate({ href: '/imports' })}
          />
          <Button
            loading={run.isPending}
            disabled={work === 0}
            onClick={() => run.mutate({ params: { id: one.id }, body: {} })}
          >
            Run: {sayMany(work, 'row')}
          </Button>
        </>
      ) : null}
      {canDecide && one.state === 'finished' ? (
        <ActionButton
          route={undoImport}
          input={({ reason }) => ({ params: { id: one.id }, body: { reason } })}
          label="Undo"
          title="Undo this import"
          says={`Ends what it said of ${sayMany((one.counts['created'] ?? 0) + (one.counts['updated'] ?? 0), 'device')}. What it replaced stands again; devices that only it knew retire.`}
          reason="Why?"
          isDangerous
        />
      ) : null}
      {run.error ? <Failed error={run.error} /> : null}
    </>
  )
}

const COUNTS = [
  ['created', 'new devices'],
  ['matched', 'known devices'],
  ['updated', 'of them with news'],
  ['unchanged', 'of them as before'],
  ['queued', 'questions for a person'],
  ['refused', 'refused, with the reason'],
  ['vanished', 'no longer in the file'],
] as const

function Steps({ one }: { readonly one: ImportDetail }) {
  const isThere = one.state === 'finished' || one.state === 'undone'
  return (
    <Panel title={one.state === 'ready' ? 'What running it would do' : 'What it did'}>
      <Stack gap="sm">
        {one.sameAs === undefined ? null : (
          <Text>
            This very file was imported by {one.sameAs.by}
            {one.sameAs.finished === undefined ? null : (
              <>
                {' '}
                <Time at={one.sameAs.finished} />
              </>
            )}
            : running it again changes nothing.
          </Text>
        )}
        <Group gap="xl" component="dl" m={0}>
          {COUNTS.flatMap(([name, words]) => {
            const count = one.counts[name]
            if (count === undefined || (count === 0 && name === 'vanished')) return []
            return [
              <div key={name}>
                <dt className="quiet">{words}</dt>
                <dd style={{ margin: 0, fontSize: 20, fontWeight: 600 }}>{sayCount(count)}</dd>
              </div>,
            ]
          })}
        </Group>
        {one.state === 'running' || one.state === 'undoing' ? (
          <Progress
            value={one.progress * 100}
            aria-label={`Done: ${Math.round(one.progress * 100)} %`}
          />
        ) : null}
        {one.findings.length === 0 || isThere ? null : (
          <List size="sm" spacing={2} aria-label="What was found out while reading">
            {one.findings.map((finding) => (
              <List.Item key={finding}>{finding}</List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Panel>
  )
}
