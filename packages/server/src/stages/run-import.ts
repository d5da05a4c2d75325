import type { Knowledge } from '@wardkeeper/core'
import { z } from 'zod'
import type { InventoryContent } from '../content/inventory.ts'
import { actAs } from '../store/act-as.ts'
import { appendAudit } from '../store/audit.ts'
import { tellChange } from '../store/changes.ts'
import type { Db, Trx } from '../store/database.ts'
import { retireUnspoken } from '../store/declared-assets.ts'
import { undoRecords, vanishedRecords } from '../store/declared-records.ts'
import { applyRows } from '../store/import-apply.ts'
import {
  countRows,
  findImport,
  lockImport,
  readRows,
  updateImport,
  type ImportRecord,
} from '../store/imports.ts'
import { lockResolution } from '../store/merge.ts'
import { appendOutbox, type Outgoing } from '../store/outbox.ts'
import { openItems } from '../store/reconciliation.ts'
import { identifyDeclared } from './apply-declarations.ts'
import type { Stage } from './stage.ts'

const importContinued = z.object({
  siteId: z.string(),
  importId: z.string(),
  position: z.number().int(),
})

const CHUNK = 1000

/**
 * Runs an import chunk by chunk. A chunk, the place where the next one begins and the message that asks for it are one
 * transaction: after a crash the import goes on with the first row that is not done, and no row is done twice.
 */
export function runImport(
  knowledge: Knowledge,
  inventory: InventoryContent,
): Stage<z.infer<typeof importContinued>> {
  return {
    name: 'run-import',
    consumes: ['import.continued'],
    payload: importContinued,
    async handle(trx, { importId, position }) {
      const one = await lockImport(trx, importId)
      if (one === undefined || one.position !== position) return []
      // The wire must not make the same devices meanwhile.
      await lockResolution(trx, one.site_id)
      await actAs(trx, {
        by: one.by_name,
        cause: 'imported',
        reason: `${one.state === 'undoing' ? 'Undone: ' : ''}${one.name} of ${one.source}`,
      })
      if (one.state === 'running') return await continueImport(trx, one, knowledge, inventory)
      return one.state === 'undoing' ? await undoImport(trx, one, knowledge, inventory) : []
    },
  }
}

async function continueImport(
  trx: Trx,
  one: ImportRecord,
  knowledge: Knowledge,
  inventory: InventoryContent,
): Promise<readonly Outgoing[]> {
  const now = Date.now()
  const rows = await readRows(trx, one.id, one.position, CHUNK)
  const last = rows.at(-1)
  if (last === undefined) return await finishImport(trx, one, now)
  const applied = await applyRows(trx, one, rows, inventory, now)
  // What was made is written already; only of what was there has to be weighed again who is right.
  await identifyDeclared(trx, one.site_id, applied.changed, knowledge, inventory.precedence)
  await tellChange(trx, 'asset.changed', one.site_id, applied.created)
  const changed = [...applied.created, ...applied.changed]
  const position = last.row + 1
  await updateImport(trx, one.id, { position })
  await tellChange(trx, 'import.changed', one.site_id, [one.id])
  const next = {
    subject: 'import.continued',
    id: `import/${one.id}/${position}`,
    payload: { siteId: one.site_id, importId: one.id, position },
  }
  if (changed.length === 0) return [next]
  const payload = { siteId: one.site_id, assetIds: changed }
  return [{ subject: 'asset.changed', id: `asset/import/${one.id}/${position}`, payload }, next]
}

async function finishImport(
  trx: Trx,
  one: ImportRecord,
  now: number,
): Promise<readonly Outgoing[]> {
  const counts = await countRows(trx, one.id)
  // A file of which nothing was read says nothing of what is gone.
  const gone =
    one.is_full && (counts['created'] ?? 0) + (counts['matched'] ?? 0) > 0
      ? await vanishedRecords(trx, one.site_id, one.source, one.id)
      : []
  await openItems(
    trx,
    one.site_id,
    gone.map((record) => {
      const body = record.body as { readonly owner?: string; readonly tag?: string }
      return {
        kind: 'vanished' as const,
        question: `vanished:${record.id}`,
        title: `${body.tag ?? record.native_key} is no longer in ${one.source}`,
        assetId: record.asset_id ?? undefined,
        recordId: record.id,
        importId: one.id,
        owner: body.owner,
        reasons: [
          `${one.name} holds every device of ${one.source}, and this one is not in it. It may be retired, or left out by a filter.`,
        ],
      }
    }),
    now,
  )
  await updateImport(trx, one.id, {
    state: 'finished',
    counts: { ...counts, vanished: gone.length },
    finishedAt: now,
  })
  await tellChange(trx, 'import.changed', one.site_id, [one.id])
  await appendAudit(trx, {
    siteId: one.site_id,
    byName: one.by_name,
    action: 'import.finished',
    subject: `import:${one.id}`,
    after: { name: one.name, source: one.source, counts: { ...counts, vanished: gone.length } },
  })
  return []
}

/** Ends what the import said, lets stand again what it replaced, and retires devices that only it knew. */
async function undoImport(
  trx: Trx,
  one: ImportRecord,
  knowledge: Knowledge,
  inventory: InventoryContent,
): Promise<readonly Outgoing[]> {
  const now = Date.now()
  const assetIds = await undoRecords(trx, one.id, now)
  for (let start = 0; start < assetIds.length; start += CHUNK) {
    const chunk = assetIds.slice(start, start + CHUNK)
    await retireUnspoken(trx, chunk, now)
    await identifyDeclared(trx, one.site_id, chunk, knowledge, inventory.precedence)
  }
  await trx
    .updateTable('reconciliation_items')
    .set({ state: 'ended', ended: new Date(now).toISOString() })
    .where('import_id', '=', one.id)
    .where('state', '=', 'open')
    .execute()
  await updateImport(trx, one.id, { state: 'undone', undoneAt: now })
  await tellChange(trx, 'import.changed', one.site_id, [one.id])
  await appendAudit(trx, {
    siteId: one.site_id,
    byName: one.by_name,
    action: 'import.undone',
    subject: `import:${one.id}`,
    after: { devices: assetIds.length },
  })
  return Array.from({ length: Math.ceil(assetIds.length / CHUNK) }, (_, at) => ({
    subject: 'asset.changed',
    id: `asset/undo/${one.id}/${at}`,
    payload: { siteId: one.site_id, assetIds: assetIds.slice(at * CHUNK, (at + 1) * CHUNK) },
  }))
}

/** Runs an import to its end here, for the command line; each chunk is a transaction, as in the stage. */
export async function runImportHere(
  db: Db,
  importId: string,
  knowledge: Knowledge,
  inventory: InventoryContent,
  onProgress: (position: number) => void,
): Promise<void> {
  const stage = runImport(knowledge, inventory)
  for (;;) {
    const one = await findImport(db, undefined, importId)
    if (one === undefined || one.state !== 'running') return
    onProgress(one.position)
    const payload = { siteId: one.site_id, importId, position: one.position }
    const message = { subject: 'import.continued', id: `here/${importId}/${one.position}`, payload }
    await db.transaction().execute(async (trx) => {
      const following = await stage.handle(trx, payload, message)
      await appendOutbox(
        trx,
        following.filter(({ subject }) => subject !== 'import.continued'),
      )
    })
  }
}
