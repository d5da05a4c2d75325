import { setTimeout as wait } from 'node:timers/promises'

/** Does it at once and again and again, this long after it was done, until it is stopped; a failure is told and no end. */
export function repeat(
  work: () => Promise<unknown>,
  everyMs: number,
  onFailure: (error: unknown) => void,
): { stop(): Promise<void> } {
  const end = new AbortController()
  const run = async () => {
    while (!end.signal.aborted) {
      await work().catch(onFailure)
      await wait(everyMs, undefined, { signal: end.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    async stop() {
      end.abort()
      await running
    },
  }
}
