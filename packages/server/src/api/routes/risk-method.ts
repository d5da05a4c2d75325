import {
  approveRiskMethod,
  getRiskMethod,
  previewRiskMethod,
  proposeRiskMethod,
  withdrawRiskMethod,
} from '@wardkeeper/contract'
import { checkMethod, Refusal, type RiskMethod } from '@wardkeeper/core'
import type { Trx } from '../../store/database.ts'
import { appendOutbox } from '../../store/outbox.ts'
import { methodOfSite } from '../../store/risk-methods.ts'
import { queueRisk } from '../../store/risk-scores.ts'
import * as settings from '../../store/risk-settings.ts'
import type { Routes } from '../context.ts'
import { demandSite, type Actor } from '../actor.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'
import { previewRisk } from '../risk-preview.ts'
import { isoOf, present } from '../views.ts'

/** Weights and tables of the site: seen, tried out, proposed, approved by somebody else. */
export const riskMethodRoutes: Routes = (
  serve,
  { database: { db }, bus, content, siteId, now },
) => {
  const standard = content.risk.method
  const demandSound = (method: RiskMethod) => {
    const problems = checkMethod(method)
    if (problems.length > 0) throw new ApiError('invalid-input', problems)
  }
  const note = (trx: Trx, actor: Actor, what: string, id: string, reason?: string) =>
    record(
      trx,
      actor,
      {
        siteId,
        action: `risk-method.${what}`,
        kind: 'risk-method',
        id,
        reason,
        change: 'asset.changed',
      },
      now(),
    )

  serve(getRiskMethod, async ({ actor }) => {
    demandSite(actor, siteId)
    const used = await methodOfSite(db, siteId, standard)
    const approved = await settings.readSetting(db, siteId, true)
    const proposal = await settings.readSetting(db, siteId, false)
    return {
      id: used.id,
      method: used.method,
      standard,
      isTuned: used.isTuned,
      ...present({
        approved: approved && {
          by: approved.by,
          approvedBy: approved.approvedBy ?? '',
          reason: approved.reason,
          time: isoOf(approved.time),
        },
        proposal: proposal && {
          method: proposal.method,
          by: proposal.by,
          reason: proposal.reason,
          time: isoOf(proposal.time),
          isOwn: proposal.byId === actor.userId,
        },
      }),
    }
  })

  serve(previewRiskMethod, async ({ body, actor }) => {
    demandSound(body.method)
    return await previewRisk(db, actor.sites, {}, (inputs) => ({ inputs, method: body.method }))
  })

  serve(proposeRiskMethod, async ({ body, actor }) => {
    demandSite(actor, siteId)
    demandSound(body.method)
    const proposal = { method: body.method, reason: body.reason, userId: actor.userId }
    await db.transaction().execute(async (trx) => {
      const id = await settings.proposeMethod(trx, siteId, proposal, now())
      await note(trx, actor, 'proposed', id, body.reason)
    })
    return undefined
  })

  serve(approveRiskMethod, async ({ actor }) => {
    demandSite(actor, siteId)
    await db.transaction().execute(async (trx) => {
      const id = await settings.approveMethod(trx, siteId, actor.userId, now())
      await queueRisk(trx, siteId)
      await appendOutbox(trx, [
        { subject: 'risk.requested', id: `risk-method/${id}`, payload: { siteId } },
      ])
      await note(trx, actor, 'approved', id)
    })
    bus.wake()
    return undefined
  })

  serve(withdrawRiskMethod, async ({ actor }) => {
    demandSite(actor, siteId)
    await db.transaction().execute(async (trx) => {
      const proposal = await settings.readSetting(trx, siteId, false)
      if (proposal === undefined || !(await settings.endProposal(trx, siteId, now()))) {
        throw new Refusal('nothing-proposed', ['Nobody has proposed other weights.'])
      }
      await note(trx, actor, 'withdrawn', proposal.id)
    })
    return undefined
  })
}
