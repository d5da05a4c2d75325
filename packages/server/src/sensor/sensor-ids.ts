import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { CaptureSource } from './capture-source.ts'

/** Sensor id of a capture: by content, so the same file under another name is the same sensor. */
export async function sensorIdOf(source: CaptureSource): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(source.path)) hash.update(piece as Buffer)
  return `capture:${hash.digest('hex').slice(0, 16)}`
}

/** Sensor id of a followed folder: by its path, since its content changes. */
export function folderSensorId(folder: string): string {
  return `folder:${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
}
