import type { Advisory, Sbom, SupportDate, VexStatement } from '../vocabulary.ts'

/** A CVSS vector as a source gives it, with the score that the specification makes of it. */
export interface ScoredVector {
  /** `2.0`, `3.0`, `3.1`, `4.0`. */
  readonly version: string
  readonly vector: string
  readonly score: number
  /** The score that the source states, where it is another one. */
  readonly stated?: number
  readonly source: string
}

/** What one source says of the use of one CVE by attackers; what it does not speak of is left out. Dates are ISO dates. */
export interface ExploitSignal {
  readonly cve: string
  readonly kev?: { readonly added: string; readonly due?: string; readonly isRansomware: boolean }
  readonly epss?: {
    readonly score: number
    readonly percentile: number
    readonly date: string
    readonly model: string
  }
  readonly ssvc?: {
    readonly exploitation: string
    readonly automatable: string
    readonly technicalImpact: string
    readonly date?: string
  }
  readonly vectors?: readonly ScoredVector[]
}

/** A patch or mitigation that the maker validated for a model. */
export interface Patch {
  readonly id: string
  readonly manufacturer: string
  readonly model: string
  /** Range text of the versions it applies to, as in advisories. */
  readonly fromVersion: string
  readonly toVersion?: string
  readonly kind: 'patch' | 'mitigation'
  readonly cves: readonly string[]
  readonly advisories: readonly string[]
  /** ISO date on which the maker said that it may be installed; left out while it has not. */
  readonly validated?: string
  /** Bulletin, download page or part number. */
  readonly reference: string
  readonly minutes?: number
  readonly source: string
}

/** One trade item of the device identification database (GUDID). */
export interface DeviceIdentifier {
  readonly di: string
  readonly agency: string
  readonly brand: string
  readonly model: string
  readonly catalogue?: string
  readonly company: string
  readonly productCodes: readonly string[]
  readonly hasSerial: boolean
  readonly hasLot: boolean
}

/** A product code of the FDA: class of risk, and whether life depends on it. */
export interface ProductCode {
  readonly code: string
  readonly name: string
  readonly deviceClass: string
  readonly specialty: string
  readonly regulation: string
  readonly isLifeSupport: boolean
  readonly isImplant: boolean
}

/** Everything that a document can tell. */
export interface FeedFacts {
  readonly advisories: readonly Advisory[]
  readonly signals: readonly ExploitSignal[]
  readonly sboms: readonly Sbom[]
  readonly statements: readonly VexStatement[]
  readonly support: readonly SupportDate[]
  readonly patches: readonly Patch[]
  readonly identifiers: readonly DeviceIdentifier[]
  readonly productCodes: readonly ProductCode[]
}

/** A part of a document that could not be used while the rest could. */
export interface BadRecord {
  readonly name: string
  readonly reason: string
  /** What it says, as text, for a person to look at. */
  readonly raw: string
}

/** Facts of one document. */
export interface ParsedDocument {
  readonly facts: Partial<FeedFacts>
  /** The day (or moment) that the data describes, ISO; left out where the source does not say. */
  readonly date?: string
  readonly bad: readonly BadRecord[]
  /** What was put right or is doubtful, one sentence each. */
  readonly notes?: readonly string[]
}

/** The document is not what it should be: nothing of it is used. The message says what to do next. */
export class BadDocument extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'BadDocument'
  }
}

const CVE = /^CVE-\d{4}-\d{4,19}$/

export function isCve(text: string): boolean {
  return CVE.test(text)
}

const DAY = /^\d{4}-\d{2}-\d{2}/

/** The day at the beginning of an ISO date or time; undefined for anything else, 31 February included. */
export function dayOf(text: string): string | undefined {
  const day = DAY.exec(text)?.[0]
  if (day === undefined) return undefined
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day) ? day : undefined
}
