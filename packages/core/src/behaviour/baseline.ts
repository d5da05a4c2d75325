import type { Baseline } from '../vocabulary.ts'
import type { SeenFlow } from './flow.ts'
import type { LearningSettings } from './settings.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A baseline that knows nothing yet. */
export function startBaseline(assetId: string, now: number): Baseline {
  return {
    assetId,
    stage: 'learning',
    completeness: 0,
    started: now,
    updated: now,
    days: [],
    hours: [],
    known: {},
  }
}

/** Takes flows into what is normal. The same flow again changes nothing but its count. */
export function learn(
  baseline: Baseline,
  flows: readonly SeenFlow[],
  settings: LearningSettings,
): Baseline {
  const known = { ...baseline.known }
  for (const { key, flow } of flows) {
    const before = known[key]
    known[key] = {
      first: Math.min(before?.first ?? flow.first, flow.first),
      last: Math.max(before?.last ?? flow.last, flow.last),
      count: (before?.count ?? 0) + flow.sessions,
    }
  }
  return rate({ ...baseline, known }, flows, settings)
}

function rate(
  baseline: Baseline,
  flows: readonly SeenFlow[],
  settings: LearningSettings,
): Baseline {
  const times = flows.map(({ flow }) => flow.first)
  const days = withAll(
    baseline.days,
    times.map((time) => Math.floor(time / DAY)),
  )
  const hours = withAll(baseline.hours ?? [], times.map(hourOfWeek))
  const ofDays = Math.min(1, days.length / settings.minimumDays)
  const ofHours = Math.min(1, hours.length / settings.minimumHours)
  const isEnough = baseline.stage === 'watching' || days.length >= settings.minimumDays
  return {
    ...baseline,
    stage: isEnough ? 'watching' : 'learning',
    completeness: Math.max(baseline.completeness, (ofDays + ofHours) / 2),
    updated: Math.max(baseline.updated, ...times),
    days,
    hours,
  }
}

/** 0 to 167, from Thursday 00:00 UTC on, the first hour of 1970. */
function hourOfWeek(time: number): number {
  return Math.floor(time / HOUR) % 168
}

function withAll(list: readonly number[], added: readonly number[]): readonly number[] {
  const all = new Set([...list, ...added])
  return all.size === list.length ? list : [...all].sort((a, b) => a - b)
}
