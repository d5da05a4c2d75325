import type { RiskFinding, RiskInputs } from './inputs.ts'
import type { RiskFactorId, RiskMethod } from './method.ts'
import { harmClassOf } from './parts.ts'
import { scoreRisk } from './score.ts'

/** Why a factor has its value, where that was read, and what to look at. */
export interface FactorReason {
  readonly says: string
  readonly source: string
  /** A finding, the asset's own traffic, or a control. */
  readonly evidence?: {
    readonly kind: 'finding' | 'communications' | 'control'
    readonly id: string
  }
}

const REACH = {
  internet: 'Called from the internet',
  'internet-out': 'Calls out to the internet',
  'other-zones': 'In contact with other zones',
  'same-segment': 'In contact with its own segment only',
  'none-seen': 'No contact seen',
} as const

const LEGACY = {
  supported: 'is supported',
  ending: 'is supported, though not for long',
  ended: 'is no longer supported',
  'long-ended': 'has not been supported for years',
} as const

const HARM = {
  'life-support': 'A life may hang on it',
  'class-3': 'A medical device of the highest class',
  regulated: 'A medical device',
  clinical: 'Serves care, though it is no medical device',
  other: 'Serves no patient',
} as const

/** One sentence for each factor. */
export function sayFactors(
  inputs: RiskInputs,
  method: RiskMethod,
): Readonly<Record<RiskFactorId, FactorReason>> {
  return {
    exploit: sayExploit(inputs, method),
    weakness: sayWeakness(inputs, method),
    legacy: sayLegacy(inputs),
    reach: sayReach(inputs),
    control: sayControls(inputs),
    patient: sayPatient(inputs),
    data: { says: sayKind(inputs, 'Patient data by what it is'), source: 'kind of device' },
    operation: sayOperation(inputs),
  }
}

/** The finding without which the score would fall most. */
function worstOf(
  inputs: RiskInputs,
  kind: RiskFinding['kind'],
  method: RiskMethod,
): RiskFinding | undefined {
  const alone = (finding: RiskFinding) =>
    scoreRisk({ ...inputs, reach: { level: 'internet' }, findings: [finding] }, method).number
  return inputs.findings
    .filter((finding) => finding.kind === kind)
    .map((finding) => ({ finding, number: alone(finding) }))
    .toSorted((one, other) => other.number - one.number)[0]?.finding
}

function sayExploit(inputs: RiskInputs, method: RiskMethod): FactorReason {
  const worst = worstOf(inputs, 'advisory', method)
  const stranger = inputs.isMatched
    ? ''
    : ' Maker or model is not known, so that advisories cannot be held against it.'
  if (worst === undefined) {
    const says = inputs.isMatched ? 'No open advisory.' : stranger.trim()
    return { says, source: 'advisories' }
  }
  return {
    says: `${worst.subject}: ${sayVerdict(worst)}, ${saySignals(worst)}.${sayMore(inputs, 'advisory')}${stranger}`,
    source: 'KEV, SSVC, EPSS, advisories',
    evidence: { kind: 'finding', id: worst.findingId },
  }
}

function sayVerdict({ verdict, isAccepted }: RiskFinding): string {
  const words = verdict === 'affected' ? 'affected' : `${verdict.replace('-', ' ')}`
  return isAccepted === true ? `${words} (accepted, and there all the same)` : words
}

function saySignals({ isKnownExploited, ssvc, epss, severity }: RiskFinding): string {
  const said = [
    ...(isKnownExploited === true ? ['exploits are known to be used'] : []),
    ...(ssvc === undefined
      ? []
      : [
          {
            active: 'exploitation is active',
            poc: 'a proof of concept is public',
            none: 'no exploitation is known',
          }[ssvc],
        ]),
    ...(epss === undefined
      ? []
      : [`${Math.round(epss * 1000) / 10} % likely to be exploited in 30 days`]),
  ]
  return said.length === 0
    ? `exploitation is not known, taken by its severity (${severity})`
    : said.join(', ')
}

function sayMore({ findings }: RiskInputs, kind: RiskFinding['kind']): string {
  const more =
    findings.filter((one) => one.kind === kind).reduce((sum, { count }) => sum + count, 0) - 1
  return more > 0 ? ` And ${more} more.` : ''
}

function sayWeakness(inputs: RiskInputs, method: RiskMethod): FactorReason {
  const worst = worstOf(inputs, 'weakness', method)
  if (worst === undefined) {
    const says =
      inputs.reach === undefined
        ? 'Not known: no traffic of it was seen.'
        : 'None seen in its traffic.'
    return { says, source: 'traffic' }
  }
  return {
    says: `${worst.subject} (${worst.severity}).${sayMore(inputs, 'weakness')}`,
    source: 'traffic',
    evidence: { kind: 'finding', id: worst.findingId },
  }
}

function sayLegacy({ legacy }: RiskInputs): FactorReason {
  if (legacy === undefined) {
    return { says: 'Not known: neither the system nor its support dates.', source: 'support dates' }
  }
  const until = legacy.until === undefined ? '' : ` (until ${legacy.until})`
  return { says: `${legacy.what} ${LEGACY[legacy.state]}${until}.`, source: 'support dates' }
}

function sayReach({ reach }: RiskInputs): FactorReason {
  if (reach === undefined) {
    return { says: 'Not known: no traffic of it was seen.', source: 'recorded flows' }
  }
  const service = reach.service === undefined ? '' : ` (${reach.service})`
  return {
    says: `${REACH[reach.level]}${service}.`,
    source: 'recorded flows',
    evidence: { kind: 'communications', id: reach.peer ?? '' },
  }
}

function sayControls({ controls }: RiskInputs): FactorReason {
  const [first] = controls
  if (first === undefined) return { says: 'None that is observed to work.', source: 'controls' }
  const kinds = [...new Set(controls.map(({ kind }) => kind.replace('-', ' ')))]
  return {
    says: `Observed to work: ${kinds.join(', ')}.`,
    source: 'controls',
    evidence: { kind: 'control', id: first.id },
  }
}

function sayPatient({ device, inUse }: RiskInputs): FactorReason {
  const harm = harmClassOf(device)
  const what = harm === undefined ? 'What it is is not known' : HARM[harm]
  const use = {
    'in-use': 'in use',
    'not-in-use': 'not in use',
    unknown: 'use not known, which counts as in use',
  }[inUse]
  return { says: `${what}; ${use}.`, source: 'kind of device, use' }
}

function sayKind({ device }: RiskInputs, words: string): string {
  const what = device.type ?? device.category
  return what === undefined ? 'Not known: its kind is not known.' : `${words} (${what}).`
}

function sayOperation(inputs: RiskInputs): FactorReason {
  const { dependants } = inputs
  const clients = dependants === undefined ? '' : ` ${dependants} devices were seen to use it.`
  return {
    says: `${sayKind(inputs, 'What stops by what it is')}${clients}`,
    source: 'kind of device, recorded flows',
  }
}
