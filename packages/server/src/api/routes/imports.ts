import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import {
  addImport,
  discardImport,
  getImport,
  IMPORT_REPORT_PATH,
  listImportRows,
  listImports,
  listImportTemplates,
  mapImport,
  runImport,
  undoImport,
} from '@wardkeeper/contract'
import { guessColumns, Refusal } from '@wardkeeper/core'
import { tellChange } from '../../store/changes.ts'
import type { Trx } from '../../store/database.ts'
import { pickTemplate, planImport, prepareImport, stageRows } from '../../store/import-prepare.ts'
import {
  findImport,
  findSameImport,
  isFileWanted,
  listImports as readImports,
  listRows,
  lockImport,
  updateImport,
  type ImportReading,
  type ImportRecord,
} from '../../store/imports.ts'
import { appendOutbox } from '../../store/outbox.ts'
import { demandSite, type Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { uuidOf } from '../uuid-param.ts'
import { importDetailView, importRowView, importView } from '../inventory-view.ts'
import { writeReport } from '../import-report.ts'
import { readTable, receiveTable } from '../receive-table.ts'
import { record } from '../record.ts'
import { present } from '../views.ts'

/** A file of which the database knew nothing for so long was left by a crash. */
const LEFT_OVER_MS = 3_600_000

/** Tables of other systems: handed in, looked at, run and taken back. */
export const importRoutes: Routes = (
  serve,
  { database: { db }, bus, content, siteId, uploadFolder, now },
  app,
) => {
  const folder = path.join(uploadFolder, 'imports')
  const demandImport = async (actor: Actor, id: string) => {
    const one = await findImport(db, actor.sites, id)
    if (one === undefined) throw new ApiError('not-found')
    return one
  }
  const detail = async (actor: Actor, id: string) => {
    const one = await demandImport(actor, id)
    const same = await findSameImport(db, one.site_id, one.source, one.digest)
    return importDetailView(one, same?.id === one.id ? undefined : same)
  }
  const note = (
    trx: Trx,
    actor: Actor,
    one: Pick<ImportRecord, 'id' | 'site_id' | 'name'>,
    action: string,
    reason?: string,
  ) =>
    record(
      trx,
      actor,
      {
        siteId: one.site_id,
        action,
        kind: 'import',
        id: one.id,
        reason,
        after: { name: one.name },
        change: 'import.changed',
      },
      now(),
    )

  /**
   * Removes the file of an import that needs it no more, and what a crash left: files hold every column of the hospital's
   * table, and not all of those are for us to keep.
   */
  const forgetFile = async (own: string | null) => {
    const names = await readdir(folder).catch(() => [])
    for (const file of names.filter((name) => /\.(table|partial)$/.test(name))) {
      const full = path.join(folder, file)
      const isOld = (await stat(full)).mtimeMs < Date.now() - LEFT_OVER_MS
      if ((full === own || isOld) && !(await isFileWanted(db, full)))
        await rm(full, { force: true })
    }
  }

  serve(listImportTemplates, async () => ({
    items: content.inventory.templates.map(({ id, name, kind, isFull, notes }) => ({
      id,
      name,
      kind,
      isFull,
      ...present({ notes }),
    })),
  }))

  serve(listImports, async ({ actor }) => ({
    items: (await readImports(db, actor.sites, 100)).map(importView),
  }))

  serve(addImport, async ({ request, query, actor }) => {
    demandSite(actor, siteId)
    const { table, ...file } = await receiveTable(request, folder)
    const id = await db.transaction().execute(async (trx) => {
      const made = await prepareImport(
        trx,
        { ...file, table, siteId, by: actor.username },
        query,
        content,
      )
      const one = await lockImport(trx, made)
      if (one !== undefined) await planImport(trx, one, content)
      await note(trx, actor, { id: made, site_id: siteId, name: file.name }, 'import.handed-in')
      return made
    })
    return await detail(actor, id)
  })

  serve(getImport, async ({ params, actor }) => await detail(actor, params.id))

  serve(mapImport, async ({ params, body, actor }) => {
    const one = await demandImport(actor, params.id)
    if (one.state !== 'ready' && one.state !== 'mapping') throw notNow(one)
    const table = await readTable(one.path ?? '')
    const before = one.reading as ImportReading
    const isOther = body.template !== undefined && body.template !== one.template
    const { template, common } = pickTemplate(
      content.inventory.templates,
      body.template ?? one.template,
      table.headers,
    )
    const guessed =
      isOther && template !== undefined
        ? guessColumns(table.headers, template, common)
        : before.columns
    await db.transaction().execute(async (trx) => {
      const locked = await lockImport(trx, one.id)
      if (locked === undefined || (locked.state !== 'ready' && locked.state !== 'mapping'))
        throw notNow(one)
      const source = body.source ?? (isOther ? (template?.id ?? one.source) : one.source)
      await updateImport(trx, one.id, {
        source,
        template: template?.id ?? one.template,
        is_full: body.isFull ?? (isOther ? (template?.isFull ?? false) : one.is_full),
      })
      const reading = {
        ...before,
        columns: body.columns ?? guessed,
        dateOrder: body.dateOrder ?? before.dateOrder,
      }
      await stageRows(trx, { id: one.id, siteId: one.site_id }, table, reading, content)
      await planImport(trx, { ...one, source }, content)
    })
    return await detail(actor, one.id)
  })

  serve(listImportRows, async ({ params, query, actor }) => {
    const one = await demandImport(actor, params.id)
    const { items, total } = await listRows(db, one.id, query)
    const last = items.at(-1)
    return {
      items: items.map(importRowView),
      total,
      ...present({ next: items.length === query.limit ? last?.row : undefined }),
    }
  })

  serve(runImport, async ({ params, actor }) => {
    const one = await demandImport(actor, params.id)
    await db.transaction().execute(async (trx) => {
      const locked = await lockImport(trx, one.id)
      if (locked === undefined || !['ready', 'running', 'failed'].includes(locked.state))
        throw notNow(one)
      if ((locked.reading as ImportReading).columns === undefined) throw notNow(one)
      await updateImport(trx, one.id, {
        state: 'running',
        ...(locked.state === 'ready' ? { startedAt: now() } : {}),
      })
      await note(trx, actor, one, 'import.started')
      await appendOutbox(trx, [continued(locked, now())])
    })
    bus.wake()
    await forgetFile(one.path)
    return await detail(actor, one.id)
  })

  serve(undoImport, async ({ params, body, actor }) => {
    const one = await demandImport(actor, params.id)
    await db.transaction().execute(async (trx) => {
      const locked = await lockImport(trx, one.id)
      if (locked === undefined || !['finished', 'failed', 'undoing'].includes(locked.state))
        throw notNow(one)
      await updateImport(trx, one.id, { state: 'undoing' })
      await note(trx, actor, one, 'import.undo-asked', body.reason)
      await appendOutbox(trx, [continued(locked, now())])
    })
    bus.wake()
    return await detail(actor, one.id)
  })

  serve(discardImport, async ({ params, actor }) => {
    const one = await demandImport(actor, params.id)
    await db.transaction().execute(async (trx) => {
      const locked = await lockImport(trx, one.id)
      if (locked === undefined || (locked.state !== 'ready' && locked.state !== 'mapping'))
        throw notNow(one)
      await updateImport(trx, one.id, { state: 'discarded' })
      await tellChange(trx, 'import.changed', one.site_id, [one.id])
      await note(trx, actor, one, 'import.discarded')
    })
    await forgetFile(one.path)
    return undefined
  })

  app.get<{ Params: { id: string } }>(
    IMPORT_REPORT_PATH,
    { config: { permission: 'assets:read' } },
    async (request, reply) => {
      const { actor } = request
      if (actor === undefined || uuidOf(request.params.id) === undefined)
        throw new ApiError('not-found')
      const one = await demandImport(actor, request.params.id)
      const name = one.name.replace(/\.[a-z0-9]+$/i, '').replaceAll(/[^\w-]/g, '_')
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}-report.csv"`)
        .send(writeReport(db, one.id))
    },
  )
}

function continued(one: ImportRecord, time: number) {
  return {
    subject: 'import.continued',
    id: `import/${one.id}/${one.position}/${time}`,
    payload: { siteId: one.site_id, importId: one.id, position: one.position },
  }
}

const WHY: Readonly<Record<string, string>> = {
  running: 'It is running: wait until it is through.',
  finished: 'It was run: hand the file in again, or undo it first.',
  undone: 'It was undone: hand the file in again.',
  undoing: 'It is being undone: wait until that is through.',
  discarded: 'It was put away: hand the file in again.',
  ready: 'It was not run: there is nothing to undo.',
}

function notNow(one: ImportRecord): Refusal {
  return new Refusal('import-state', [
    WHY[one.state] ?? `This cannot be done while it is ${one.state}.`,
  ])
}
