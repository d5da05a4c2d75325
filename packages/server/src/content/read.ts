import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import { z } from 'zod'

/** Reads one YAML or JSON file and checks it; used for every file with one schema. */
export async function readChecked<Type>(file: string, schema: z.ZodType<Type>): Promise<Type> {
  const result = schema.safeParse(await readData(file))
  if (result.success) return result.data
  throw new Error(`${file}: ${z.prettifyError(result.error)}`)
}

export async function readData(file: string): Promise<unknown> {
  try {
    const text = await readFile(file, 'utf8')
    return file.endsWith('.json') ? JSON.parse(text) : parse(text)
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error })
  }
}
