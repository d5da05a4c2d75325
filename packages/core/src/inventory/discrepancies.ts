import type { AssetState, Claim } from '../vocabulary.ts'
import type { DeclaredDevice } from './fields.ts'
import { sameValue } from './precedence.ts'

export const RECONCILIATION_KINDS = [
  'ambiguous',
  'clone',
  'duplicate',
  'ghost',
  'moved',
  'proposal',
  'seen-twice',
  'stranger',
  'vanished',
  'wrong-model',
  'wrong-version',
] as const
export type ReconciliationKind = (typeof RECONCILIATION_KINDS)[number]

/** What a record says of a device, and since when. */
export interface RecordView {
  readonly id: string
  readonly source: string
  readonly nativeKey: string
  readonly body: DeclaredDevice
  readonly since: number
}

/** An asset as reconciliation looks at it: what was seen of it, and what is said of it. */
export interface AssetView {
  readonly assetId: string
  readonly label: string
  readonly state: AssetState
  readonly isSeen: boolean
  readonly lastSeen: number
  /** Of a clinical family, or a regulated type: it should be in the records. */
  readonly isClinical: boolean
  readonly ips: readonly string[]
  readonly unit: string | undefined
  readonly claims: readonly Claim[]
  readonly records: readonly RecordView[]
  /** Attributes that a person has settled. */
  readonly settled: ReadonlySet<string>
}

/** Where we listen: without it "not seen" says nothing. */
export interface Coverage {
  readonly isListening: boolean
  /** First three numbers of addresses from which something was seen lately: `10.4.7`. */
  readonly subnets: ReadonlySet<string>
  readonly units: ReadonlySet<string>
}

export interface ReconcileSettings {
  /** A record must be so old before its device is missed, days. */
  readonly ghostAfterDays: number
  /** Sum of log-odds from which an observed value is held against a record. */
  readonly observedFrom: number
}

export interface Difference {
  readonly attribute: string
  readonly declared: string | undefined
  readonly observed: string | undefined
}

/** A question that reconciliation asks. `question` is the same for the same disagreement, and for no other. */
export interface Discrepancy {
  readonly kind: ReconciliationKind
  readonly question: string
  readonly title: string
  readonly assetId: string
  readonly recordId?: string
  readonly reasons: readonly string[]
  readonly differences: readonly Difference[]
}

export interface Judged {
  readonly items: readonly Discrepancy[]
  /** How the asset counts in the match rate. */
  readonly standing: 'matched' | 'ghost' | 'not-observable' | 'stranger' | 'unconnected' | 'aside'
}

const DAY = 86_400_000
const AWAY: ReadonlySet<AssetState> = new Set(['in-repair', 'stored', 'retired', 'disposed'])

/** Holds what is said of one asset against what was seen of it. */
export function judgeAsset(
  view: AssetView,
  coverage: Coverage,
  settings: ReconcileSettings,
  now: number,
): Judged {
  const duplicates = findDuplicates(view)
  if (view.records.length === 0) {
    if (!view.isSeen || !view.isClinical || view.state === 'disposed' || view.state === 'retired')
      return { items: [], standing: 'aside' }
    return { items: [strangerOf(view)], standing: 'stranger' }
  }
  if (view.isSeen)
    return {
      items: [...duplicates, ...findDifferences(view, settings), ...findMoves(view)],
      standing: 'matched',
    }
  if (
    AWAY.has(view.state) ||
    view.settled.has('connected') ||
    !view.records.some(({ body }) => isExpectedOnline(body))
  )
    return { items: duplicates, standing: 'unconnected' }
  const listening = whereWeListen(view, coverage)
  if (listening === undefined) return { items: duplicates, standing: 'not-observable' }
  const since = Math.min(...view.records.map((record) => record.since))
  if (now - since < settings.ghostAfterDays * DAY) return { items: duplicates, standing: 'ghost' }
  return {
    items: [...duplicates, ghostOf(view, listening, Math.floor((now - since) / DAY))],
    standing: 'ghost',
  }
}

/** Should a device with this record show up on the network? */
function isExpectedOnline(body: DeclaredDevice): boolean {
  if (body.connected !== undefined) return body.connected === 'yes'
  return (body.macs ?? []).length > 0 || (body.ips ?? []).length > 0 || body.hostname !== undefined
}

