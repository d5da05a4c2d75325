/** A pair of a device that is seen but not recorded, and one that is recorded but never seen. */
export interface Suggestion {
  readonly strangerId: string
  readonly ghostId: string
  readonly label: string
  readonly score: number
  readonly reasons: readonly string[]
}

interface Half {
  readonly assetId: string
  readonly label: string
  readonly manufacturer: string | undefined
  readonly model: string | undefined
  readonly unit: string | undefined
}

const SAME_KIND = 0.6
const SAME_UNIT = 0.25

/** Suggests which stranger may be which ghost: the same model, surer the fewer there are of it and in the same unit. */
export function suggestPairs(
  strangers: readonly Half[],
  ghosts: readonly Half[],
): readonly Suggestion[] {
  const kindOf = ({ manufacturer, model }: Half) =>
    `${manufacturer?.toLowerCase()}|${model?.toLowerCase()}`
  const byKind = Map.groupBy(
    ghosts.filter(({ model }) => model !== undefined),
    kindOf,
  )
  return strangers.flatMap((stranger) => {
    const same = stranger.model === undefined ? [] : (byKind.get(kindOf(stranger)) ?? [])
    return same
      .slice(0, 20)
      .map((ghost) => {
        const isNear =
          ghost.unit !== undefined && ghost.unit.toLowerCase() === stranger.unit?.toLowerCase()
        const score = Math.round((SAME_KIND / same.length + (isNear ? SAME_UNIT : 0)) * 1000) / 1000
        const few =
          same.length === 1
            ? 'the only one of its model that was never seen'
            : `one of ${same.length} of its model that were never seen`
        const reasons = [`It is ${few}.`, ...(isNear ? [`Both are of ${ghost.unit}.`] : [])]
        return {
          strangerId: stranger.assetId,
          ghostId: ghost.assetId,
          label: ghost.label,
          score,
          reasons,
        }
      })
      .toSorted((a, b) => b.score - a.score)
      .slice(0, 3)
  })
}
