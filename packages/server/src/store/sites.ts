import type { Executor } from './database.ts'

/** Makes the site when it is not there; its name and time zone stay as they were set. */
export async function ensureSite(
  db: Executor,
  site: { readonly id: string; readonly name: string; readonly timeZone?: string | undefined },
): Promise<void> {
  await db
    .insertInto('sites')
    .values({ id: site.id, name: site.name, ...(site.timeZone && { time_zone: site.timeZone }) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}
