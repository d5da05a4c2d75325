import type { InUse } from '../vocabulary.ts'
import { applyAction, type RiskAction } from './action.ts'
import type { RiskControl, RiskDevice, RiskInputs } from './inputs.ts'
import type { ControlKind, LegacyState, ReachLevel } from './method.ts'

/** A change of what is known of assets, to see what their scores would be. What is left out stays as it is. */
export interface WhatIf {
  readonly reach?: ReachLevel | 'unknown' | undefined
  readonly legacy?: LegacyState | 'unknown' | undefined
  readonly inUse?: InUse | undefined
  readonly dependants?: number | undefined
  readonly device?: RiskDevice | undefined
  /** Every advisory finding gets, or loses, an exploit that is known to be used. */
  readonly isKnownExploited?: boolean | undefined
  readonly withoutAdvisories?: boolean | undefined
  readonly withoutWeaknesses?: boolean | undefined
  /** Controls as if observed to work. */
  readonly addControls?: readonly ControlKind[] | undefined
  readonly withoutControls?: boolean | undefined
  readonly actions?: readonly RiskAction[] | undefined
}

/** The inputs as they would be. Nothing is stored: a preview. */
export function suppose(inputs: RiskInputs, change: WhatIf): RiskInputs {
  const { reach: _reach, legacy: _legacy, ...rest } = inputs
  const next: RiskInputs = {
    ...rest,
    ...reachAfter(inputs, change),
    ...legacyAfter(inputs, change),
    device: change.device ?? inputs.device,
    inUse: change.inUse ?? inputs.inUse,
    findings: findingsAfter(inputs, change),
    controls: controlsAfter(inputs, change),
    ...(change.dependants === undefined ? {} : { dependants: change.dependants }),
  }
  return (change.actions ?? []).reduce(applyAction, next)
}

function reachAfter({ reach }: RiskInputs, change: WhatIf): Pick<RiskInputs, 'reach'> {
  if (change.reach === 'unknown') return {}
  if (change.reach !== undefined) return { reach: { level: change.reach } }
  return reach === undefined ? {} : { reach }
}

function legacyAfter({ legacy }: RiskInputs, change: WhatIf): Pick<RiskInputs, 'legacy'> {
  if (change.legacy === 'unknown') return {}
  if (change.legacy !== undefined) return { legacy: { state: change.legacy, what: 'supposed' } }
  return legacy === undefined ? {} : { legacy }
}

function findingsAfter({ findings }: RiskInputs, change: WhatIf): RiskInputs['findings'] {
  const { isKnownExploited, withoutAdvisories, withoutWeaknesses } = change
  return findings
    .filter(({ kind }) => !(kind === 'advisory' ? withoutAdvisories : withoutWeaknesses))
    .map((finding) =>
      isKnownExploited === undefined || finding.kind === 'weakness'
        ? finding
        : { ...finding, isKnownExploited },
    )
}

function controlsAfter({ controls }: RiskInputs, change: WhatIf): readonly RiskControl[] {
  const kept = change.withoutControls === true ? [] : controls
  return [...kept, ...(change.addControls ?? []).map((kind) => ({ id: 'supposed', kind }))]
}
