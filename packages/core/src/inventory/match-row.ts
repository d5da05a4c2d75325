import { serialOf } from '../identity/keys.ts'
import { normalizeName } from '../identity/vocabulary.ts'
import type { DeclaredDevice } from './fields.ts'

/** An asset that may be the device of a row, with everything that is known under which it could be found. */
export interface Candidate {
  readonly assetId: string
  readonly label: string
  readonly manufacturer?: string | undefined
  readonly model?: string | undefined
  readonly type?: string | undefined
  readonly hostname?: string | undefined
  readonly unit?: string | undefined
  readonly room?: string | undefined
  readonly serials: readonly string[]
  readonly macs: readonly string[]
  readonly ips: readonly string[]
  readonly tags: readonly string[]
  /** Native keys under which the same source knows it. */
  readonly nativeKeys: readonly string[]
}

/** Weights and bounds of matching: data in `content/inventory/matching.yaml`. */
export interface MatchSettings {
  /** How sure each equal key makes, 0 to 1. */
  readonly equal: Readonly<Record<MatchKey, number>>
  /** What each contradiction leaves of the score, 0 to 1. */
  readonly contrary: Readonly<Record<'serial' | 'manufacturer' | 'model' | 'type' | 'mac', number>>
  /** From here on a row is matched by itself, when no other comes within `distance`. */
  readonly matchFrom: number
  /** From here on a person is asked. Below, the row is a new device. */
  readonly askFrom: number
  readonly distance: number
}

export const MATCH_KEYS = [
  'native',
  'mac',
  'serial',
  'shortSerial',
  'tag',
  'hostname',
  'ip',
  'model',
  'place',
] as const
type MatchKey = (typeof MATCH_KEYS)[number]

export interface ScoredCandidate {
  readonly assetId: string
  readonly label: string
  readonly score: number
  readonly reasons: readonly string[]
  readonly isContrary: boolean
}

export const ROW_OUTCOMES = ['created', 'matched', 'queued', 'refused'] as const
export type RowOutcome = (typeof ROW_OUTCOMES)[number]

export interface RowDecision {
  readonly outcome: RowOutcome
  readonly assetId: string | undefined
  readonly score: number | undefined
  /** Sentences for a person. */
  readonly reasons: readonly string[]
  /** Best first; those that a person chooses from when the row is queued. */
  readonly candidates: readonly ScoredCandidate[]
}

/**
 * Decides what becomes of a row: a new device, one that is known, or a question. The preview, the rule tester and the
 * import all call this.
 */
export function decideRow(
  device: DeclaredDevice,
  nativeKey: string,
  candidates: readonly Candidate[],
  settings: MatchSettings,
): RowDecision {
  const scored = candidates
    .map((candidate) => scoreCandidate(device, nativeKey, candidate, settings))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.assetId < b.assetId ? -1 : 1))
    .slice(0, 5)
  const [best, second] = scored
  if (best === undefined || best.score < settings.askFrom)
    return {
      outcome: 'created',
      assetId: undefined,
      score: best?.score,
      reasons: ['No device known here has its keys.'],
      candidates: [],
    }
  const rival =
    second !== undefined && best.score - second.score < settings.distance ? second : undefined
  if (best.score >= settings.matchFrom && rival === undefined && !best.isContrary)
    return {
      outcome: 'matched',
      assetId: best.assetId,
      score: best.score,
      reasons: best.reasons,
      candidates: scored,
    }
  const why =
    rival !== undefined && best.score >= settings.matchFrom
      ? `Two devices fit as well: ${best.label} and ${rival.label}.`
      : `${best.label} may be it, but that is not sure enough: choose, or say that it is a new device.`
  return {
    outcome: 'queued',
    assetId: undefined,
    score: best.score,
    reasons: [why, ...best.reasons],
    candidates: scored,
  }
}

/** How well an asset fits a row: equal keys add up, contradictions take away. */
export function scoreCandidate(
  device: DeclaredDevice,
  nativeKey: string,
  candidate: Candidate,
  settings: MatchSettings,
): ScoredCandidate {
  const { assetId, label } = candidate
  if (candidate.nativeKeys.includes(nativeKey))
    return {
      assetId,
      label,
      score: settings.equal.native,
      reasons: [`The same record of this system: ${nativeKey}.`],
      isContrary: false,
    }
  const agreements = equalKeys(device, candidate)
  if (agreements.length === 0) return { assetId, label, score: 0, reasons: [], isContrary: false }
  const contradictions = contraryKeys(device, candidate)
  const doubt = agreements.reduce((product, [key]) => product * (1 - settings.equal[key]), 1)
  const score = contradictions.reduce(
    (product, [key]) => product * settings.contrary[key],
    1 - doubt,
  )
  return {
    assetId,
    label,
    score: Math.round(score * 1000) / 1000,
    reasons: [...agreements, ...contradictions].map(([, says]) => says),
    isContrary: contradictions.some(([key]) => key === 'serial' || key === 'manufacturer'),
  }
}

