import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { readBytes } from './read-bytes.ts'
import { UnusableTable } from './table-file.ts'

/** Reads one file in a thread of its own, whose memory is bounded; answers once. */
try {
  const { file } = workerData as { readonly file: string }
  parentPort?.postMessage({ table: await readBytes(readFileSync(file)) })
} catch (error) {
  if (!(error instanceof UnusableTable)) throw error
  parentPort?.postMessage({ problem: error.message })
}
