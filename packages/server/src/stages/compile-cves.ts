import { startCpeColumns, type CpeColumns } from '@wardkeeper/core'
import type pg from 'pg'
import { Worker } from 'node:worker_threads'
import { streamConfigurations } from '../store/advisories.ts'
import type { Executor } from '../store/database.ts'

/**
 * Hundreds of thousands of CVEs take seconds to read, in which this thread would answer nobody: where it is known how
 * to connect, another thread does it with a connection of its own. It sees what is committed, so at least what the
 * caller saw before.
 */
export function compileCves(
  db: Executor,
  connection: pg.ClientConfig | undefined,
): Promise<CpeColumns> {
  return connection === undefined ? compileHere(db) : compileInThread(connection)
}

async function compileHere(db: Executor): Promise<CpeColumns> {
  const builder = startCpeColumns()
  await streamConfigurations(db, builder.add)
  return builder.finish()
}

async function compileInThread(connection: pg.ClientConfig): Promise<CpeColumns> {
  const worker = new Worker(new URL('./cve-worker.ts', import.meta.url), {
    workerData: { connection },
  })
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`Reading CVEs ended early (${code}).`)))
    })
  } finally {
    await worker.terminate()
  }
}
