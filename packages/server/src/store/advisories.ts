import type { Advisory } from '@wardkeeper/core'
import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Trx } from './database.ts'

/** Keeps new and revised advisories; answers with their ids. An older revision changes nothing. */
export async function saveAdvisories(
  trx: Trx,
  advisories: readonly Advisory[],
): Promise<readonly string[]> {
  const changed: string[] = []
  for (let start = 0; start < advisories.length; start += 500) {
    const rows = advisories.slice(start, start + 500).map((advisory) => ({
      id: advisory.id,
      kind: advisory.kind,
      source: advisory.source,
      revision: advisory.revision,
      published: advisory.published,
      revised: advisory.updated,
      body: toJson(advisory),
    }))
    const saved = await trx
      .insertInto('advisories')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet((row) => ({
            kind: row.ref('excluded.kind'),
            source: row.ref('excluded.source'),
            revision: row.ref('excluded.revision'),
            published: row.ref('excluded.published'),
            revised: row.ref('excluded.revised'),
            body: row.ref('excluded.body'),
          }))
          .where(
            sql<boolean>`excluded.revised >= advisories.revised and excluded.body <> advisories.body`,
          ),
      )
      .returning('id')
      .execute()
    changed.push(...saved.map(({ id }) => id))
  }
  return changed
}
