import {
  decideProposal,
  listChanges,
  listHistory,
  listProposals,
  proposeChange,
  withdrawProposal,
} from '@wardkeeper/contract'
import {
  changesOf,
  demandDecidable,
  demandUnchanged,
  demandWithdrawable,
  type FieldChanges,
} from '@wardkeeper/core'
import { actAs } from '../../store/act-as.ts'
import { declareAttributes, declaredValues } from '../../store/asset-declare.ts'
import * as history from '../../store/asset-history.ts'
import { findAsset } from '../../store/asset-list.ts'
import type { Executor, Trx } from '../../store/database.ts'
import * as proposals from '../../store/proposals.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { historyView, proposalView } from '../history-view.ts'
import { record } from '../record.ts'
import { present } from '../views.ts'

/** What changed in the inventory, and changes that wait for a second person. */
export const historyRoutes: Routes = (serve, { database: { db }, now }) => {
  const demandAsset = async (executor: Executor, actor: Actor, id: string) => {
    const asset = await findAsset(executor, actor.sites, id)
    if (asset === undefined) throw new ApiError('not-found')
    return asset
  }

  serve(listHistory, async ({ params, query, actor }) => {
    const { id } = await demandAsset(db, actor, params.id)
    const page = await history.readHistory(db, id, query)
    return {
      items: page.items.map(historyView),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  serve(listChanges, async ({ query, actor }) => {
    const moment = query.since === undefined ? Number.NaN : timeOf(query.since)
    const since = Number.isNaN(moment) ? query.since : await history.cursorAt(db, moment)
    const found = await history.changesSince(db, actor.sites, since, query.limit)
    return {
      items: found.items.map((item) => ({
        ...historyView(item),
        assetId: item.asset_id,
        siteId: item.site_id,
      })),
      next: found.next,
      hasMore: found.hasMore,
    }
  })

  serve(listProposals, async ({ query, actor }) => {
    const page = await proposals.listProposals(db, actor.sites, query)
    return {
      items: page.items.map((item) => proposalView(item, actor.userId)),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  serve(proposeChange, ({ params, body, actor }) =>
    db.transaction().execute(async (trx) => {
      const asset = await demandAsset(trx, actor, params.id)
      const changes = changesOf(declaredValues(asset), wantedOf(body.changes))
      const id = await proposals.addProposal(
        trx,
        asset,
        { changes, reason: body.reason },
        actor.userId,
        now(),
      )
      const deed = { action: 'asset.change-proposed', after: changes, reason: body.reason }
      await record(trx, actor, deedOn(asset, deed), now())
      return show(trx, actor, id)
    }),
  )

  serve(decideProposal, ({ params, body, actor }) =>
    db.transaction().execute(async (trx) => {
      const found = await demandProposal(trx, actor, params.id)
      const proposal = proposals.proposalOf(found)
      demandDecidable(proposal, actor.userId)
      const asset = await demandAsset(trx, actor, found.asset_id)
      const isApproved = body.decision === 'approve'
      if (isApproved) {
        demandUnchanged(proposal, declaredValues(asset))
        await actAs(trx, {
          by: actor.username,
          cause: 'approved',
          reason: `${found.reason} (proposed by ${found.author})`,
        })
        await declareAttributes(trx, asset.id, afterOf(proposal.changes))
      }
      const end = { userId: actor.userId, reason: body.reason }
      const state = isApproved ? 'approved' : 'refused'
      await proposals.endProposal(trx, found.id, { state, ...end }, now())
      const deed = {
        action: `asset.change-${state}`,
        after: proposal.changes,
        reason: body.reason ?? found.reason,
      }
      await record(trx, actor, deedOn(asset, deed), now())
      return show(trx, actor, found.id)
    }),
  )

  serve(withdrawProposal, ({ params, actor }) =>
    db.transaction().execute(async (trx) => {
      const found = await demandProposal(trx, actor, params.id)
      demandWithdrawable(proposals.proposalOf(found), actor.userId)
      const asset = await demandAsset(trx, actor, found.asset_id)
      await proposals.endProposal(
        trx,
        found.id,
        { state: 'withdrawn', userId: actor.userId },
        now(),
      )
      await record(trx, actor, deedOn(asset, { action: 'asset.change-withdrawn' }), now())
      return show(trx, actor, found.id)
    }),
  )
}

async function demandProposal(trx: Trx, actor: Actor, id: string) {
  const found = await proposals.lockProposal(trx, actor.sites, id)
  if (found === undefined) throw new ApiError('not-found')
  return found
}

async function show(trx: Trx, actor: Actor, id: string) {
  return proposalView(await demandProposal(trx, actor, id), actor.userId)
}

function deedOn(
  asset: { readonly id: string; readonly site_id: string },
  deed: { readonly action: string; readonly after?: unknown; readonly reason?: string },
) {
  return {
    siteId: asset.site_id,
    kind: 'asset',
    id: asset.id,
    change: 'asset.changed',
    ...deed,
  } as const
}

/** An empty text takes a value back. */
export function wantedOf(
  fields: Readonly<Record<string, string | undefined>>,
): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, value === '' ? null : value] as const],
    ),
  )
}

function afterOf(changes: FieldChanges) {
  return Object.fromEntries(Object.entries(changes).map(([field, [, after]]) => [field, after]))
}

/** NaN for what is no moment in ISO 8601. */
function timeOf(text: string): number {
  return /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
}
