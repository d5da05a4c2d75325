import {
  addDevice,
  listPrecedence,
  previewPrecedence,
  readBarcode,
  setPrecedence,
  tryRow,
} from '@wardkeeper/contract'
import {
  ATTRIBUTES,
  decideRow,
  guessColumns,
  IMPORT_FIELD_NAMES,
  orderOf,
  readTable,
  readUdi,
  Refusal,
  type DeclaredDevice,
  type RowDecision,
} from '@wardkeeper/core'
import { loadPrecedence } from '../../store/asset-values.ts'
import type { Executor } from '../../store/database.ts'
import { createDeclaredAssets, linkKeys } from '../../store/declared-assets.ts'
import { saveRecords } from '../../store/declared-records.ts'
import { findCandidates } from '../../store/import-candidates.ts'
import { pickTemplate, readingKnowledge } from '../../store/import-prepare.ts'
import { lockResolution } from '../../store/merge.ts'
import { appendOutbox } from '../../store/outbox.ts'
import { changesOf, savePrecedence } from '../../store/precedence.ts'
import { openItems } from '../../store/reconciliation.ts'
import { newId } from '../../store/uuid.ts'
import { readGs1 } from '../../tables/gs1.ts'
import { demandSite } from '../actor.ts'
import type { Routes } from '../context.ts'
import { declaredMessages } from '../declared-message.ts'
import { record } from '../record.ts'
import { present } from '../views.ts'

const EXAMPLES = 20

