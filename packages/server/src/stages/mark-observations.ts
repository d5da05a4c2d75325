import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { bearingBasis, bearsOnAsset, type Knowledge } from '@wardkeeper/core'
import type { Db } from '../store/database.ts'
import { markPages, openMarks } from '../store/observation-marks.ts'

/** Whether every observation is marked by the knowledge of now: until then all facts of an asset are looked at. */
export interface Marks {
  readonly isComplete: boolean
}

/** Between two steps, so that whoever waits for a page is not kept. */
const PAUSE_MS = 50
const AFTER_FAILURE_MS = 5000

/**
 * Marks which observations bear on their asset, anew where the knowledge is another than before: beside the work, in
 * pieces, and from where it was when the program ended.
 */
export async function markObservations(
  db: Db,
  knowledge: Knowledge,
  onFailure: (error: unknown) => void,
): Promise<{ readonly marks: Marks; readonly done: Promise<void>; stop(): Promise<void> }> {
  const digest = createHash('sha256').update(bearingBasis(knowledge)).digest('hex')
  const marks = { isComplete: await openMarks(db, digest) }
  const end = new AbortController()
  const step = () =>
    db.transaction().execute((trx) => markPages(trx, (fact) => bearsOnAsset(fact, knowledge)))
  if (!marks.isComplete) marks.isComplete = await step()
  const rest = async (ms: number) => {
    await wait(ms, undefined, { signal: end.signal }).catch(() => undefined)
  }
  const run = async () => {
    while (!marks.isComplete && !end.signal.aborted) {
      await rest(PAUSE_MS)
      try {
        if (!end.signal.aborted) marks.isComplete = await step()
      } catch (error) {
        onFailure(error)
        await rest(AFTER_FAILURE_MS)
      }
    }
  }
  const done = run()
  return {
    marks,
    done,
    async stop() {
      end.abort()
      await done
    },
  }
}
