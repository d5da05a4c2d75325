import { listProtectedFields, protectField } from '@wardkeeper/contract'
import { DECLARED_FIELDS, stepToProtection } from '@wardkeeper/core'
import type { Executor } from '../../store/database.ts'
import {
  endLift,
  lockProtection,
  openLifts,
  protectedFields,
  protectField as setProtection,
  proposeLift,
} from '../../store/protected-fields.ts'
import { demandSite, type Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { record } from '../record.ts'
import { isoOf, present } from '../views.ts'

/** Which fields need a second person. That one needs none any more needs two as well. */
export const protectedFieldRoutes: Routes = (serve, { database: { db }, content, siteId, now }) => {
  const read = async (executor: Executor) => {
    const held = await protectedFields(executor, siteId, content.protectedFields)
    const lifts = new Map((await openLifts(executor, siteId)).map((lift) => [lift.field, lift]))
    return DECLARED_FIELDS.map((field) => ({
      field,
      isProtected: held.has(field),
      lift: lifts.get(field),
    }))
  }

  const answer = async (executor: Executor, actor: Actor) => ({
    items: (await read(executor)).map(({ lift, ...item }) => ({
      ...item,
      ...present({
        lift: lift && {
          by: lift.author,
          reason: lift.reason,
          proposed: isoOf(lift.proposedAt),
          isOwn: lift.proposedBy === actor.userId,
        },
      }),
    })),
  })

  serve(listProtectedFields, ({ actor }) => {
    demandSite(actor, siteId)
    return answer(db, actor)
  })

  serve(protectField, ({ params, body, actor }) =>
    db.transaction().execute(async (trx) => {
      demandSite(actor, siteId)
      const { field } = params
      const { isProtected, reason } = body
      await lockProtection(trx, siteId)
      const before = (await read(trx)).find((item) => item.field === field)
      const current = {
        isProtected: before?.isProtected === true,
        proposedBy: before?.lift?.proposedBy,
      }
      const step = stepToProtection(isProtected, current, actor.userId)
      const lift = before?.lift
      if (step === 'propose') {
        await proposeLift(trx, { siteId, field, reason, userId: actor.userId }, now())
      } else {
        const approver = step === 'approve' ? actor.userId : undefined
        if (lift !== undefined) await endLift(trx, lift.id, approver, now())
        await setProtection(trx, siteId, field, isProtected)
      }
      const deed = {
        siteId,
        action: step === 'propose' ? 'field.lift-proposed' : 'field.protected',
        kind: 'field',
        id: field,
        reason,
        before: current.isProtected,
        after: isProtected,
        change: 'asset.changed',
      } as const
      await record(trx, actor, deed, now())
      return answer(trx, actor)
    }),
  )
}
