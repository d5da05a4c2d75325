import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type DragEvent, useRef, useState } from 'react'
import { CallFailed } from '../../api/call.ts'
import { uploadCapture } from '../../api/upload.ts'
import { Failed } from '../../ui/Panel.tsx'
import { sayBytes } from '../../ui/words.ts'

type Upload =
  | { readonly step: 'idle' }
  | { readonly step: 'sending'; readonly name: string; readonly share: number }
  | { readonly step: 'sent'; readonly name: string; readonly bytes: number }
  | { readonly step: 'failed'; readonly name: string; readonly error: CallFailed }

/** Where a capture is dropped or chosen; it becomes one more sensor. */
export function CaptureUpload() {
  const input = useRef<HTMLInputElement>(null)
  const client = useQueryClient()
  const [upload, setUpload] = useState<Upload>({ step: 'idle' })
  const [isOver, setOver] = useState(false)

  const send = async (file: File | undefined) => {
    if (!file || upload.step === 'sending') return
    const { name } = file
    setUpload({ step: 'sending', name, share: 0 })
    try {
      const sent = await uploadCapture(file, (share) => setUpload({ step: 'sending', name, share }))
      setUpload({ step: 'sent', name: sent.name, bytes: sent.bytes })
      await client.invalidateQueries()
    } catch (error) {
      if (error instanceof CallFailed) setUpload({ step: 'failed', name, error })
      else throw error
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void send(event.dataTransfer.files[0])
  }
  return (
    <section
      aria-label="Hand in a capture"
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
          Hand in a capture
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          accept=".pcap,.pcapng,.cap,.gz"
          aria-label="Capture file"
          onChange={(event) => {
            void send(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
        <Text c="dimmed">
          or drop it here: pcap or pcapng, also as .gz. It is read, never replayed.
        </Text>
      </Group>
      <div role="status">
        <UploadStep upload={upload} />
      </div>
    </section>
  )
}

const READS = 'Wardkeeper reads pcap and pcapng files, also compressed with gzip.'

function UploadStep({ upload }: { readonly upload: Upload }) {
  if (upload.step === 'idle') return null
  if (upload.step === 'failed') {
    const { name, error } = upload
    const advice = `Nothing of ${name} was kept. ${error.code === 'not-a-capture' ? READS : ''}`
    return (
      <div style={{ marginTop: 10 }}>
        <Failed error={error} advice={advice} />
      </div>
    )
  }
  if (upload.step === 'sent') {
    return (
      <Text mt="xs">
        {upload.name} ({sayBytes(upload.bytes)}) arrived and is being read: see its row below.
      </Text>
    )
  }
  const percent = Math.round(upload.share * 100)
  return (
    <Stack gap={4} mt="xs">
      <Text>
        {upload.name}: {percent} %
      </Text>
      <Progress value={percent} aria-label={`Sent: ${percent} %`} />
    </Stack>
  )
}
