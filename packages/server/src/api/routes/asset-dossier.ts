import { createReadStream, existsSync } from 'node:fs'
import path from 'node:path'
import * as contract from '@wardkeeper/contract'
import {
  readDocumentType,
  type DeclaredDevice,
  type ImportField,
  type WorkOrderState,
} from '@wardkeeper/core'
import { actAs } from '../../store/act-as.ts'
import { findAsset } from '../../store/asset-list.ts'
import type { Executor, Trx } from '../../store/database.ts'
import * as store from '../../store/dossier.ts'
import {
  ordersOfDueDates,
  settleMaintenance,
  type OrderOfDueDate,
} from '../../store/maintenance-work.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { uuidOf } from '../uuid-param.ts'
import { record } from '../record.ts'
import { keepFile, readUpload } from '../upload.ts'
import { isoOf, present } from '../views.ts'

const DOCUMENT_BYTES = 25_000_000

/** Contracts, schedules, costs, maintenance and documents of a device. */
export const assetDossierRoutes: Routes = (
  serve,
  { database: { db }, documentFolder, now },
  app,
) => {
  const demandAsset = async (executor: Executor, actor: Actor, id: string) => {
    const asset = await findAsset(executor, actor.sites, id)
    if (asset === undefined) throw new ApiError('not-found')
    return asset
  }
  const show = async (executor: Executor, assetId: string) => {
    const today = isoOf(now()).slice(0, 10)
    const orders = await ordersOfDueDates(executor, assetId)
    return dossierView(await store.readDossier(executor, assetId, today), orders, today)
  }

  /** One change of the dossier of one device, with its entry in the history and in the audit log. */
  const change = (
    actor: Actor,
    assetId: string,
    deed: { readonly action: string; readonly reason?: string; readonly after?: unknown },
    work: (trx: Trx, asset: { id: string; site_id: string }) => Promise<unknown>,
  ) =>
    db.transaction().execute(async (trx) => {
      const asset = await demandAsset(trx, actor, assetId)
      await actAs(trx, { by: actor.username, cause: 'declared', reason: deed.reason })
      await work(trx, asset)
      await settleMaintenance(trx, now(), [asset.id])
      const where = {
        siteId: asset.site_id,
        kind: 'asset',
        id: asset.id,
        change: 'asset.changed',
      } as const
      await record(trx, actor, { ...where, ...deed }, now())
      return show(trx, asset.id)
    })

  serve(contract.getAssetDossier, async ({ params, actor }) =>
    show(db, (await demandAsset(db, actor, params.id)).id),
  )

  serve(contract.addDossierEntry, ({ params, body, actor }) =>
    change(
      actor,
      params.id,
      { action: `dossier.${body.kind}-added`, after: body.body },
      (trx, asset) => store.addEntry(trx, asset, body.kind, body.body, actor.name),
    ),
  )

  serve(contract.endDossierEntry, ({ params, body, actor }) => {
    const deed = { action: 'dossier.entry-ended', reason: body.reason, after: params.entryId }
    return change(actor, params.id, deed, async (trx, asset) => {
      if (!(await store.endEntry(trx, asset, params.entryId, now())))
        throw new ApiError('not-found')
    })
  })

  serve(contract.addMaintenance, ({ params, body, actor }) =>
    change(
      actor,
      params.id,
      { action: 'dossier.maintenance-added', after: body },
      async (trx, asset) => {
        if (body.date > isoOf(now()).slice(0, 10)) {
          throw new ApiError('invalid-input', ['date: what is not done yet is a schedule'])
        }
        if (!(await store.addMaintenanceRecord(trx, asset, body))) {
          throw new ApiError('not-found', ['The device has no such schedule.'])
        }
      },
    ),
  )

  serve(contract.addDocument, async ({ params, actor, request }) => {
    await demandAsset(db, actor, params.id)
    const { name, bytes } = await readUpload(request, DOCUMENT_BYTES)
    const mediaType = readDocumentType(bytes)
    if (mediaType === undefined) throw new ApiError('not-a-document')
    const file = {
      name,
      mediaType,
      hash: await keepFile(documentFolder, bytes),
      bytes: bytes.length,
    }
    let id = ''
    await change(
      actor,
      params.id,
      { action: 'dossier.document-added', after: file },
      async (trx, asset) => {
        id = await store.addDocumentRecord(trx, asset, file, actor.name)
      },
    )
    return { id, name, mediaType, bytes: bytes.length }
  })

  serve(contract.endDocument, async ({ params, body, actor }) => {
    const document = await store.findDocument(db, actor.sites, params.id)
    if (document === undefined) throw new ApiError('not-found')
    const deed = { action: 'dossier.document-ended', reason: body.reason, after: document.name }
    await change(actor, document.assetId, deed, (trx) =>
      store.endDocumentRecord(trx, document, now()),
    )
    return undefined
  })

  const options = { config: { permission: 'assets:read' }, schema: { hide: true } } as const
  app.get<{ Params: { id: string } }>(contract.DOCUMENT_PATH, options, async (request, reply) => {
    const { actor, params } = request
    const document =
      actor !== undefined && uuidOf(params.id) !== undefined
        ? await store.findDocument(db, actor.sites, params.id)
        : undefined
    const file = document && path.join(documentFolder, document.hash)
    if (document === undefined || file === undefined || !existsSync(file)) {
      throw new ApiError('not-found')
    }
    // Never shown by the browser itself: what somebody handed in must not run as a page of ours.
    return reply
      .type(document.mediaType)
      .header(
        'content-disposition',
        `attachment; filename*=UTF-8''${encodeURIComponent(document.name)}`,
      )
      .send(createReadStream(file))
  })
}

