import { createHash } from 'node:crypto'
import type { RiskMethod } from '@wardkeeper/core'
import { toJson } from './column-types.ts'
import type { Executor } from './database.ts'

export interface MethodInUse {
  readonly id: string
  readonly method: RiskMethod
  /** True where the site has weights of its own. */
  readonly isTuned: boolean
}

/** What a method is called: its own name and version, and a hash of all of it. */
export function methodId(method: RiskMethod): string {
  const hash = createHash('sha256').update(JSON.stringify(method)).digest('hex').slice(0, 12)
  return `${method.id}/${method.version}/${hash}`
}

/** Keeps a method as it is now, so that scores made by it can be made again. */
export async function keepMethod(db: Executor, method: RiskMethod): Promise<string> {
  const id = methodId(method)
  await db
    .insertInto('risk_methods')
    .values({ id, body: toJson(method) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return id
}

/** The method of a site: what was proposed and approved there, else the one that the product comes with. */
export async function methodOfSite(
  db: Executor,
  siteId: string,
  standard: RiskMethod,
): Promise<MethodInUse> {
  const row = await db
    .selectFrom('risk_settings')
    .innerJoin('risk_methods', 'risk_methods.id', 'risk_settings.method_id')
    .select(['risk_methods.id', 'risk_methods.body'])
    .where('risk_settings.site_id', '=', siteId)
    .where('risk_settings.approved_at', 'is not', null)
    .where('risk_settings.ended_at', 'is', null)
    .executeTakeFirst()
  if (row !== undefined) return { id: row.id, method: row.body as RiskMethod, isTuned: true }
  return { id: await keepMethod(db, standard), method: standard, isTuned: false }
}

/** A method that scores were made with, by its id. */
export async function readMethod(db: Executor, id: string): Promise<RiskMethod | undefined> {
  const row = await db
    .selectFrom('risk_methods')
    .select('body')
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.body as RiskMethod | undefined
}
