import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'

/** Held as long as the program lives: two of them would do everything twice. */
const PROGRAM_LOCK = 4_780_005
const LOCK_WAIT_MS = 3000
const RETRY_MS = 1000

/**
 * Takes the lock that only one program of a database has, and takes it again when the connection was lost. Throws
 * when another program has it. Answers with the function that lets it go.
 */
export async function holdProgramLock(
  connection: pg.ClientConfig,
  { onLoss }: { readonly onLoss: (error: Error) => void },
): Promise<() => Promise<void>> {
  let isOver = false
  let client = await takeLock(connection)
  const keep = () => {
    client.once('end', () => void takeAgain())
  }
  const takeAgain = async () => {
    while (!isOver) {
      await wait(RETRY_MS, undefined, { ref: false })
      try {
        client = await takeLock(connection)
        return isOver ? await client.end() : keep()
      } catch (error) {
        if (error instanceof LockTaken && !isOver) return onLoss(error)
      }
    }
  }
  keep()
  return async () => {
    isOver = true
    await client.end().catch(() => undefined)
  }
}

class LockTaken extends Error {}

async function takeLock(connection: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, application_name: 'wardkeeper lock' })
  // Without a listener the end of the server would end the process; `end` follows.
  client.on('error', () => undefined)
  await client.connect()
  const deadline = Date.now() + LOCK_WAIT_MS
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(
      'select pg_try_advisory_lock($1) as locked',
      [PROGRAM_LOCK],
    )
    if (rows[0]?.locked === true) return client
    // A program that was killed holds it until its last query has ended.
    if (Date.now() > deadline) break
    await wait(100)
  }
  await client.end()
  throw new LockTaken(
    'Another Wardkeeper works on this database. Stop it first, or choose another one with --data.',
  )
}
