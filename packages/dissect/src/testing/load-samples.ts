import { readdirSync } from 'node:fs'
import type { Sample } from './samples/sample.ts'

/** All messages made by hand; a new file in `samples/` is found by itself. */
export async function loadSamples(): Promise<readonly Sample[]> {
  const folder = new URL('samples/', import.meta.url)
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'))
  const modules: { SAMPLES?: readonly Sample[] }[] = await Promise.all(
    names.toSorted().map((name) => import(new URL(name, folder).href)),
  )
  return modules.flatMap(({ SAMPLES }) => SAMPLES ?? [])
}
