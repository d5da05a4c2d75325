import { Button, FileButton as Picker } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { Route } from '@wardkeeper/contract'
import { useState } from 'react'
import type { CallFailed, CallInput, CallOutput } from '../api/call.ts'
import { uploadFile } from '../api/upload.ts'
import { Failed } from './Panel.tsx'

/** A button that takes one file and hands it in; what goes wrong is said below it. */
export function UploadButton<R extends Route>({
  route,
  input,
  label,
  accept,
  onDone,
}: {
  readonly route: R
  readonly input: CallInput<R>
  readonly label: string
  readonly accept: string
  readonly onDone?: (answer: CallOutput<R>) => void
}) {
  const client = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<CallFailed>()
  const take = async (file: File | null) => {
    if (file === null) return
    setBusy(true)
    setError(undefined)
    try {
      const answer = await uploadFile(route, input, file)
      await client.invalidateQueries()
      onDone?.(answer)
    } catch (failure) {
      setError(failure as CallFailed)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Picker onChange={(file) => void take(file)} accept={accept}>
        {(props) => (
          <Button {...props} variant="default" loading={isBusy}>
            {label}
          </Button>
        )}
      </Picker>
      {error === undefined ? null : <Failed error={error} />}
    </>
  )
}
