import type { RiskPreview } from '@wardkeeper/contract'
import { RISK_LEVELS, scoreRisk, type RiskInputs, type RiskMethod } from '@wardkeeper/core'
import type { Executor } from '../store/database.ts'
import { readStoredRisk, type RiskFilter } from '../store/risk-reads.ts'

const SHOWN = 100

/** Scores devices again with other inputs or another method, and says what moves. Nothing is stored. */
export async function previewRisk(
  db: Executor,
  sites: readonly string[] | undefined,
  filter: RiskFilter,
  after: (inputs: RiskInputs) => { readonly inputs: RiskInputs; readonly method: RiskMethod },
): Promise<RiskPreview> {
  const none = () =>
    Object.fromEntries(RISK_LEVELS.map((band) => [band, 0])) as RiskPreview['before']
  const sum = { total: 0, before: none(), after: none(), tenths: 0, changed: 0, movedBand: 0 }
  const moved: RiskPreview['items'] = []
  for await (const rows of readStoredRisk(db, sites, filter)) {
    for (const row of rows) {
      const next = after(row.inputs)
      const score = scoreRisk(next.inputs, next.method)
      sum.total++
      sum.before[row.band]++
      sum.after[score.band]++
      if (score.number === row.number) continue
      sum.changed++
      sum.tenths += Math.round((score.number - row.number) * 10)
      if (score.band !== row.band) sum.movedBand++
      moved.push({
        id: row.id,
        label: row.label,
        before: row.number,
        after: score.number,
        from: row.band,
        to: score.band,
      })
    }
  }
  const size = ({ before, after: next, from, to }: RiskPreview['items'][number]) =>
    Math.abs(next - before) + (from === to ? 0 : 1000)
  const { tenths, ...counts } = sum
  return {
    ...counts,
    change: tenths / 10,
    items: moved.toSorted((one, other) => size(other) - size(one)).slice(0, SHOWN),
  }
}
