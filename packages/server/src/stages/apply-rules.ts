import type { z } from 'zod'
import type { Content } from '../content/load.ts'
import { applyRules } from '../store/apply-rules.ts'
import { lockAssets } from '../store/assets.ts'
import { shareRegrouping } from '../store/merge.ts'
import { readRules } from '../store/rules.ts'
import { assetChanged } from './messages.ts'
import type { Stage } from './stage.ts'

/** Holds the hospital's rules against devices that changed: medical or not, and who answers for them. */
export function applyInventoryRules({
  knowledge,
  rules: content,
}: Content): Stage<z.infer<typeof assetChanged>> {
  return {
    name: 'apply-rules',
    consumes: ['asset.changed'],
    payload: assetChanged,
    course: 'behind',
    async handle(trx, { siteId, assetIds }) {
      await shareRegrouping(trx, siteId)
      // Before the rules are read: whoever puts others into force meanwhile has written them down by then.
      await lockAssets(trx, assetIds)
      const rules = await readRules(trx, siteId, content)
      const today = new Date().toISOString().slice(0, 10)
      const { vocabulary } = knowledge
      await applyRules(trx, siteId, assetIds, rules, { vocabulary, today, by: 'rules' })
      return []
    },
  }
}
