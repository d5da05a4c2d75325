import type { MapNode } from '@wardkeeper/contract'
import type { MapPaint } from '../../app/views.ts'
import { say } from '../../ui/words.ts'

export type Paint = MapPaint

type Painted = Pick<MapNode, 'severity' | 'category' | 'state' | 'inUse'>

/** A colour that reads on a light and on a dark ground; what is not known is grey, never green. */
const UNKNOWN = '#8a97a3'
const SEVERITY: Readonly<Record<string, string>> = {
  critical: '#d03535',
  high: '#d9722b',
  medium: '#b8951c',
  low: '#4b8db8',
}
const STATE: Readonly<Record<string, string>> = {
  active: '#3a9a68',
  quiet: '#4b8db8',
  missing: '#d03535',
  expected: '#b8951c',
  'in-repair': '#d9722b',
}
/** Twelve hues for families of devices; the words beside them tell apart what the eye may not. */
const HUES = [
  '#3b82c4',
  '#d9722b',
  '#3a9a68',
  '#9a63c9',
  '#c24f8a',
  '#8a7a2e',
  '#2f9fa8',
  '#a8623f',
  '#6575d8',
  '#6f9a35',
  '#b05a5a',
  '#5d8f8a',
]

/** The families met most, so that these have a hue of their own. */
const USUAL = [
  'infusion',
  'monitoring',
  'imaging',
  'laboratory',
  'building',
  'it-infrastructure',
  'computing',
  'office',
  'clinical-it',
  'mobile',
  'security',
  'respiratory',
]

export interface Look {
  readonly colour: string
  /** What the colour says. */
  readonly words: string
}

/** How one device is painted, and the words for it. */
export function lookOf(node: Painted, paint: Paint): Look {
  if (paint === 'risk') {
    return node.severity === undefined
      ? { colour: UNKNOWN, words: 'no open finding' }
      : { colour: SEVERITY[node.severity] ?? UNKNOWN, words: say(node.severity) }
  }
  if (paint === 'state') {
    return { colour: STATE[node.state] ?? UNKNOWN, words: say(node.state) }
  }
  if (node.category === undefined) return { colour: UNKNOWN, words: 'not known' }
  const place = USUAL.indexOf(node.category)
  const hue = HUES[(place < 0 ? hashOf(node.category) : place) % HUES.length]
  return { colour: hue ?? UNKNOWN, words: say(node.category) }
}

function hashOf(text: string): number {
  let hash = 7
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003
  return hash
}

/** What the colours of these devices mean, the most frequent first. */
export function legendOf(
  nodes: readonly Painted[],
  paint: Paint,
): readonly (Look & { readonly count: number })[] {
  const counts = new Map<string, Look & { count: number }>()
  for (const node of nodes) {
    const look = lookOf(node, paint)
    const before = counts.get(look.words)
    counts.set(look.words, { ...look, count: (before?.count ?? 0) + 1 })
  }
  return [...counts.values()].toSorted((one, other) => other.count - one.count)
}
