import { sql } from 'kysely'
import type { Executor } from './database.ts'
import { anywhere, readPage, type ListQuery, type Page } from './keyset.ts'

export interface AuditRecord {
  readonly id: number
  readonly time: number
  readonly by_name: string
  readonly action: string
  readonly subject: string
  readonly reason: string | null
  readonly hash: string
}

/** Who did what, newest first. */
export function listAudit(
  db: Executor,
  sites: readonly string[] | undefined,
  query: ListQuery,
): Promise<Page<AuditRecord>> {
  return readPage<AuditRecord>(
    db,
    {
      select: sql`id, time, by_name, action, subject, reason, hash`,
      from: sql`audit_entries`,
      where: [
        ...(sites === undefined ? [] : [sql`site_id = any(${[...sites, '*']}::text[])`]),
        ...(query.q
          ? [sql`lower(concat_ws(' ', by_name, action, subject, reason)) like ${anywhere(query.q)}`]
          : []),
      ],
      id: sql`id`,
      idType: 'bigint',
      sorts: { time: { expression: sql`id`, type: 'bigint' } },
      defaultSort: '-time',
    },
    query,
  )
}
