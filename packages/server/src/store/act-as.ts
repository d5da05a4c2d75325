import { sql } from 'kysely'
import type { Trx } from './database.ts'

/** Why a record changed: seen on the network, said by a person, by another system, by a rule ... */
export type ChangeCause =
  | 'observed'
  | 'declared'
  | 'approved'
  | 'locked'
  | 'imported'
  | 'rule'
  | 'merged'

export interface Author {
  /** User name, rule or system. */
  readonly by: string
  readonly cause: ChangeCause
  readonly reason?: string | undefined
}

/** Says who acts in the rest of this transaction: the history of every asset that it changes names them. */
export async function actAs(trx: Trx, { by, cause, reason }: Author): Promise<void> {
  await sql`select set_config('wardkeeper.by', ${by}, true), set_config('wardkeeper.cause', ${cause}, true),
    set_config('wardkeeper.reason', ${reason ?? ''}, true)`.execute(trx)
}
