import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'

const schema = z.object({ file: z.string(), frames: z.int().min(0) })

/** How far a followed folder was read: all frames of earlier files, and the first `frames` of `file`. */
export type Checkpoint = z.infer<typeof schema>

/** The saved checkpoint; undefined where there is none. Throws when the file is there but no checkpoint. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new Error(`${path} is no checkpoint: remove it to read the folder from its start`)
  }
}

/** Saves at once or not at all: a crash leaves the one before. */
export async function saveCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const next = `${path}.next`
  await writeFile(next, JSON.stringify(checkpoint), { flush: true })
  await rename(next, path)
}