/** Devices written down by hand, the tester of the rules, and the order of sources. */
export const deviceRoutes: Routes = (serve, { database: { db }, bus, content, siteId, now }) => {
  const { matching, precedence, templates } = content.inventory
  const knowledge = readingKnowledge(content.knowledge)

  /** The same reading and the same decision as an import of one row. */
  const decide = async (
    executor: Executor,
    source: string,
    headers: readonly string[],
    cells: readonly string[],
    columns: Parameters<typeof readTable>[1]['columns'],
    dateOrder: 'auto' | 'day-first' | 'month-first',
  ) => {
    const [row] = readTable([cells], { columns, dateOrder }, knowledge).rows
    if (row === undefined || row.device === undefined || row.nativeKey === undefined)
      return {
        row,
        decision: {
          outcome: 'refused',
          assetId: undefined,
          score: undefined,
          reasons: [row?.refusal ?? 'There is no row.'],
          candidates: [],
        } satisfies RowDecision,
      }
    const [candidates = []] = await findCandidates(executor, siteId, source, undefined, [
      { nativeKey: row.nativeKey, device: row.device },
    ])
    return { row, decision: decideRow(row.device, row.nativeKey, candidates, matching) }
  }

  serve(tryRow, async ({ body, actor }) => {
    demandSite(actor, siteId)
    const { template, common } = pickTemplate(templates, body.template, body.headers)
    const columns =
      body.columns ?? (template === undefined ? {} : guessColumns(body.headers, template, common))
    const { row, decision } = await decide(
      db,
      body.source ?? template?.id ?? 'generic',
      body.headers,
      body.cells,
      columns,
      body.dateOrder ?? 'auto',
    )
    return decisionView(row, decision)
  })

  serve(readBarcode, async ({ body }) => {
    const reading = readUdi(body.text, readGs1)
    return await Promise.resolve(
      'udi' in reading ? { ...reading.udi } : { problem: reading.problem },
    )
  })

  serve(addDevice, async ({ body, actor }) => {
    demandSite(actor, siteId)
    const headers = IMPORT_FIELD_NAMES
    const cells = headers.map((name) => body.device[name] ?? '')
    const columns = Object.fromEntries(headers.map((name, at) => [name, at]))
    const isProposal = !actor.permissions.has('assets:decide')
    const answer = await db.transaction().execute(async (trx) => {
      // A message in hand may be about to make the same device.
      if (!isProposal) await lockResolution(trx, siteId)
      const { row, decision } = await decide(trx, 'hand', headers, cells, columns, 'auto')
      const device = row?.device
      const nativeKey = row?.nativeKey
      if (device === undefined || nativeKey === undefined)
        throw new Refusal('device-refused', [...decision.reasons, ...(row?.notes ?? [])])
      if (isProposal || decision.outcome === 'queued') {
        const itemId = await propose(trx, device, nativeKey, decision, body.reason)
        await record(
          trx,
          actor,
          {
            siteId,
            action: 'device.proposed',
            kind: 'device',
            id: nativeKey,
            reason: body.reason,
            after: device,
            change: 'reconciliation.changed',
          },
          now(),
        )
        return {
          ...decisionView(row, decision),
          outcome: 'queued' as const,
          ...present({ itemId }),
        }
      }
      const assetId = decision.assetId ?? newId()
      if (decision.assetId === undefined)
        await createDeclaredAssets(trx, siteId, [{ id: assetId, body: device }], now())
      await saveRecords(trx, { siteId, source: 'hand', importId: undefined, now: now() }, [
        { nativeKey, assetId, body: device },
      ])
      await linkKeys(trx, siteId, [{ id: assetId, body: device }], now())
      await record(
        trx,
        actor,
        {
          siteId,
          action: 'device.declared',
          kind: 'asset',
          id: assetId,
          reason: body.reason,
          after: device,
          change: 'asset.changed',
        },
        now(),
      )
      await appendOutbox(trx, declaredMessages(siteId, [assetId]))
      return { ...decisionView(row, decision), assetId }
    })
    bus.wake()
    return answer
  })

  const propose = async (
    trx: Parameters<typeof openItems>[0],
    device: DeclaredDevice,
    nativeKey: string,
    decision: RowDecision,
    reason: string,
  ) => {
    const name = [device.manufacturer, device.model, device.serial ?? device.tag]
      .filter((part) => part !== undefined)
      .join(' ')
    await openItems(
      trx,
      siteId,
      [
        {
          kind: 'proposal',
          question: `proposal:${nativeKey}:${JSON.stringify(device).length}`,
          title: `Proposed: ${name || nativeKey}`,
          reasons: [reason, ...decision.reasons],
          differences: Object.entries(device).map(([attribute, value]) => ({
            attribute,
            declared: typeof value === 'string' ? value : value.join(' '),
            observed: undefined,
          })),
          candidates: decision.candidates.map(({ assetId, label, score, reasons }) => ({
            assetId,
            label,
            score,
            reasons,
          })),
          score: decision.score,
        },
      ],
      now(),
    )
    const made = await trx
      .selectFrom('reconciliation_items')
      .select('id')
      .where('site_id', '=', siteId)
      .where('state', '=', 'open')
      .where('kind', '=', 'proposal')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return made?.id
  }

  serve(listPrecedence, async () => {
    const [own, order] = [
      await db
        .selectFrom('precedence_rules')
        .select('attribute')
        .where('site_id', '=', siteId)
        .execute(),
      await loadPrecedence(db, siteId, precedence),
    ]
    const isOwn = new Set(own.map((row) => row.attribute))
    return {
      items: ['*', ...ATTRIBUTES].map((attribute) => ({
        attribute,
        sources: [...orderOf(order, attribute)],
        isOwn: isOwn.has(attribute),
      })),
    }
  })

  serve(previewPrecedence, async ({ body, actor }) => {
    demandSite(actor, siteId)
    const changes = await changesOf(db, siteId, precedence, body)
    return {
      changed: changes.length,
      examples: changes
        .slice(0, EXAMPLES)
        .map(({ before, after, ...one }) => ({ ...one, ...present({ before, after }) })),
    }
  })

  serve(setPrecedence, async ({ body, actor }) => {
    demandSite(actor, siteId)
    const changed = await db.transaction().execute(async (trx) => {
      const changes = await changesOf(trx, siteId, precedence, body)
      await savePrecedence(trx, siteId, { ...body, by: actor.username })
      await record(
        trx,
        actor,
        {
          siteId,
          action: 'precedence.set',
          kind: 'precedence',
          id: body.attribute,
          reason: body.reason,
          after: body.sources,
          change: 'asset.changed',
        },
        now(),
      )
      await appendOutbox(
        trx,
        declaredMessages(
          siteId,
          changes.map(({ assetId }) => assetId),
        ),
      )
      return changes.length
    })
    bus.wake()
    return { changed }
  })
}

function decisionView(
  row:
    | {
        readonly device: DeclaredDevice | undefined
        readonly nativeKey: string | undefined
        readonly notes: readonly string[]
      }
    | undefined,
  decision: RowDecision,
) {
  return {
    notes: [...(row?.notes ?? [])],
    outcome: decision.outcome,
    reasons: [...decision.reasons],
    candidates: decision.candidates.map(({ assetId, label, score, reasons }) => ({
      assetId,
      label,
      score,
      reasons: [...reasons],
    })),
    ...present({
      device: row?.device as Record<string, string> | undefined,
      key: row?.nativeKey,
      assetId: decision.assetId,
      score: decision.score,
    }),
  }
}
