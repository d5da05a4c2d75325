import type { AdvisoryIndex } from '../exposure/advisory-index.ts'
import type { Sbom, SupportDate } from '../exposure/facts.ts'
import type { Mds2Form } from '../feeds/mds2.ts'
import { match } from '../exposure/match.ts'
import { normalizeName, type Vocabulary } from '../identity/vocabulary.ts'
import type { Advisory, Device, Match } from '../vocabulary.ts'

/** An advisory or recall of the model so far, and how long its maker took. */
export interface DossierAdvisory {
  readonly id: string
  readonly kind: Advisory['kind']
  readonly source: string
  readonly published: string
  readonly updated: string
  readonly verdict: Match['verdict']
  readonly because: string
  readonly missing?: string
  readonly cves: readonly string[]
  readonly knownExploited: readonly string[]
  readonly worstScore?: number
  readonly remedies: readonly string[]
  /** Days from publication to the last revision, which has a fix of the maker: at most so many. */
  readonly daysToFix?: number
  /** Days since publication without a fix of the maker. */
  readonly daysOpen?: number
  readonly link: string
}

/** A part of the dossier that may not be known; then it says why, and never looks like good news. */
export type Known<Part> =
  | { readonly isKnown: true; readonly items: readonly Part[] }
  | { readonly isKnown: false; readonly because: string }

/** How such devices behave in this hospital. */
export interface Experience {
  readonly devices: number
  readonly versions: Readonly<Record<string, number>>
  readonly units: number
  readonly bands: Readonly<Record<string, number>>
  readonly reach: Readonly<Record<string, number>>
  readonly weaknesses: Readonly<Record<string, number>>
  /** Services that others use on them, and that they use, most first. */
  readonly services: readonly string[]
}

export interface Mds2Answer {
  readonly question: string
  readonly answer: string
}

/** Sections of the form by the letters of their questions (ANSI/NEMA HN 1-2019). */
const SECTIONS: Readonly<Record<string, string>> = {
  MPII: 'personal data',
  ALOF: 'automatic logoff',
  AUDT: 'audit',
  AUTH: 'authorization',
  CSUP: 'security updates',
  DIDT: 'de-identification',
  DTBK: 'backup',
  EMRG: 'emergency access',
  IGAU: 'integrity of data',
  MLDP: 'malware',
  NAUT: 'node authentication',
  CONN: 'connectivity',
  PAUT: 'person authentication',
  PLOK: 'physical locks',
  RDMP: 'parts of others',
  SBOM: 'bill of materials',
  SAHD: 'hardening',
  SGUD: 'guidance',
  STCF: 'confidentiality of stored data',
  TXCF: 'confidentiality of sent data',
  TXIG: 'integrity of sent data',
  RMOT: 'remote service',
}

/** What forms answer, of each question the answer of the first form that has one; unanswered ones too. */
export function answersOf(forms: readonly Mds2Form[]): readonly Mds2Answer[] {
  const answers = new Map<string, Mds2Answer>()
  const isAnswered = new Set<string>()
  for (const { claims, range } of forms) {
    for (const { id, answer, raw, note } of claims) {
      if (id.startsWith('DOC-') || isAnswered.has(id)) continue
      const section = SECTIONS[id.slice(0, id.indexOf('-'))]
      const question = section === undefined ? id : `${id}, ${section}`
      const versions = range === 'vers:all/*' ? '' : ` [${range}]`
      const words = answer === 'unanswered' ? 'not answered' : raw
      answers.set(id, {
        question,
        answer: `${words}${note === undefined ? '' : ` (${note})`}${versions}`.slice(0, 500),
      })
      if (answer !== 'unanswered') isAnswered.add(id)
    }
  }
  return [...answers.values()]
}

/** What is known of a model before it is bought. */
export interface PurchaseDossier {
  readonly manufacturer: string
  readonly model: string
  readonly version?: string
  /** The maker as the vocabulary has it; absent where it is not known there. */
  readonly knownAs?: string
  readonly advisories: readonly DossierAdvisory[]
  readonly recalls: Known<DossierAdvisory>
  readonly summary: {
    readonly advisories: number
    readonly recalls: number
    readonly withoutFix: number
    readonly knownExploited: number
    readonly medianDaysToFix?: number
    /** Day of the newest advisory that was looked through, and how many there were. */
    readonly lookedThrough: number
    readonly newest?: string
  }
  readonly mds2: Known<Mds2Answer>
  readonly sboms: Known<{
    readonly source: string
    readonly published: string
    readonly range: string
    readonly components: number
  }>
  readonly support: Known<{
    readonly range: string
    readonly endOfSupport: string
    readonly endOfSale?: string
    readonly source: string
  }>
  readonly experience: Known<Experience>
}