type Read = Awaited<ReturnType<typeof store.readDossier>>

/** Fields of a record that belong into a dossier, in the order in which they are read. */
const RECORD_FIELDS = [
  'pmFrequency',
  'lastPm',
  'nextPm',
  'strategy',
  'provider',
  'contract',
  'warrantyUntil',
  'acquired',
  'installed',
  'endOfSupport',
  'cost',
  'replacementCost',
  'riskLevel',
] as const satisfies readonly ImportField[]

/** The order that this due date became; the latest where one lapsed before. */
function orderView(orders: readonly OrderOfDueDate[], origin: string, due: string | undefined) {
  const found = orders.find((order) => order.origin === origin && order.due === due)
  return found && { id: found.id, number: found.number, state: found.state as WorkOrderState }
}

function recordsView(
  records: Read['records'],
  orders: readonly OrderOfDueDate[],
  today: string,
): contract.AssetDossier['records'] {
  return records.flatMap(({ source, native_key: key, since, body }) => {
    const told = body as DeclaredDevice
    const facts = RECORD_FIELDS.flatMap((field) => {
      const value = told[field]
      return value === undefined || value === '' ? [] : [{ field, value }]
    })
    if (facts.length === 0) return []
    const isOverdue = told.nextPm !== undefined && told.nextPm < today
    const workOrder = orderView(orders, `record:${source}/${key}`, told.nextPm)
    return [{ source, key, since: isoOf(since), facts, isOverdue, ...present({ workOrder }) }]
  })
}

function dossierView(
  { entries, maintenance, documents, records, due }: Read,
  orders: readonly OrderOfDueDate[],
  today: string,
): contract.AssetDossier {
  const nameOf = new Map(entries.map(({ id, body }) => [id, (body as { name?: string }).name]))
  const of = (kind: store.EntryKind) =>
    entries
      .filter((entry) => entry.kind === kind)
      .map(({ id, by_name: by, created_at: at, body }) => ({
        id,
        by,
        added: isoOf(at),
        body: body as never,
      }))
  return {
    records: recordsView(records, orders, today),
    contracts: of('contract'),
    costs: of('cost'),
    schedules: of('schedule').map((entry) => {
      const { lastDone, next, replacedBy, isOverdue = false } = due.get(entry.id) ?? {}
      const workOrder = orderView(orders, `schedule:${entry.id}`, next)
      return { ...entry, isOverdue, ...present({ lastDone, next, replacedBy, workOrder }) }
    }),
    maintenance: maintenance.map(({ date, by_name: by, what, schedule_id: id }) => ({
      date,
      by,
      what,
      ...present({ schedule: id === null ? undefined : nameOf.get(id) }),
    })),
    documents: documents.map(
      ({ id, name, media_type: mediaType, bytes, by_name: by, created_at: at }) => ({
        id,
        name,
        mediaType,
        bytes,
        by,
        added: isoOf(at),
      }),
    ),
  }
}