type Told<Key extends string> = readonly [Key, string]

function equalKeys(device: DeclaredDevice, candidate: Candidate): readonly Told<MatchKey>[] {
  const told: Told<MatchKey>[] = []
  const mac = device.macs?.find((one) => candidate.macs.includes(one))
  if (mac !== undefined) told.push(['mac', `The MAC ${mac} is the same.`])
  const serial =
    device.serial === undefined ? undefined : equalSerial(device.serial, candidate.serials)
  if (serial !== undefined) told.push(serial)
  if (device.tag !== undefined && hasText(candidate.tags, device.tag))
    told.push(['tag', `The tag ${device.tag} is the same.`])
  if (device.hostname !== undefined && sameHost(device.hostname, candidate.hostname))
    told.push(['hostname', `The host name ${device.hostname} is the same.`])
  const ip = device.ips?.find((one) => candidate.ips.includes(one))
  if (ip !== undefined) told.push(['ip', `The address ${ip} is the same.`])
  // Model and place alone name nobody; they only make another key surer.
  if (told.length === 0) return told
  if (
    device.model !== undefined &&
    candidate.model !== undefined &&
    sameModel(device.model, candidate.model)
  )
    told.push(['model', `The model ${candidate.model} is the same.`])
  if (
    device.room !== undefined &&
    candidate.room !== undefined &&
    hasText([candidate.room], device.room)
  )
    told.push(['place', `The room ${device.room} is the same.`])
  return told
}

function equalSerial(
  serial: string,
  known: readonly string[],
): Told<'serial' | 'shortSerial'> | undefined {
  const bare = (text: string) => text.toUpperCase().replace(/[^A-Z0-9]/g, '')
  if (known.some((one) => bare(one) === bare(serial)))
    return [
      serialOf(serial) === undefined ? 'shortSerial' : 'serial',
      `The serial number ${serial} is the same.`,
    ]
  const short = (text: string) => bare(text).replace(/^0+/, '')
  const found = known.find((one) => short(one) === short(serial) && short(one).length >= 5)
  return found === undefined
    ? undefined
    : ['shortSerial', `The serial number ${serial} is ${found} but for leading zeros.`]
}

function contraryKeys(
  device: DeclaredDevice,
  candidate: Candidate,
): readonly Told<keyof MatchSettings['contrary']>[] {
  const told: Told<keyof MatchSettings['contrary']>[] = []
  const { serial, manufacturer, model, type, macs } = device
  if (
    serial !== undefined &&
    candidate.serials.length > 0 &&
    equalSerial(serial, candidate.serials) === undefined
  )
    told.push([
      'serial',
      `But its serial number is ${candidate.serials.join(', ')}, not ${serial}.`,
    ])
  if (
    manufacturer !== undefined &&
    candidate.manufacturer !== undefined &&
    !sameMaker(manufacturer, candidate.manufacturer)
  )
    told.push(['manufacturer', `But its maker is ${candidate.manufacturer}, not ${manufacturer}.`])
  else if (
    model !== undefined &&
    candidate.model !== undefined &&
    !sameModel(model, candidate.model)
  )
    told.push(['model', `But its model is ${candidate.model}, not ${model}.`])
  else if (type !== undefined && candidate.type !== undefined && type !== candidate.type)
    told.push(['type', `But it looks like ${candidate.type}, not ${type}.`])
  if (
    macs !== undefined &&
    macs.length > 0 &&
    candidate.macs.length > 0 &&
    !macs.some((mac) => candidate.macs.includes(mac))
  )
    told.push(['mac', `But its MAC is ${candidate.macs[0]}, not ${macs[0]}.`])
  return told
}

function hasText(list: readonly string[], text: string): boolean {
  return list.some((one) => one.toLowerCase() === text.toLowerCase())
}

function sameHost(a: string, b: string | undefined): boolean {
  const short = (name: string) => name.toLowerCase().split('.')[0]
  return b !== undefined && short(a) === short(b) && (short(a) ?? '').length >= 3
}

export function sameMaker(a: string, b: string): boolean {
  return normalizeName(a) === normalizeName(b)
}

/** One model in two spellings: `IntelliVue MX450`, `MX-450`, `Philips MX450`. */
export function sameModel(a: string, b: string): boolean {
  const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
  const [x, y] = [bare(a), bare(b)]
  if (x === y) return true
  const [short, long] = x.length < y.length ? [x, y] : [y, x]
  if (short.length < 3 || !/\d/.test(short)) return false
  // `MX450` ends `IntelliVue MX450`, but `MX45` does not begin `MX450`.
  return long.endsWith(short) || (long.startsWith(short) && !/^\d/.test(long.slice(short.length)))
}
