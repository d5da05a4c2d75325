import { getRules, previewRules, saveRules } from '@wardkeeper/contract'
import { faultsOf, Refusal } from '@wardkeeper/core'
import { sql } from 'kysely'
import { applyRules } from '../../store/apply-rules.ts'
import { judgeAssets, type Judged } from '../../store/judge-rules.ts'
import * as store from '../../store/rules.ts'
import { tellChange } from '../../store/changes.ts'
import { demandSite } from '../actor.ts'
import type { Routes } from '../context.ts'
import { record } from '../record.ts'
import { isoOf, present } from '../views.ts'

const MOST_SHOWN = 50

/** The hospital's own rules, tried on the inventory before they are in force. */
export const ruleRoutes: Routes = (serve, { database: { db }, content, siteId, now }) => {
  const { vocabulary } = content.knowledge
  const today = () => isoOf(now()).slice(0, 10)

  serve(getRules, async ({ actor }) => {
    demandSite(actor, siteId)
    const { medical, ownership, info } = await store.readRules(db, siteId, content.rules)
    const { rows } = await sql<{ medical: 'yes' | 'no' | null; count: number }>`
      select medical, count(*) as count from assets where site_id = ${siteId} and merged_into is null
      group by medical`.execute(db)
    const countOf = (value: string | null) => rows.find((row) => row.medical === value)?.count ?? 0
    const unowned = await store.countUnowned(db, siteId, today())
    const from = (origin: store.RuleSetInfo | undefined) =>
      origin && { by: origin.by, reason: origin.reason, since: isoOf(origin.since) }
    return {
      medical: medical as never,
      ownership: ownership as never,
      ...present({ medicalFrom: from(info.medical), ownershipFrom: from(info.ownership) }),
      counts: { yes: countOf('yes'), no: countOf('no'), undecided: countOf(null) },
      unowned: unowned.map(({ type, count }) => ({ ...present({ type }), count })),
    }
  })

  serve(previewRules, async ({ body, actor }) => {
    demandSite(actor, siteId)
    const current = await store.readRules(db, siteId, content.rules)
    const rules: store.RuleSets = { ...current, [body.kind]: body.rules }
    const preview = new Preview(body.kind)
    for await (const judged of judgeAssets(db, siteId, undefined, rules, vocabulary, today())) {
      for (const one of judged) preview.add(one)
    }
    return preview.answer(body.rules)
  })

  serve(saveRules, ({ body, actor }) =>
    db.transaction().execute(async (trx) => {
      demandSite(actor, siteId)
      const { kind, rules } = body.set
      const faults = faultsOf(rules)
      if (faults.length > 0) throw new Refusal('rules-with-faults', [...faults])
      const before = await store.readRules(trx, siteId, content.rules)
      const author = { by: actor.username, reason: body.reason }
      await store.replaceRules(trx, siteId, kind, rules, author, now())
      const after = await store.readRules(trx, siteId, content.rules)
      const by = `rules of ${actor.username}`
      const changed = await applyRules(trx, siteId, undefined, after, {
        vocabulary,
        today: today(),
        by,
      })
      await tellChange(trx, 'asset.changed', siteId, ['*'])
      const deed = {
        siteId,
        action: 'rules.replaced',
        kind: 'rules',
        id: kind,
        reason: body.reason,
        before: before[kind],
        after: rules,
        change: 'asset.changed',
      } as const
      await record(trx, actor, deed, now())
      return { changed }
    }),
  )
}

const UNDECIDED = 'undecided'

/** Adds up what rules would change. */
class Preview {
  readonly #kind: store.RuleKind
  readonly #before = new Map<string, number>()
  readonly #after = new Map<string, number>()
  readonly #byRule = new Map<string, number>()
  readonly #items: { id: string; label: string; before?: string; after?: string; rule?: string }[] =
    []
  #assets = 0
  #changed = 0

  constructor(kind: store.RuleKind) {
    this.#kind = kind
  }

  add({ asset, medical, ownership }: Judged): void {
    const isMedical = this.#kind === 'medical'
    const before = (isMedical ? asset.medical : asset.accountable) ?? undefined
    const after = isMedical ? medical?.outcome.medical : ownership?.outcome.accountable
    const rule = (isMedical ? medical : ownership)?.name
    this.#assets++
    count(this.#before, before ?? UNDECIDED)
    count(this.#after, after ?? UNDECIDED)
    if (rule !== undefined) count(this.#byRule, rule)
    if (before === after) return
    this.#changed++
    if (this.#items.length >= MOST_SHOWN) return
    this.#items.push({ id: asset.id, label: asset.label, ...present({ before, after, rule }) })
  }

  answer(rules: readonly { readonly name: string }[]) {
    const values = [...new Set([...this.#before.keys(), ...this.#after.keys()])].toSorted()
    return {
      assets: this.#assets,
      changed: this.#changed,
      outcomes: values.map((value) => ({
        value,
        before: this.#before.get(value) ?? 0,
        after: this.#after.get(value) ?? 0,
      })),
      rules: rules.map(({ name }) => ({ name, count: this.#byRule.get(name) ?? 0 })),
      items: this.#items,
    }
  }
}

function count(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
}
