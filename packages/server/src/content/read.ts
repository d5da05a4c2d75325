import { z } from 'zod'
import { readData } from './read-data.ts'

/** Reads one YAML or JSON file and checks it; used for every file with one schema. */
export async function readChecked<Type>(file: string, schema: z.ZodType<Type>): Promise<Type> {
  const result = schema.safeParse(await readData(file))
  if (result.success) return result.data
  throw new Error(`${file}: ${z.prettifyError(result.error)}`)
}
