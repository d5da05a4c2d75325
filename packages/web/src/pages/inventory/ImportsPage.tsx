import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type ImportView, listImports } from '@wardkeeper/contract'
import { type DragEvent, useRef, useState } from 'react'
import { CallFailed } from '../../api/call.ts'
import { useFollow } from '../../api/live.ts'
import { useCall } from '../../api/queries.ts'
import { useCan } from '../../api/session.ts'
import { uploadTable } from '../../api/upload.ts'
import { type Column, DataTable } from '../../table/DataTable.tsx'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Answer, Empty, Failed, Panel } from '../../ui/Panel.tsx'
import { Time } from '../../ui/Time.tsx'
import { say, sayCount } from '../../ui/words.ts'
import { DeviceButton } from './DeviceButton.tsx'

const COLUMNS: readonly Column<ImportView>[] = [
  { id: 'name', header: 'File', cell: (row) => row.name, width: 200 },
  { id: 'source', header: 'From', cell: (row) => row.source },
  { id: 'state', header: 'State', cell: (row) => <StateWords one={row} /> },
  { id: 'rows', header: 'Rows', isNumber: true, cell: (row) => sayCount(row.rows) },
  ...(['created', 'matched', 'queued', 'refused'] as const).map((name): Column<ImportView> => ({
    id: name,
    header: say(name),
    isNumber: true,
    cell: (row) => sayCount(row.counts[name] ?? 0),
  })),
  { id: 'by', header: 'By', cell: (row) => row.by },
  { id: 'created', header: 'When', cell: (row) => <Time at={row.created} /> },
]

export default function ImportsPage() {
  const imports = useCall(listImports, {})
  const canImport = useCan('assets:decide')
  const canPropose = useCan('assets:propose')
  useFollow(['import.changed'], imports)
  return (
    <>
      <PageHeader
        title="Imports"
        says="Records of other systems, and devices written down by hand. Nothing is done before you have seen what it would do."
        actions={canPropose ? <DeviceButton /> : undefined}
      />
      {canImport ? <TableUpload /> : null}
      <Panel isFlush>
        <Answer query={imports}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="Nothing was imported yet">
                Export the equipment list of your maintenance system as CSV or XLSX and drop it
                above. Devices that are not on the network belong here too.
              </Empty>
            ) : (
              <DataTable
                caption="Imports"
                rows={items.slice(0, 50)}
                columns={COLUMNS}
                opens={(row) => `/imports/${row.id}`}
              />
            )
          }
        </Answer>
      </Panel>
    </>
  )
}

export function StateWords({ one }: { readonly one: ImportView }) {
  if (one.state === 'ready') return <span>Waits to be run</span>
  if (one.state === 'running') return <span>Running, {Math.round(one.progress * 100)} %</span>
  return <span>{say(one.state)}</span>
}

type Upload =
  | { readonly step: 'idle' }
  | { readonly step: 'sending'; readonly name: string; readonly share: number }
  | { readonly step: 'failed'; readonly name: string; readonly error: CallFailed }

/** Where a table is dropped or chosen; its page opens when it has been read. */
function TableUpload() {
  const input = useRef<HTMLInputElement>(null)
  const navigate = useNavigate()
  const [upload, setUpload] = useState<Upload>({ step: 'idle' })
  const [isOver, setOver] = useState(false)
  const send = async (file: File | undefined) => {
    if (!file || upload.step === 'sending') return
    const { name } = file
    setUpload({ step: 'sending', name, share: 0 })
    try {
      const one = await uploadTable(file, (share) => setUpload({ step: 'sending', name, share }))
      await navigate({ href: `/imports/${one.id}` })
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      setUpload({ step: 'failed', name, error })
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void send(event.dataTransfer.files[0])
  }
  return (
    <section
      aria-label="Hand in a table"
      className={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Group gap="md">
        <Button
          leftSection={<IconUpload size={14} />}
          loading={upload.step === 'sending'}
          onClick={() => input.current?.click()}
        >
          Hand in a table
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept=".csv,.tsv,.txt,.xlsx,.json,.ndjson"
          aria-label="Table of devices"
          onChange={(event) => {
            void send(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
        <Text c="dimmed">
          or drop it here: CSV or XLSX of a CMMS, a CMDB, Medigate or Ordr, or FHIR devices as JSON.
        </Text>
      </Group>
      <div role="status">
        {upload.step === 'sending' ? (
          <Stack gap={4} mt="xs">
            <Text>
              {upload.share < 1
                ? `${upload.name}: ${Math.round(upload.share * 100)} %`
                : `${upload.name} is being read and held against the inventory`}
            </Text>
            <Progress
              value={upload.share * 100}
              animated={upload.share >= 1}
              aria-label={`Sent: ${Math.round(upload.share * 100)} %`}
            />
          </Stack>
        ) : null}
        {upload.step === 'failed' ? (
          <div style={{ marginTop: 10 }}>
            <Failed error={upload.error} advice={`Nothing of ${upload.name} was kept.`} />
          </div>
        ) : null}
      </div>
    </section>
  )
}
