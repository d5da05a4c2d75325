import type { Knowledge, Precedence } from '@wardkeeper/core'
import { z } from 'zod'
import { actAs } from '../store/act-as.ts'
import { lockAssets } from '../store/assets.ts'
import { tellChange } from '../store/changes.ts'
import type { Trx } from '../store/database.ts'
import { placeDeclared, saveUnseenAssets, unseenOf } from '../store/declared-assets.ts'
import { identifyAssets } from './identify-assets.ts'
import type { Stage } from './stage.ts'

const assetDeclared = z.object({
  siteId: z.string(),
  assetIds: z.array(z.string()),
  /** Who said it and why, for the history of what changes by it. */
  by: z.string().optional(),
  reason: z.string().optional(),
})

/** Works out again what an asset is after somebody said something of it. */
export function applyDeclared(
  knowledge: Knowledge,
  precedence: Precedence,
): Stage<z.infer<typeof assetDeclared>> {
  return {
    name: 'apply-declarations',
    consumes: ['asset.declared'],
    payload: assetDeclared,
    async handle(trx, { siteId, assetIds, by, reason }, message) {
      if (by !== undefined) await actAs(trx, { by, cause: 'declared', reason })
      await identifyDeclared(trx, siteId, assetIds, knowledge, precedence)
      return [
        { subject: 'asset.changed', id: `asset/${message.id}`, payload: { siteId, assetIds } },
      ]
    },
  }
}

/** Seen assets by what was seen and is said, the others by what is said alone. */
export async function identifyDeclared(
  trx: Trx,
  siteId: string,
  assetIds: readonly string[],
  knowledge: Knowledge,
  precedence: Precedence,
): Promise<void> {
  const now = Date.now()
  await lockAssets(trx, assetIds)
  const unseen = await unseenOf(trx, assetIds)
  const seen = assetIds.filter((id) => !unseen.has(id))
  await saveUnseenAssets(trx, siteId, [...unseen], precedence, now)
  await identifyAssets(trx, siteId, seen, { knowledge, precedence, now })
  await placeDeclared(trx, assetIds)
  await tellChange(trx, 'asset.changed', siteId, assetIds)
}
