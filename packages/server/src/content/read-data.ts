import { existsSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { CORE_SCHEMA, load } from 'js-yaml'

/** YAML 1.2, in which a day is text and no `Date`. */
const AS_WRITTEN = { schema: CORE_SCHEMA }

/** What a YAML or JSON file holds, unchecked; an error names the file. */
export async function readData(file: string): Promise<unknown> {
  try {
    const text = await readFile(file, 'utf8')
    return file.endsWith('.json') ? JSON.parse(text) : (load(text, AS_WRITTEN) ?? null)
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error })
  }
}

/** Names of the files of a folder with this ending, sorted; none when there is no such folder. */
export function listFiles(folder: string, ending: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .toSorted()
}
