import type { Mds2Form, Sbom, SupportDate, VexStatement } from '@wardkeeper/core'
import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'

const PER_STATEMENT = 500

function chunks<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const count = Math.ceil(items.length / PER_STATEMENT)
  return Array.from({ length: count }, (_, n) =>
    items.slice(n * PER_STATEMENT, (n + 1) * PER_STATEMENT),
  )
}

/** Keeps bills of materials; one with a known id replaces what it said before. */
export async function saveSboms(trx: Trx, sboms: readonly Sbom[]): Promise<void> {
  for (const chunk of chunks(sboms)) {
    const rows = chunk.map((one) => ({
      id: one.id,
      manufacturer: one.manufacturer,
      model: one.model,
      source: one.source,
      published: one.published,
      body: toJson(one),
    }))
    await trx
      .insertInto('sboms')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          manufacturer: row.ref('excluded.manufacturer'),
          model: row.ref('excluded.model'),
          source: row.ref('excluded.source'),
          published: row.ref('excluded.published'),
          body: row.ref('excluded.body'),
          withdrawn: null,
        })),
      )
      .execute()
  }
}

/** Keeps statements of exploitability; one with a known id replaces what it said before. */
export async function saveVex(trx: Trx, statements: readonly VexStatement[]): Promise<void> {
  for (const chunk of chunks(statements)) {
    const rows = chunk.map((one) => ({
      id: one.id,
      manufacturer: one.manufacturer,
      model: one.model,
      status: one.status,
      source: one.source,
      published: one.published,
      body: toJson(one),
    }))
    await trx
      .insertInto('vex_statements')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          manufacturer: row.ref('excluded.manufacturer'),
          model: row.ref('excluded.model'),
          status: row.ref('excluded.status'),
          source: row.ref('excluded.source'),
          published: row.ref('excluded.published'),
          body: row.ref('excluded.body'),
          withdrawn: null,
        })),
      )
      .execute()
  }
}

/** Keeps dates of support; one with a known id replaces what it said before. */
export async function saveSupportDates(trx: Trx, dates: readonly SupportDate[]): Promise<void> {
  for (const chunk of chunks(dates)) {
    const rows = chunk.map((one) => ({
      id: one.id,
      kind: one.kind,
      manufacturer: one.manufacturer,
      model: one.model,
      end_of_support: one.endOfSupport,
      source: one.source,
      body: toJson(one),
    }))
    await trx
      .insertInto('support_dates')
      .values(rows)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((row) => ({
          kind: row.ref('excluded.kind'),
          manufacturer: row.ref('excluded.manufacturer'),
          model: row.ref('excluded.model'),
          end_of_support: row.ref('excluded.end_of_support'),
          source: row.ref('excluded.source'),
          body: row.ref('excluded.body'),
          withdrawn: null,
        })),
      )
      .execute()
  }
}

/** Whether of any device it is known what is inside. */
export async function hasSboms(db: Executor): Promise<boolean> {
  const query = db.selectFrom('sboms').select('id').where('withdrawn', 'is', null).limit(1)
  return (await query.executeTakeFirst()) !== undefined
}

/** Whether of any model its maker states how secure it is. */
export async function hasMds2Forms(db: Executor): Promise<boolean> {
  const query = db.selectFrom('mds2_forms').select('id').where('withdrawn', 'is', null).limit(1)
  return (await query.executeTakeFirst()) !== undefined
}

/** What sources say of products and did not take back. */
export interface ProductFacts {
  readonly sboms: readonly Sbom[]
  readonly vex: readonly VexStatement[]
  readonly support: readonly SupportDate[]
  readonly mds2: readonly Mds2Form[]
}

export async function loadProductFacts(db: Executor): Promise<ProductFacts> {
  const bodies = async (table: 'sboms' | 'vex_statements' | 'support_dates' | 'mds2_forms') => {
    const { rows } = await sql<{ body: unknown }>`
      select body from ${sql.table(table)} where withdrawn is null order by id`.execute(db)
    return rows.map(({ body }) => body)
  }
  return {
    sboms: (await bodies('sboms')) as readonly Sbom[],
    vex: (await bodies('vex_statements')) as readonly VexStatement[],
    support: (await bodies('support_dates')) as readonly SupportDate[],
    mds2: (await bodies('mds2_forms')) as readonly Mds2Form[],
  }
}
