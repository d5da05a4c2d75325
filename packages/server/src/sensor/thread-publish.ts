import type { MessagePort } from 'node:worker_threads'
import { Packed, pack } from '../bus/packed.ts'
import type { Publish } from './publisher.ts'

/** A message on its way out of a thread, ready to be stored. */
export interface Sent {
  readonly what: 'message'
  readonly number: number
  readonly subject: string
  readonly id: string
  readonly text: string
  readonly squeezed: Uint8Array | undefined
}

/** What became of it. */
export interface Settled {
  readonly what: 'settled'
  readonly number: number
  /** Why it could not be stored. */
  readonly failure?: { readonly message: string; readonly code: unknown }
}

/** One end of the channel between a thread and the one that started it. */
export interface End {
  postMessage(value: unknown): void
}

/** In the thread: packs messages, and hands them to who holds the bus. Resolves once a message is durable there. */
export function publishThrough(port: MessagePort): Publish {
  const waiting = new Map<number, PromiseWithResolvers<void>>()
  let count = 0
  port.on('message', (told: Settled | { readonly what: 'stop' }) => {
    if (told.what !== 'settled') return
    const one = waiting.get(told.number)
    waiting.delete(told.number)
    if (told.failure === undefined) one?.resolve()
    else one?.reject(Object.assign(new Error(told.failure.message), { code: told.failure.code }))
  })
  return async ({ subject, id, payload }) => {
    const number = ++count
    const { text, squeezed } = pack(payload)
    const settled = Promise.withResolvers<void>()
    waiting.set(number, settled)
    port.postMessage({ what: 'message', number, subject, id, text, squeezed } satisfies Sent)
    await settled.promise
  }
}

/** Beside the bus: publishes what a thread sent, and tells it when that is durable. */
export async function publishSent(
  { number, subject, id, text, squeezed }: Sent,
  thread: End,
  publish: Publish,
): Promise<void> {
  const told: Settled = await publish({ subject, id, payload: new Packed(text, squeezed) }).then(
    () => ({ what: 'settled', number }),
    (error: unknown) => ({ what: 'settled', number, failure: describe(error) }),
  )
  thread.postMessage(told)
}

/** What crosses threads of an error: who reads the code finds it there. */
function describe(error: unknown): NonNullable<Settled['failure']> {
  if (!(error instanceof Error)) return { message: String(error), code: undefined }
  return { message: error.message, code: 'code' in error ? error.code : undefined }
}