/** Why we would have seen the device if it were there; undefined when we might not have. */
function whereWeListen({ records, unit }: AssetView, coverage: Coverage): string | undefined {
  if (!coverage.isListening) return undefined
  const ips = records.flatMap(({ body }) => body.ips ?? [])
  const subnet = ips.map(subnetOf).find((one) => coverage.subnets.has(one))
  if (subnet !== undefined) return `We hear other devices of ${subnet}.0/24, where it should be.`
  // An address outside of everything that we hear: the device is where we are blind.
  if (ips.length > 0) return undefined
  const units = [unit, ...records.map(({ body }) => body.unit)].filter((one) => one !== undefined)
  const heard = units.find((one) => coverage.units.has(one.toLowerCase()))
  return heard === undefined ? undefined : `We hear other devices of ${heard}, where it should be.`
}

export function subnetOf(ip: string): string {
  return ip.split('.').slice(0, 3).join('.')
}

function ghostOf(
  { assetId, label, records }: AssetView,
  listening: string,
  days: number,
): Discrepancy {
  const [record] = records
  return {
    kind: 'ghost',
    question: `ghost:${assetId}`,
    title: `${label} is in the records and was never seen`,
    assetId,
    ...(record === undefined ? {} : { recordId: record.id }),
    reasons: [
      `${record?.source ?? 'A record'} has had it for ${days} days and says that it is on the network.`,
      listening,
      'Not seen is not gone: it may be switched off, in repair or on another network.',
    ],
    differences: [],
  }
}

function strangerOf({ assetId, label, claims }: AssetView): Discrepancy {
  const type = claims.find(({ attribute }) => attribute === 'type' || attribute === 'category')
  return {
    kind: 'stranger',
    question: `stranger:${assetId}`,
    title: `${label} is on the network and in no record`,
    assetId,
    reasons: [
      type === undefined
        ? 'It looks like a medical device.'
        : `It looks like ${type.value} (${type.confidence.toFixed(2)}), which belongs into the records.`,
    ],
    differences: [],
  }
}

const COMPARED = [
  ['manufacturer', 'wrong-model'],
  ['model', 'wrong-model'],
  ['serial', 'wrong-model'],
  ['firmware', 'wrong-version'],
] as const

function findDifferences(view: AssetView, settings: ReconcileSettings): readonly Discrepancy[] {
  return (['wrong-model', 'wrong-version'] as const).flatMap((kind) => {
    const told = COMPARED.filter(([, one]) => one === kind).flatMap(([attribute]) => {
      if (view.settled.has(attribute)) return []
      const observed = observedValue(view.claims, attribute, settings.observedFrom)
      const record = view.records.find(({ body }) => body[attribute] !== undefined)
      const declared = record?.body[attribute]
      if (
        record === undefined ||
        declared === undefined ||
        observed === undefined ||
        sameValue(attribute, declared, observed)
      )
        return []
      return [{ record, attribute, declared, observed }]
    })
    const [first] = told
    if (first === undefined) return []
    const differences = told.map(({ attribute, declared, observed }) => ({
      attribute,
      declared,
      observed,
    }))
    return [
      {
        kind,
        question:
          `${kind}:${view.assetId}:${differences.map(({ attribute, declared, observed }) => `${attribute}=${declared}/${observed}`).join(';')}`.slice(
            0,
            400,
          ),
        title: `${view.label}: the record says ${first.attribute} ${first.declared}, the network ${first.observed}`,
        assetId: view.assetId,
        recordId: first.record.id,
        reasons: differences.map(
          ({ attribute, declared, observed }) =>
            `${attribute}: ${first.record.source} has ${declared}; the device itself says ${observed}.`,
        ),
        differences,
      },
    ]
  })
}

const SAID = new Set(['declared', 'accepted', 'locked'])

