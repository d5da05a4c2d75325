import {
  disputeIdentity,
  listIdentityDecisions,
  lockIdentity,
  unlockIdentity,
  withdrawDispute,
} from '@wardkeeper/contract'
import {
  decideDispute,
  decideLock,
  demandDisputed,
  demandLocked,
  type Attribute,
  type IdentityStand,
} from '@wardkeeper/core'
import { findAsset } from '../../store/asset-list.ts'
import { acceptValue } from '../../store/asset-values.ts'
import type { AssetRecord } from '../../store/assets.ts'
import type { Trx } from '../../store/database.ts'
import {
  addDispute,
  endDisputes,
  endLocks,
  listIdentityDecisions as readDecisions,
  readIdentityStand,
  type Word,
} from '../../store/identity-decisions.ts'
import { appendOutbox } from '../../store/outbox.ts'
import { toDatabaseText, toDatabaseTime } from '../../store/time.ts'
import { newId } from '../../store/uuid.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { declaredMessages } from '../declared-message.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'
import { isoOf, present } from '../views.ts'

interface Asked {
  readonly params: { readonly id: string }
  readonly body: { readonly attribute: Attribute; readonly reason: string }
  readonly actor: Actor
}

/** What people say a device is and is not. */
export const identityRoutes: Routes = (serve, { database: { db }, bus, content, now }) => {
  const demandAsset = async (actor: Actor, id: string): Promise<AssetRecord> => {
    const asset = await findAsset(db, actor.sites, id)
    if (asset === undefined) throw new ApiError('not-found')
    return asset
  }
  /** One decision with its audit entry and the message that has the device worked out again. */
  const decide = async (
    { params, body, actor }: Asked,
    action: string,
    act: (trx: Trx, stand: IdentityStand, word: Word) => Promise<object>,
  ) => {
    const asset = await demandAsset(actor, params.id)
    const { attribute, reason } = body
    const word = {
      siteId: asset.site_id,
      assetId: asset.id,
      by: actor.username,
      reason,
      now: now(),
    }
    await db.transaction().execute(async (trx) => {
      const stand = await readIdentityStand(trx, asset.id, attribute)
      const after = await act(trx, stand, word)
      await appendOutbox(
        trx,
        declaredMessages(asset.site_id, [asset.id], { by: actor.username, reason }),
      )
      await record(
        trx,
        actor,
        {
          siteId: asset.site_id,
          action,
          kind: 'asset',
          id: asset.id,
          reason,
          before: { [attribute]: stand.claimed ?? null },
          after,
          change: 'asset.changed',
        },
        now(),
      )
    })
    bus.wake()
    return { id: asset.id }
  }

  serve(listIdentityDecisions, async ({ params, actor }) => {
    const { id } = await demandAsset(actor, params.id)
    const { types, categories } = content.knowledge.vocabulary
    return {
      items: (await readDecisions(db, id)).map((one) => ({
        kind: one.kind,
        attribute: one.attribute,
        value: one.value,
        by: one.by,
        reason: one.reason,
        since: isoOf(one.since),
        ...present({
          ended:
            one.until === null
              ? undefined
              : {
                  time: isoOf(one.until),
                  ...present({
                    by: one.endedBy ?? undefined,
                    reason: one.endedReason ?? undefined,
                  }),
                },
        }),
      })),
      types: [...types.keys()].toSorted(),
      categories: [...categories.keys()].toSorted(),
    }
  })

  serve(lockIdentity, (asked) =>
    decide(asked, 'identity.locked', async (trx, stand, word) => {
      const { attribute, value } = asked.body
      const values = decideLock(attribute, value, stand, content.knowledge.vocabulary)
      for (const [one, locked] of values)
        await acceptValue(trx, {
          id: newId(),
          siteId: word.siteId,
          assetId: word.assetId,
          attribute: one,
          value: toDatabaseText(locked),
          isLocked: true,
          by: word.by,
          reason: word.reason,
          time: toDatabaseTime(word.now),
        })
      await endDisputes(trx, word, [...values.keys()])
      return Object.fromEntries(values)
    }),
  )

  serve(unlockIdentity, (asked) =>
    decide(asked, 'identity.unlocked', async (trx, stand, word) => {
      const { attribute } = asked.body
      demandLocked(attribute, stand)
      await endLocks(trx, word, attribute === 'type' ? ['type', 'category'] : [attribute])
      return { unlocked: stand.locked?.value }
    }),
  )

  serve(disputeIdentity, (asked) =>
    decide(asked, 'identity.disputed', async (trx, stand, word) => {
      const value = decideDispute(asked.body.attribute, stand)
      await addDispute(trx, word, asked.body.attribute, value)
      return { disputed: value }
    }),
  )

  serve(withdrawDispute, (asked) =>
    decide(asked, 'identity.dispute-withdrawn', async (trx, stand, word) => {
      demandDisputed(asked.body.attribute, stand)
      await endDisputes(trx, word, [asked.body.attribute])
      return { withdrawn: stand.disputed?.value }
    }),
  )
}
