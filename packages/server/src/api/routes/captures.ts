import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { addCapture } from '@wardkeeper/contract'
import { newId } from '../../store/uuid.ts'
import { demandSite } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'

/** First bytes of pcap (both byte orders, micro- and nanoseconds, modified), pcapng, gzip and zstd. */
const MAGICS = [
  'd4c3b2a1',
  'a1b2c3d4',
  '4d3cb2a1',
  'a1b23c4d',
  '34cdb2a1',
  'a1b2cd34',
  '0a0d0d0a',
  '1f8b',
  '28b52ffd',
]
const ENDINGS = /\.(pcap|pcapng|cap|dmp)(\.gz|\.zst)?$/i

/** Captures that are handed in. */
export const captureRoutes: Routes = (
  serve,
  { database: { db }, uploadFolder, siteId, onCapture, now },
) => {
  serve(addCapture, async ({ request, actor }) => {
    demandSite(actor, siteId)
    const part = request.isMultipart() ? await request.file() : undefined
    if (part === undefined)
      throw new ApiError('invalid-input', ['file: send one file as multipart/form-data'])
    const name =
      path
        .basename(part.filename)
        .replaceAll(/[^\w. -]/g, '_')
        .slice(-120) || 'capture'
    await mkdir(uploadFolder, { recursive: true })
    const partial = path.join(uploadFolder, `.${newId()}.partial`)
    try {
      const { hash, bytes } = await receive(part.file, partial)
      if (part.file.truncated) throw new ApiError('too-large')
      const ending = ENDINGS.exec(name)?.[0].toLowerCase() ?? '.pcap'
      const file = path.join(uploadFolder, `${hash}${ending}`)
      await rename(partial, file)
      const sensorId = `capture:${hash}`
      await db.transaction().execute(async (trx) => {
        const deed = {
          siteId,
          action: 'capture.handed-in',
          kind: 'sensor',
          id: sensorId,
          after: { name, bytes },
          change: 'sensor.changed',
        } as const
        await record(trx, actor, deed, now())
      })
      // The answer does not wait for the analysis; its progress is on the sensors page.
      void Promise.resolve(onCapture(file, name)).catch((error: unknown) =>
        request.log.error({ err: error, name }, 'capture failed'),
      )
      return { sensorId, name, bytes }
    } finally {
      await rm(partial, { force: true })
    }
  })
}

/** Streams to disk; refuses at the first bytes what is no capture. The hash is that of the sensor's id. */
async function receive(source: Readable, file: string): Promise<{ hash: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  let head = Buffer.alloc(0)
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      if (head.length < 4) {
        head = Buffer.concat([head, chunk.subarray(0, 4)])
        if (head.length >= 4 && !isCapture(head)) return done(new ApiError('not-a-capture'))
      }
      done(undefined, chunk)
    },
  })
  try {
    await pipeline(source, check, createWriteStream(file, { mode: 0o600 }))
  } catch (error) {
    source.resume()
    throw error
  }
  if (!isCapture(head)) throw new ApiError('not-a-capture')
  return { hash: hash.digest('hex').slice(0, 16), bytes }
}

function isCapture(head: Buffer): boolean {
  const text = head.toString('hex')
  return MAGICS.some((magic) => text.startsWith(magic))
}
