import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { BadDocument } from '@wardkeeper/core'
import type { FastifyRequest } from 'fastify'
import type { HandedIn } from '../feed-desk.ts'
import { newId } from '../store/uuid.ts'
import { ApiError } from './errors.ts'

const DOCUMENT_LIMIT = 200_000_000

/** The one file of a multipart request, in memory, up to a bound. */
export async function readHandedIn(request: FastifyRequest): Promise<HandedIn> {
  const part = await partOf(request)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > DOCUMENT_LIMIT) throw new ApiError('too-large')
    chunks.push(chunk)
  }
  return { name: nameOf(part.filename), bytes: Buffer.concat(chunks) }
}

/** Keeps the one file of a multipart request on disk while `work` looks at it. */
export async function withHandedIn<Result>(
  request: FastifyRequest,
  folder: string,
  work: (file: string) => Promise<Result>,
): Promise<Result> {
  const part = await partOf(request)
  await mkdir(folder, { recursive: true })
  const file = path.join(folder, `.${newId()}.partial`)
  try {
    await pipeline(part.file, createWriteStream(file, { mode: 0o600 }))
    if (part.file.truncated) throw new ApiError('too-large')
    return await work(file)
  } finally {
    await rm(file, { force: true })
  }
}

async function partOf(request: FastifyRequest) {
  const part = request.isMultipart() ? await request.file() : undefined
  if (part === undefined)
    throw new ApiError('invalid-input', ['file: send one file as multipart/form-data'])
  return part
}

function nameOf(filename: string): string {
  return (
    path
      .basename(filename)
      .replaceAll(/[^\w. -]/g, '_')
      .slice(-120) || 'document'
  )
}

/** What feeds refuse is an answer for the person, not a failure. */
export async function explainRefusal<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof BadDocument || (error instanceof Error && error.name === 'FeedRefused')) {
      throw new ApiError('feed-refused', [error.message])
    }
    throw error
  }
}