export interface DossierInput {
  readonly device: Device
  readonly advisories: readonly Advisory[]
  readonly index: AdvisoryIndex
  readonly vocabulary: Vocabulary
  readonly sboms?: readonly Sbom[]
  readonly support?: readonly SupportDate[]
  readonly mds2?: readonly Mds2Answer[]
  readonly experience?: Experience
  /** True when recalls were among what was looked through. */
  readonly hasRecalls: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

const DAY_MS = 86_400_000
const FIXES = new Set(['vendor_fix', 'patch', 'fix', 'upgrade'])

/** Puts together everything that is held of a maker's model. */
export function assembleDossier(input: DossierInput): PurchaseDossier {
  const { device, advisories, vocabulary, now } = input
  const byId = new Map(advisories.map((advisory) => [advisory.id, advisory]))
  const found = match(device, input.index)
    .flatMap((one) => {
      const advisory = byId.get(one.advisoryId)
      return advisory === undefined ? [] : [entryOf(one, advisory, now)]
    })
    .toSorted((one, other) => (one.published < other.published ? 1 : -1))
  const recalls = found.filter(({ kind }) => kind === 'recall')
  const own = found.filter(({ kind }) => kind !== 'recall')
  const knownAs = vocabulary.manufacturerOf(device.manufacturer)?.name
  return {
    manufacturer: device.manufacturer,
    model: device.model,
    ...(device.version === undefined ? {} : { version: device.version }),
    ...(knownAs === undefined ? {} : { knownAs }),
    advisories: own,
    recalls: input.hasRecalls
      ? { isKnown: true, items: recalls }
      : { isKnown: false, because: 'No recalls were looked through.' },
    summary: summaryOf(own, recalls, advisories),
    mds2: knownOr(input.mds2, 'No MDS2 form of this model is held. Ask the maker for it.'),
    sboms: knownOr(
      input.sboms?.filter((sbom) => isOf(sbom, device, vocabulary)).map(sbomOf),
      'No bill of materials of this model is held. Ask the maker for it.',
    ),
    support: knownOr(
      input.support?.filter((date) => date.kind === 'device' && isOf(date, device, vocabulary)),
      'No date is held until which the maker supports this model. Ask for it in writing.',
    ),
    experience: knownOr(
      input.experience === undefined || input.experience.devices === 0
        ? undefined
        : [input.experience],
      'No device of this model was seen here.',
    ),
  }
}

function knownOr<Part>(items: readonly Part[] | undefined, because: string): Known<Part> {
  return items === undefined || items.length === 0
    ? { isKnown: false, because }
    : { isKnown: true, items }
}

function entryOf(one: Match, advisory: Advisory, now: number): DossierAdvisory {
  const cves = one.cves.length > 0 ? one.cves : advisory.vulnerabilities.map(({ cve }) => cve)
  const own = advisory.vulnerabilities.filter(({ cve }) => cves.includes(cve))
  const scores = own.flatMap(({ baseScore }) => baseScore ?? [])
  const remedies = [
    ...new Set(
      advisory.remedies
        .filter(({ pids }) => pids.length === 0 || pids.includes(one.because.pid))
        .map(({ kind }) => kind),
    ),
  ]
  const isFixed = remedies.some((kind) => FIXES.has(kind))
  const days = (until: number) =>
    Math.max(0, Math.round((until - Date.parse(advisory.published)) / DAY_MS))
  return {
    id: advisory.id,
    kind: advisory.kind,
    source: advisory.source,
    published: advisory.published,
    updated: advisory.updated,
    verdict: one.verdict,
    because: one.because.reason,
    ...(one.missing === undefined ? {} : { missing: one.missing }),
    cves,
    knownExploited: own.flatMap(({ cve, kev }) => (kev === undefined ? [] : [cve])),
    ...(scores.length === 0 ? {} : { worstScore: Math.max(...scores) }),
    remedies,
    ...(isFixed
      ? { daysToFix: days(Date.parse(advisory.updated)) }
      : advisory.kind === 'recall'
        ? {}
        : { daysOpen: days(now) }),
    link: advisory.link,
  }
}

function summaryOf(
  own: readonly DossierAdvisory[],
  recalls: readonly DossierAdvisory[],
  all: readonly Advisory[],
): PurchaseDossier['summary'] {
  const days = own.flatMap(({ daysToFix }) => daysToFix ?? []).toSorted((one, other) => one - other)
  const middle = days[Math.floor((days.length - 1) / 2)]
  const newest = all.reduce((last, { updated }) => (updated > last ? updated : last), '')
  return {
    advisories: own.length,
    recalls: recalls.length,
    withoutFix: own.filter(({ daysOpen }) => daysOpen !== undefined).length,
    knownExploited: own.filter(({ knownExploited }) => knownExploited.length > 0).length,
    ...(middle === undefined ? {} : { medianDaysToFix: middle }),
    lookedThrough: all.length,
    ...(newest === '' ? {} : { newest }),
  }
}

function sbomOf({ source, published, range, components }: Sbom) {
  return { source, published, range, components: components.length }
}

/** One maker by its vocabulary name, one model by its letters and digits. */
function isOf(
  one: { readonly manufacturer: string; readonly model: string },
  device: Device,
  vocabulary: Vocabulary,
): boolean {
  const maker = (name: string) => vocabulary.manufacturerOf(name)?.name ?? normalizeName(name)
  return (
    maker(one.manufacturer) === maker(device.manufacturer) &&
    nameOf(one.model) === nameOf(device.model)
  )
}

function nameOf(model: string): string {
  return normalizeName(model).replaceAll(' ', '')
}
