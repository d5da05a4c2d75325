/** What held when a decision on a finding was taken. */
export interface DecisionBasis {
  readonly manufacturer?: string | null
  readonly model?: string | null
  readonly version?: string | null
  readonly isExploited?: boolean
}

/**
 * Why a decision no longer stands, or undefined while it does. What was accepted is looked at again when an exploit
 * becomes known or the device changes; what was called untrue stays so while it is the same model.
 */
export function whyDecisionEnds(
  decision: 'accept' | 'suppress',
  then: DecisionBasis,
  now: DecisionBasis,
): string | undefined {
  const isOther = (one: string | null | undefined, other: string | null | undefined) =>
    one !== undefined && (one ?? '') !== (other ?? '')
  if (isOther(then.manufacturer, now.manufacturer) || isOther(then.model, now.model)) {
    return `It was decided for ${then.manufacturer ?? 'an unknown maker'} ${then.model ?? ''}; the device is ${now.manufacturer ?? 'unknown'} ${now.model ?? ''} now.`
  }
  if (decision === 'suppress') return undefined
  if (then.isExploited === false && now.isExploited === true) {
    return 'Since it was accepted an exploit is known to be used.'
  }
  if (isOther(then.version, now.version)) {
    return `It was accepted for version ${then.version ?? 'unknown'}; the device has ${now.version ?? 'an unknown one'} now.`
  }
  return undefined
}
