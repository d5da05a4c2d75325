import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { FastifyRequest } from 'fastify'
import { newId } from '../store/uuid.ts'
import { ApiError } from './errors.ts'

export interface Upload {
  readonly name: string
  readonly bytes: Buffer
}

/** The one file of a multipart request, at most so many bytes. */
export async function readUpload(request: FastifyRequest, most: number): Promise<Upload> {
  const part = request.isMultipart()
    ? await request.file({ limits: { fileSize: most } })
    : undefined
  if (part === undefined) {
    throw new ApiError('invalid-input', ['file: send one file as multipart/form-data'])
  }
  const bytes = await part.toBuffer().catch((error: unknown) => {
    if (!part.file.truncated) throw error
    throw new ApiError('too-large', [
      `At most ${Math.floor(most / 1_000_000)} MB; make it smaller.`,
    ])
  })
  if (bytes.length === 0) throw new ApiError('invalid-input', ['file: it is empty'])
  return { name: nameOf(part.filename), bytes }
}

/** A name that is safe to show and to save under. */
function nameOf(given: string): string {
  const name = path.basename(given.replaceAll('\\', '/')).normalize('NFC').toWellFormed()
  return name.replaceAll(/[^\p{L}\p{N}._ ()-]/gu, '_').slice(-120) || 'file'
}

/** Keeps a file under the hash of its content; the same file twice is kept once. */
export async function keepFile(folder: string, bytes: Buffer): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const partial = path.join(folder, `.${newId()}.partial`)
  try {
    await writeFile(partial, bytes, { mode: 0o600, flush: true })
    await rename(partial, path.join(folder, hash))
  } finally {
    await rm(partial, { force: true })
  }
  return hash
}
