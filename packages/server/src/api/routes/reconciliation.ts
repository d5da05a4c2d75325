import {
  assignReconciliation,
  countReconciliation,
  decideReconciliation,
  getReconciliation,
  listMatchRates,
  listReconciliation,
  undoReconciliation,
} from '@wardkeeper/contract'
import { Refusal, type ReconciliationKind } from '@wardkeeper/core'
import { actAs } from '../../store/act-as.ts'
import { appendOutbox, type Outgoing } from '../../store/outbox.ts'
import {
  countItems,
  decideItem,
  findItem,
  listItems,
  listMatchRates as readRates,
  lockItem,
  reopenItem,
  type ItemRecord,
} from '../../store/reconciliation.ts'
import { carryOut, DECISIONS_OF, holdKeys, type Effect } from '../../store/reconciliation-decide.ts'
import { takeBack } from '../../store/reconciliation-take-back.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { declaredMessages, regroupedMessage } from '../declared-message.ts'
import { ApiError } from '../errors.ts'
import { itemView } from '../inventory-view.ts'
import { record } from '../record.ts'
import { sidesOf } from '../reconciliation-sides.ts'
import { present } from '../views.ts'

/** What the stages have to work out again. */
function messagesOf(siteId: string, { assetIds, mergeId }: Effect) {
  return mergeId === undefined
    ? declaredMessages(siteId, assetIds)
    : [regroupedMessage(siteId, assetIds)]
}

/** Where records and network disagree: a queue, side by side, answered one by one or in bulk. */
export const reconciliationRoutes: Routes = (serve, { database: { db }, bus, siteId, now }) => {
  const demandItem = async (actor: Actor, id: string): Promise<ItemRecord> => {
    const item = await findItem(db, actor.sites, id)
    if (item === undefined) throw new ApiError('not-found')
    return item
  }

  serve(listReconciliation, async ({ query, actor }) => {
    const page = await listItems(db, actor.sites, query)
    return { items: page.items.map(itemView), ...present({ next: page.next }), total: page.total }
  })

  serve(countReconciliation, async ({ query, actor }) => {
    const counts = await countItems(db, actor.sites, query)
    const view = (values: typeof counts.kind) =>
      values.map(({ value, count }) => ({ ...present({ value }), count }))
    return { total: counts.total, kind: view(counts.kind), owner: view(counts.owner) }
  })

  serve(listMatchRates, async ({ actor }) => {
    const rows = await readRates(db, actor.sites?.[0] ?? siteId)
    return {
      items: rows.map((row) => {
        const visible = row.records - row.not_observable
        return {
          week: row.week,
          ...present({
            rate: visible > 0 ? Math.round((row.matched / visible) * 1000) / 1000 : undefined,
          }),
          records: row.records,
          matched: row.matched,
          notObservable: row.not_observable,
          seen: row.seen,
          strangers: row.strangers,
          openItems: row.open_items,
        }
      }),
    }
  })

  serve(getReconciliation, async ({ params, actor }) => {
    const item = await demandItem(actor, params.id)
    const isOpen = item.state === 'open'
    return {
      ...itemView(item),
      differences: (
        item.differences as { attribute: string; declared?: string; observed?: string }[]
      ).map(({ attribute, declared, observed }) => ({
        attribute,
        ...present({ declared, observed }),
      })),
      ...(await sidesOf(db, item)),
      decisions: isOpen ? [...DECISIONS_OF[item.kind as ReconciliationKind]] : [],
    }
  })

  serve(decideReconciliation, async ({ body, actor }) => {
    const time = now()
    // In one order, so that two bulk answers cannot wait for each other.
    const ids = [...new Set(body.ids)].toSorted()
    const sites: string[] = []
    for (const id of ids) sites.push((await demandItem(actor, id)).site_id)
    await db.transaction().execute(async (trx) => {
      await holdKeys(trx, sites, body.decision)
      await actAs(trx, { by: actor.name, cause: 'declared', reason: body.reason })
      const messages: Outgoing[] = []
      for (const id of ids) {
        const item = await lockItem(trx, id)
        if (item === undefined) throw new ApiError('not-found')
        const effect = await carryOut(trx, item, {
          decision: body.decision,
          assetId: body.assetId,
          by: actor.username,
          reason: body.reason,
          now: time,
        })
        await decideItem(
          trx,
          id,
          { decision: body.decision, by: actor.username, reason: body.reason, effect },
          time,
        )
        await record(
          trx,
          actor,
          {
            siteId: item.site_id,
            action: `reconciliation.${body.decision}`,
            kind: 'reconciliation',
            id,
            reason: body.reason,
            before: { title: item.title },
            after: effect,
            change: 'reconciliation.changed',
          },
          time,
        )
        messages.push(...messagesOf(item.site_id, effect))
      }
      // Last of all: it keeps every other writer of messages waiting.
      await appendOutbox(trx, messages)
    })
    bus.wake()
    return { decided: ids.length }
  })

  serve(undoReconciliation, async ({ params, body, actor }) => {
    const found = await demandItem(actor, params.id)
    await db.transaction().execute(async (trx) => {
      await holdKeys(trx, [found.site_id], 'take-back')
      const item = await lockItem(trx, found.id)
      if (item === undefined || item.state !== 'decided')
        throw new Refusal('not-answered', ['It was not answered: there is nothing to take back.'])
      const same = await trx
        .selectFrom('reconciliation_items')
        .select('id')
        .where('site_id', '=', item.site_id)
        .where('question', '=', item.question)
        .where('state', '=', 'open')
        .executeTakeFirst()
      if (same !== undefined)
        throw new Refusal('asked-again', ['The same question is open again: answer that one.'])
      const effect = item.effect as Effect
      await takeBack(trx, effect, { by: actor.username, reason: body.reason }, now())
      await reopenItem(trx, item.id)
      await record(
        trx,
        actor,
        {
          siteId: item.site_id,
          action: 'reconciliation.undone',
          kind: 'reconciliation',
          id: item.id,
          reason: body.reason,
          before: { decision: item.decision },
          change: 'reconciliation.changed',
        },
        now(),
      )
      await appendOutbox(trx, messagesOf(item.site_id, effect))
    })
    bus.wake()
    return itemView(await demandItem(actor, params.id))
  })

  serve(assignReconciliation, async ({ params, body, actor }) => {
    const item = await demandItem(actor, params.id)
    await db.transaction().execute(async (trx) => {
      const owner = body.owner === '' ? null : body.owner
      await trx
        .updateTable('reconciliation_items')
        .set({ owner })
        .where('id', '=', item.id)
        .execute()
      await record(
        trx,
        actor,
        {
          siteId: item.site_id,
          action: 'reconciliation.assigned',
          kind: 'reconciliation',
          id: item.id,
          before: { owner: item.owner },
          after: { owner },
          change: 'reconciliation.changed',
        },
        now(),
      )
    })
    return itemView(await demandItem(actor, params.id))
  })
}
