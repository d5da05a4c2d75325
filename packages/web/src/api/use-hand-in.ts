import { useQueryClient } from '@tanstack/react-query'
import type { Route } from '@wardkeeper/contract'
import { useState } from 'react'
import { CallFailed, type CallInput, type CallOutput } from './call.ts'
import { handIn } from './hand-in.ts'

export type HandedIn<Result> =
  | { readonly step: 'idle' }
  | { readonly step: 'sending'; readonly name: string }
  | { readonly step: 'done'; readonly name: string; readonly result: Result }
  | { readonly step: 'failed'; readonly name: string; readonly error: CallFailed }

/** Sends files through one route and remembers how the last one went. */
export function useHandIn<R extends Route>(route: R) {
  const client = useQueryClient()
  const [state, setState] = useState<HandedIn<CallOutput<R>>>({ step: 'idle' })
  const send = async (file: File, input: CallInput<R>) => {
    const { name } = file
    setState({ step: 'sending', name })
    try {
      const result = await handIn(route, input, file)
      setState({ step: 'done', name, result })
      await client.invalidateQueries()
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      setState({ step: 'failed', name, error })
      await client.invalidateQueries()
    }
  }
  return {
    state,
    send: (file: File, input: CallInput<R>) => void send(file, input),
    forget: () => setState({ step: 'idle' }),
  }
}
