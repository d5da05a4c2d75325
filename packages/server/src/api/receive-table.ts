import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyRequest } from 'fastify'
import { newId } from '../store/uuid.ts'
import { readTableFile } from '../tables/read-table-file.ts'
import { TABLE_LIMITS, UnusableTable, type TableFile } from '../tables/table-file.ts'
import { ApiError } from './errors.ts'

export interface ReceivedTable {
  readonly name: string
  readonly digest: string
  readonly path: string
  readonly table: TableFile
}

/** Takes the one file of a multipart request to disk, no larger than a table may be, and reads it. */
export async function receiveTable(
  request: FastifyRequest,
  folder: string,
): Promise<ReceivedTable> {
  const part = request.isMultipart()
    ? await request.file({ limits: { fileSize: TABLE_LIMITS.bytes } })
    : undefined
  if (part === undefined)
    throw new ApiError('invalid-input', ['file: send one file as multipart/form-data'])
  const name =
    path
      .basename(part.filename)
      .replaceAll(/[^\w. -]/g, '_')
      .slice(-120) || 'table'
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const partial = path.join(folder, `.${newId()}.partial`)
  const hash = createHash('sha256')
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(undefined, chunk)
    },
  })
  try {
    await pipeline(part.file, count, createWriteStream(partial, { mode: 0o600 }))
    if (part.file.truncated)
      throw new ApiError('too-large', [
        `A table may have ${TABLE_LIMITS.bytes / 1024 ** 2} MB: export it in parts.`,
      ])
    const digest = hash.digest('hex')
    const table = await readTable(partial)
    const file = path.join(folder, `${digest.slice(0, 32)}.table`)
    await rename(partial, file)
    return { name, digest, path: file, table }
  } finally {
    await rm(partial, { force: true })
  }
}

/** Reads a file again; one that cannot be used is the fault of who sent it. */
export async function readTable(file: string): Promise<TableFile> {
  try {
    return await readTableFile(file)
  } catch (error) {
    if (error instanceof UnusableTable) throw new ApiError('not-a-table', [error.message])
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new ApiError('not-a-table', [
        'The file of this import is not kept any more: hand it in again.',
      ])
    throw error
  }
}
