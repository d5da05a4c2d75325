import type { Discrepancy } from './discrepancies.ts'

/** One record as far as it tells whether another one is the same device. */
export interface TwinView {
  readonly assetId: string
  readonly label: string
  readonly manufacturer: string | undefined
  readonly model: string | undefined
  readonly hostname: string | undefined
  /** Milliseconds since 1970. */
  readonly firstSeen: number
  readonly lastSeen: number
  readonly certificates: readonly string[]
  readonly aeTitles: readonly string[]
  readonly stations: readonly string[]
}

/** A question with the record that is probably the same device, the one to be kept. */
export interface TwinQuestion extends Discrepancy {
  readonly kind: 'seen-twice'
  readonly candidates: readonly {
    readonly assetId: string
    readonly label: string
    readonly score: number
    readonly reasons: readonly string[]
  }[]
}

/** How sure one thing in common makes us, and how it is said. */
interface Likeness {
  readonly score: number
  readonly says: (value: string) => string
  readonly valuesOf: (view: TwinView) => readonly string[]
}

/** A name and a model alone may also be a new device in the place of the old one. */
const PROBABLE = 0.7

const LIKENESSES: readonly Likeness[] = [
  {
    score: 0.9,
    says: (value) => `Both show the certificate whose digest begins with ${value.slice(0, 16)}`,
    valuesOf: ({ certificates }) => certificates,
  },
  {
    score: 0.8,
    says: (value) => `Both are the DICOM station ${value.replace('\n', ' with the AE title ')}`,
    // Who passes on the objects of many stations is an archive, and its title says nothing of them.
    valuesOf: ({ aeTitles, stations }) =>
      stations.length === 1 ? aeTitles.map((title) => `${stations[0]}\n${title}`) : [],
  },
  {
    score: 0.6,
    says: (value) => `Both are a ${value.replace('\n', ' with the name ')}`,
    valuesOf: ({ model, hostname, manufacturer }) =>
      model === undefined || hostname === undefined
        ? []
        : [`${[manufacturer, model].filter(Boolean).join(' ')}\n${hostname.toLowerCase()}`],
  },
]

/**
 * Records that are probably one device: it got another network card, or is known by its addresses alone and got
 * another. They share a certificate, or station and AE title, or name and model; one was seen no more before the
 * other was first seen; and nothing else shows the same at the same time, which a default of the maker would.
 */
export function findTwins(
  views: readonly TwinView[],
  isApart: (one: string, other: string) => boolean = () => false,
): readonly TwinQuestion[] {
  const pairs = new Map<string, { earlier: TwinView; later: TwinView; shared: Shared[] }>()
  for (const likeness of LIKENESSES) {
    for (const [value, holders] of holdersOf(likeness, views)) {
      for (const [earlier, later] of successionOf(holders)) {
        if (isApart(earlier.assetId, later.assetId) || isOtherDevice(earlier, later)) continue
        const key = `${earlier.assetId} ${later.assetId}`
        const pair = pairs.get(key) ?? { earlier, later, shared: [] }
        pair.shared.push({ score: likeness.score, says: `${likeness.says(value)}.` })
        pairs.set(key, pair)
      }
    }
  }
  return [...pairs.values()].map(questionOf)
}

interface Shared {
  readonly score: number
  readonly says: string
}

function holdersOf(
  { valuesOf }: Likeness,
  views: readonly TwinView[],
): ReadonlyMap<string, readonly TwinView[]> {
  const holders = new Map<string, TwinView[]>()
  for (const view of views) {
    for (const value of new Set(valuesOf(view))) {
      const before = holders.get(value)
      if (before === undefined) holders.set(value, [view])
      else before.push(view)
    }
  }
  return holders
}

/** Each holder with the next one; none where two held it at the same time. */
function successionOf(holders: readonly TwinView[]): readonly (readonly [TwinView, TwinView])[] {
  const inTurn = holders.toSorted(
    (a, b) => a.firstSeen - b.firstSeen || (a.assetId < b.assetId ? -1 : 1),
  )
  const pairs = inTurn.slice(1).map((later, index) => [inTurn[index]!, later] as const)
  return pairs.every(([earlier, later]) => earlier.lastSeen < later.firstSeen) ? pairs : []
}

/** Two makers or models that are both known and not the same. */
function isOtherDevice(one: TwinView, other: TwinView): boolean {
  const differs = (a: string | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && a !== b
  return differs(one.manufacturer, other.manufacturer) || differs(one.model, other.model)
}

function questionOf({
  earlier,
  later,
  shared,
}: {
  readonly earlier: TwinView
  readonly later: TwinView
  readonly shared: readonly Shared[]
}): TwinQuestion {
  const day = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ')
  const reasons = [
    ...shared.map(({ says }) => says),
    `${earlier.label} was seen last on ${day(earlier.lastSeen)} UTC, ${later.label} first on ${day(later.firstSeen)} UTC, never both at once.`,
  ]
  const score = 1 - shared.reduce((rest, { score: one }) => rest * (1 - one), 1)
  return {
    kind: 'seen-twice',
    question: `seen-twice:${earlier.assetId}:${later.assetId}`,
    title: `${later.label} ${score < PROBABLE ? 'may be' : 'is probably'} ${earlier.label} with another address`,
    assetId: later.assetId,
    reasons,
    differences: [],
    candidates: [{ assetId: earlier.assetId, label: earlier.label, score, reasons }],
  }
}
