import type { FindingView } from '@wardkeeper/contract'
import type { ReactNode } from 'react'
import { say } from './words.ts'

type Severity = FindingView['severity']
type Verdict = FindingView['verdict']
type Tone = Severity | 'neutral' | 'strong' | 'half' | 'good' | 'unknown'

const SHAPES: Readonly<Record<Tone, ReactNode>> = {
  critical: <path d="M3.5 0h5L12 3.5v5L8.5 12h-5L0 8.5v-5z" />,
  high: <path d="M6 0.5 12 11.5H0z" />,
  medium: <path d="M6 0 12 6 6 12 0 6z" />,
  low: <circle cx="6" cy="6" r="5" />,
  neutral: <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />,
  strong: <circle cx="6" cy="6" r="4.5" />,
  half: (
    <>
      <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M6 1.5a4.5 4.5 0 0 1 0 9z" />
    </>
  ),
  good: <path d="M1 6.5 4.5 10 11 2.5" fill="none" stroke="currentColor" strokeWidth="2.2" />,
  unknown: (
    <path
      d="M3.6 4a2.4 2.4 0 1 1 3.4 2.2c-.8.4-1 .8-1 1.6M6 10.4v.2"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
    />
  ),
}

/** A word with its shape: never colour alone. */
export function Mark({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={`mark ${tone}`}>
      <svg width="10" height="10" viewBox="0 0 12 12" fill="currentColor" aria-hidden="true">
        {SHAPES[tone]}
      </svg>
      {children}
    </span>
  )
}

export function SeverityMark({
  severity,
  count,
}: {
  readonly severity: Severity
  readonly count?: number | undefined
}) {
  return (
    <Mark tone={severity}>
      {say(severity)}
      {count === undefined ? '' : ` ${count}`}
    </Mark>
  )
}

const VERDICTS: Readonly<Record<Verdict, readonly [Tone, string]>> = {
  affected: ['strong', 'Affected'],
  'possibly-affected': ['half', 'Possibly affected'],
  'not-affected': ['good', 'Not affected'],
  disputed: ['neutral', 'Disputed'],
  unknown: ['unknown', 'Not known'],
}

export function VerdictMark({ verdict }: { readonly verdict: Verdict }) {
  const [tone, words] = VERDICTS[verdict]
  return <Mark tone={tone}>{words}</Mark>
}

const TONE_OF_STATE: Readonly<Record<string, Tone>> = {
  active: 'good',
  missing: 'strong',
  verified: 'good',
  closed: 'neutral',
  resolved: 'good',
  contradicted: 'strong',
  'not-observable': 'unknown',
  new: 'strong',
  raised: 'strong',
  failed: 'strong',
  silent: 'strong',
  running: 'good',
}

/** The state of anything that has states. Never in a colour of severity: those mean one thing only. */
export function StateMark({ state }: { readonly state: string }) {
  return <Mark tone={TONE_OF_STATE[state] ?? 'neutral'}>{say(state)}</Mark>
}

/** In use, not in use, or not known, which counts as in use. */
export function InUseMark({ inUse }: { readonly inUse: 'in-use' | 'not-in-use' | 'unknown' }) {
  if (inUse === 'in-use') return <Mark tone="strong">In use</Mark>
  if (inUse === 'not-in-use') return <Mark tone="neutral">Not in use</Mark>
  return (
    <span title="Nothing tells whether a patient depends on it now, so it counts as in use.">
      <Mark tone="unknown">In use? Not known</Mark>
    </span>
  )
}
