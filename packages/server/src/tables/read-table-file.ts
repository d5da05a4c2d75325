import { readFile, stat } from 'node:fs/promises'
import { Worker } from 'node:worker_threads'
import { readBytes } from './read-bytes.ts'
import { TABLE_LIMITS, UnusableTable, type TableFile } from './table-file.ts'

const WITHIN_MS = 120_000
const MEMORY_MB = 1536
/** Text of this size is read sooner than a thread starts. */
const SMALL = 200_000

/** Reads a file of unknown origin in a thread with bounded memory and time, so that no file can stop the program. */
export async function readTableFile(file: string): Promise<TableFile> {
  const { size } = await stat(file)
  if (size > TABLE_LIMITS.bytes)
    throw new UnusableTable(
      `The file has ${Math.round(size / 1024 ** 2)} MB, more than ${TABLE_LIMITS.bytes / 1024 ** 2}: export it in parts.`,
    )
  if (size < SMALL) {
    const bytes = await readFile(file)
    // Packed files grow when they are opened, however small they are.
    if (bytes[0] !== 0x50) return await readBytes(bytes)
  }
  const worker = new Worker(new URL('./table-worker.ts', import.meta.url), {
    workerData: { file },
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  })
  const timer = setTimeout(() => void worker.terminate(), WITHIN_MS)
  try {
    return await new Promise((resolve, reject) => {
      worker.once(
        'message',
        (answer: { readonly table?: TableFile; readonly problem?: string }) => {
          if (answer.table !== undefined) resolve(answer.table)
          else reject(new UnusableTable(answer.problem ?? 'The file cannot be read.'))
        },
      )
      worker.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'ERR_WORKER_OUT_OF_MEMORY'
            ? new UnusableTable(
                'The file needs more memory than a table should: save the sheet alone, as CSV.',
              )
            : error,
        ),
      )
      worker.once('exit', () =>
        reject(new UnusableTable('Reading the file took too long: export fewer rows at a time.')),
      )
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