/** The value that the wire alone speaks for, whatever stands in the inventory; undefined when it is too unsure. */
export function observedValue(
  claims: readonly Claim[],
  attribute: string,
  from: number,
): string | undefined {
  const claim = claims.find((one) => one.attribute === attribute)
  if (claim === undefined) return undefined
  const weights = new Map<string, number>()
  const add = (value: string, weight: number) =>
    weights.set(value, (weights.get(value) ?? 0) + weight)
  for (const one of claim.evidence) if (!SAID.has(one.rule)) add(claim.value, one.weight)
  for (const one of claim.against)
    if (!SAID.has(one.rule)) add(one.claims ?? '', Math.abs(one.weight))
  const [best] = [...weights].toSorted((a, b) => b[1] - a[1])
  return best !== undefined && best[1] >= from && best[0] !== '' ? best[0] : undefined
}

/** The device answers from another network than its record says, or two records place it in two rooms. */
function findMoves({ assetId, label, ips, records }: AssetView): readonly Discrepancy[] {
  const items: Discrepancy[] = []
  const placed = records.find(({ body }) => (body.ips ?? []).length > 0)
  const declared = placed?.body.ips?.[0]
  const v4 = ips.filter((ip) => !ip.includes(':'))
  if (
    placed !== undefined &&
    declared !== undefined &&
    v4.length > 0 &&
    !v4.some((ip) => subnetOf(ip) === subnetOf(declared))
  ) {
    const observed = v4[0] ?? ''
    items.push({
      kind: 'moved',
      question: `moved:${assetId}:${subnetOf(declared)}>${subnetOf(observed)}`,
      title: `${label} moved from ${subnetOf(declared)}.0/24 to ${subnetOf(observed)}.0/24`,
      assetId,
      recordId: placed.id,
      reasons: [`${placed.source} has it at ${declared}; it was seen at ${observed}.`],
      differences: [{ attribute: 'ip', declared, observed }],
    })
  }
  const rooms = records.filter(({ body }) => body.room !== undefined)
  const [first] = rooms
  const other = rooms.find(
    ({ source, body }) =>
      first !== undefined &&
      source !== first.source &&
      body.room?.toLowerCase() !== first.body.room?.toLowerCase(),
  )
  if (first !== undefined && other !== undefined) {
    items.push({
      kind: 'moved',
      question: `moved:${assetId}:${first.body.room}>${other.body.room}`,
      title: `${label} is in two places: ${first.body.room} and ${other.body.room}`,
      assetId,
      recordId: first.id,
      reasons: [
        `${first.source} has it in ${first.body.room}, ${other.source} in ${other.body.room}.`,
      ],
      differences: [{ attribute: 'room', declared: first.body.room, observed: other.body.room }],
    })
  }
  return items
}

/** Two records of one system about one device. */
function findDuplicates({ assetId, label, records }: AssetView): readonly Discrepancy[] {
  const bySource = Map.groupBy(records, ({ source }) => source)
  return [...bySource].flatMap(([source, same]) => {
    const [first, second] = same.toSorted((a, b) => (a.nativeKey < b.nativeKey ? -1 : 1))
    if (first === undefined || second === undefined) return []
    return [
      {
        kind: 'duplicate' as const,
        question: `duplicate:${assetId}:${first.nativeKey}=${second.nativeKey}`.slice(0, 400),
        title: `${label} is in ${source} twice`,
        assetId,
        recordId: second.id,
        reasons: [
          `${source} has ${first.nativeKey} and ${second.nativeKey} for one device: end one of them there.`,
        ],
        differences: [
          { attribute: 'record', declared: first.nativeKey, observed: second.nativeKey },
        ],
      },
    ]
  })
}

/** One serial number on several devices of one maker: a cloned board, a typing error, or one device seen twice. */
export function cloneOf(
  serial: string,
  assets: readonly { readonly assetId: string; readonly label: string }[],
): Discrepancy | undefined {
  const [first, ...others] = assets.toSorted((a, b) => (a.assetId < b.assetId ? -1 : 1))
  if (first === undefined || others.length === 0) return undefined
  return {
    kind: 'clone',
    question: `clone:${serial}:${assets
      .map(({ assetId }) => assetId)
      .toSorted()
      .join(',')}`.slice(0, 400),
    title: `Serial number ${serial} is on ${assets.length} devices`,
    assetId: first.assetId,
    reasons: [
      `${assets.map(({ label }) => label).join(' and ')} have one serial number: look at the labels, then correct the wrong one.`,
    ],
    differences: others.map(({ label }) => ({
      attribute: 'serial',
      declared: first.label,
      observed: label,
    })),
  }
}
