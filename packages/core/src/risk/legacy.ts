import type { LegacyState, RiskMethod } from './method.ts'

/** An operating system and the day after which its maker mends it no more. */
export interface SupportEnd {
  readonly name: string
  /** Begin of the name as claims carry it, or the whole of it when it ends with `$`. */
  readonly names: readonly string[]
  /** ISO date. */
  readonly ends: string
}

/** The entry for an operating system: the longest name that it begins with. */
export function supportEndOf(os: string, list: readonly SupportEnd[]): SupportEnd | undefined {
  const own = os.toLowerCase()
  let best: { entry: SupportEnd; length: number } | undefined
  for (const entry of list) {
    for (const name of entry.names) {
      if (fits(own, name.toLowerCase()) && name.length > (best?.length ?? 0)) {
        best = { entry, length: name.length }
      }
    }
  }
  return best?.entry
}

function fits(os: string, name: string): boolean {
  if (name.endsWith('$')) return os === name.slice(0, -1)
  return os === name || os.startsWith(`${name} `) || os.startsWith(`${name}.`)
}

/** How far past the end of support a day is. */
export function legacyState(ends: string, now: number, { legacy }: RiskMethod): LegacyState {
  const days = (now - Date.parse(ends)) / 86_400_000
  if (days > legacy.longYears * 365) return 'long-ended'
  if (days > 0) return 'ended'
  return days > -legacy.endingDays ? 'ending' : 'supported'
}
