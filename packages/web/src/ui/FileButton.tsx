import { Button } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useRef } from 'react'

/** A button that lets a person choose one file. */
export function FileButton({
  label,
  accept,
  isBusy = false,
  isMain = false,
  onFile,
}: {
  readonly label: string
  readonly accept: string
  readonly isBusy?: boolean
  readonly isMain?: boolean
  readonly onFile: (file: File) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Button
        variant={isMain ? 'filled' : 'default'}
        leftSection={<IconUpload size={14} />}
        loading={isBusy}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          if (file) onFile(file)
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}
