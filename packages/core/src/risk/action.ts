import type { RiskInputs } from './inputs.ts'
import type { ActionKind, RiskMethod } from './method.ts'
import { RISK_LEVELS } from './method.ts'
import { scoreRisk } from './score.ts'

/** One deed that would change the inputs of one or more assets. */
export interface RiskAction {
  readonly kind: ActionKind
  /** The remedy of findings, or the model or type that it is done to. */
  readonly subject: string
}

/** An asset as ranking needs it. */
export interface RiskyAsset {
  readonly id: string
  readonly label: string
  readonly manufacturer?: string
  readonly model?: string
  readonly unit?: string
  readonly inputs: RiskInputs
}

export interface RankedAction extends RiskAction {
  readonly assetIds: readonly string[]
  /** Sum of the points that the scores of these assets fall by, by scoring each again. */
  readonly reduction: number
  /** Assets that are high or very high now and would not be afterwards. */
  readonly noLongerRisky: number
  readonly hours: number
  readonly perHour: number
}

const KINDS: Readonly<Record<string, ActionKind>> = {
  patch: 'patch',
  recall: 'patch',
  configure: 'configure',
}

/** What can be done about one asset. */
export function actionsFor({ inputs, manufacturer, model }: RiskyAsset): readonly RiskAction[] {
  const remedies = [...new Set(inputs.findings.map(({ remedy }) => remedy))]
  const { reach, legacy, device } = inputs
  const isOpen =
    reach !== undefined && reach.level !== 'same-segment' && reach.level !== 'none-seen'
  const isOld = legacy?.state === 'ended' || legacy?.state === 'long-ended'
  const product = model === undefined ? '' : [manufacturer, model].filter(Boolean).join(' ')
  return [
    ...remedies.map((subject) => ({
      kind: KINDS[subject.slice(0, subject.indexOf(':'))] ?? ('mitigate' as const),
      subject,
    })),
    ...(isOpen && device.type !== undefined
      ? [{ kind: 'segment' as const, subject: device.type }]
      : []),
    ...(isOld && product !== '' ? [{ kind: 'replace' as const, subject: product }] : []),
  ]
}

/** The inputs as they would be once the action is done and seen to work. */
export function applyAction(inputs: RiskInputs, { kind, subject }: RiskAction): RiskInputs {
  if (kind === 'segment') {
    return { ...inputs, reach: { level: 'same-segment' } }
  }
  if (kind === 'replace') {
    const legacy = { state: 'supported' as const, what: 'a supported model' }
    return { ...inputs, isMatched: true, findings: [], legacy }
  }
  return { ...inputs, findings: inputs.findings.filter(({ remedy }) => remedy !== subject) }
}

const RISKY = RISK_LEVELS.indexOf('high')

/** Every action on these assets, by what it lowers for each hour of a technician; those that lower nothing are left out. */
export function rankActions(
  assets: Iterable<RiskyAsset>,
  method: RiskMethod,
): readonly RankedAction[] {
  const ranking = new ActionRanking(method)
  for (const asset of assets) ranking.add(asset)
  return ranking.finish()
}

interface Sum {
  readonly action: RiskAction
  readonly assetIds: string[]
  reduction: number
  noLongerRisky: number
  hours: number
}

/** Adds assets up one at a time, so that a large site need not be held at once. */
export class ActionRanking {
  readonly #method: RiskMethod
  readonly #sums = new Map<string, Sum>()

  constructor(method: RiskMethod) {
    this.#method = method
  }

  add(asset: RiskyAsset): void {
    const before = scoreRisk(asset.inputs, this.#method)
    const isRisky = RISK_LEVELS.indexOf(before.band) >= RISKY
    for (const action of actionsFor(asset)) {
      const after = scoreRisk(applyAction(asset.inputs, action), this.#method)
      const points = before.number - after.number
      if (points <= 0) continue
      const sum = this.#sumOf(action)
      const effort = this.#method.effort[action.kind]
      sum.assetIds.push(asset.id)
      sum.reduction += Math.round(points * 10)
      sum.hours += asset.inputs.device.isClinical === false ? effort.each : effort.clinical
      if (isRisky && RISK_LEVELS.indexOf(after.band) < RISKY) sum.noLongerRisky++
    }
  }

  finish(): readonly RankedAction[] {
    return [...this.#sums.values()]
      .map(({ action, assetIds, reduction, noLongerRisky, hours }) => ({
        ...action,
        assetIds,
        reduction: reduction / 10,
        noLongerRisky,
        hours: Math.round(hours * 100) / 100,
        perHour: Math.round((reduction * 10) / Math.max(hours, 0.01)) / 100,
      }))
      .toSorted((one, other) => other.perHour - one.perHour || other.reduction - one.reduction)
  }

  #sumOf(action: RiskAction): Sum {
    const key = `${action.kind} ${action.subject}`
    const known = this.#sums.get(key)
    if (known !== undefined) return known
    const hours = this.#method.effort[action.kind].once
    const sum: Sum = { action, assetIds: [], reduction: 0, noLongerRisky: 0, hours }
    this.#sums.set(key, sum)
    return sum
  }
}
