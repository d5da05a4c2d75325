/**
 * What sources say of products: the vocabulary of advisories beyond maker, model and range. A source parses into
 * these; matching reads them. Dates are ISO dates.
 */

/** Numbers from one to another, both inclusive; a single number has the same at both ends. Open where left out. */
export interface NumberRange {
  readonly from?: string
  readonly to?: string
}

export const PRODUCT_STATUSES = [
  'affected',
  'not-affected',
  'fixed',
  'under-investigation',
] as const
/** What a source says of a product: affected, or that it is not. */
export type ProductStatus = (typeof PRODUCT_STATUSES)[number]

/** One CPE 2.3 name of a configuration with its version bounds. */
export interface CpeMatch {
  /** As published, escapes and all: `cpe:2.3:o:philips:intellivue_mx40_firmware:*:*:*:*:*:*:*:*`. */
  readonly criteria: string
  /** False for a condition (the hardware that the firmware runs on). */
  readonly vulnerable: boolean
  readonly startIncluding?: string
  readonly startExcluding?: string
  readonly endIncluding?: string
  readonly endExcluding?: string
}

/**
 * One way in which a product is vulnerable: of each inner list one must hold (OR), and all inner lists must (AND).
 * A configuration of NVD whose operator is OR is several of these, a node whose operator is AND several lists.
 */
export interface CpeConfiguration {
  readonly nodes: readonly (readonly CpeMatch[])[]
}

export const RECALL_CLASSES = ['I', 'II', 'III'] as const

/** What only a recall has. */
export interface RecallFacts {
  readonly firm: string
  /** Recall number such as `Z-0114-2020`, or the number of the event where the record has no other. */
  readonly number: string
  readonly event?: string
  readonly class?: (typeof RECALL_CLASSES)[number]
  readonly status?: string
  /** FDA product code of the device. */
  readonly productCode?: string
  readonly initiated?: string
  readonly terminated?: string
}

/** A part of a software bill of materials. */
export interface SbomComponent {
  readonly name: string
  readonly version?: string
  readonly supplier?: string
  /** Package URL as published, for example `pkg:maven/org.apache.tomcat/tomcat@9.0.37`. */
  readonly purl?: string
  /** CPE 2.3 name. */
  readonly cpe?: string
}

/** What a model is built of, in a range of its versions. */
export interface Sbom {
  readonly id: string
  readonly manufacturer: string
  readonly model: string
  /** Range text as in advisories; `vers:all/*` where the source names no version. */
  readonly range: string
  readonly source: string
  readonly published: string
  readonly components: readonly SbomComponent[]
}

/** One statement of a VEX document: what a source says of vulnerabilities in a product. */
export interface VexStatement {
  readonly id: string
  readonly source: string
  readonly published: string
  readonly cves: readonly string[]
  readonly manufacturer: string
  readonly model: string
  readonly range: string
  /** The component in the product that the statement is about. */
  readonly component?: string
  readonly status: ProductStatus
  /** Code such as `component_not_present` or `code_not_reachable`. */
  readonly justification?: string
  readonly link?: string
}

/** Until when a maker supports a device model or an operating system. */
export interface SupportDate {
  readonly id: string
  readonly kind: 'device' | 'os'
  /** Maker and model of the device, or maker and name of the operating system. */
  readonly manufacturer: string
  readonly model: string
  readonly range: string
  readonly endOfSale?: string
  readonly endOfSupport: string
  /** Where a paid extension goes on longer. */
  readonly endOfExtendedSupport?: string
  readonly source: string
  readonly link?: string
}

/** The advisory's own words that a device was held against, and what came of it. */
export interface Ground {
  readonly matcher: string
  readonly pid: string
  readonly vendor?: string
  readonly product: string
  /** The product as the source words it, whole. */
  readonly leaf?: string
  /** Range as published, and the one that the source's sentence gives where it is another. */
  readonly range: string
  readonly stated?: string
  readonly version?: string
  readonly cves: readonly string[]
  readonly verdict: string
  readonly reason: string
}

export const ADVISORY_KINDS = ['csaf', 'cve', 'recall'] as const

/** One affected product of an advisory: maker, model and the range text as published. */
export interface AffectedProduct {
  readonly pid: string
  readonly vendor: string
  readonly product: string
  /** Range exactly as published, for example `>= 4.01 | <= 4.34` or `vers:all/*`. */
  readonly range: string
  /** The range that the advisory's own sentence gives, where it differs. */
  readonly stated?: string
  readonly cves: readonly string[]
  /** The product as the source words it, whole, where that is more than maker, model and range. */
  readonly leaf?: string
  /** `affected` where it is left out. */
  readonly status?: ProductStatus
  /** Catalogue or model numbers, serial and lot numbers and UDI-DIs that the source names. */
  readonly catalogues?: readonly string[]
  readonly serials?: readonly NumberRange[]
  readonly lots?: readonly NumberRange[]
  readonly udis?: readonly string[]
  /** What the document's title calls the product, and what it is built into, where that is another name. */
  readonly also?: readonly string[]
}

export interface Vulnerability {
  readonly cve: string
  readonly cwe?: string
  /** CVSS vectors as published, newest version first. */
  readonly vectors: readonly string[]
  readonly baseScore?: number
  /** Date it entered CISA's known exploited vulnerabilities catalogue (ISO date). */
  readonly kev?: string
  /** Probability of exploitation within 30 days (EPSS), 0 to 1. */
  readonly epss?: number
}

/** Facts of an advisory: no prose. */
export interface Advisory {
  readonly id: string
  readonly kind: (typeof ADVISORY_KINDS)[number]
  readonly source: string
  readonly revision: string
  /** ISO dates. */
  readonly published: string
  readonly updated: string
  readonly products: readonly AffectedProduct[]
  /** How NVD or a CNA words it in CPE names. */
  readonly configurations?: readonly CpeConfiguration[]
  readonly recall?: RecallFacts
  readonly vulnerabilities: readonly Vulnerability[]
  readonly remedies: readonly {
    readonly kind: string
    readonly pids: readonly string[]
    readonly url?: string
    /** Version that the remedy installs, where the source states it as a fact and not in prose. */
    readonly version?: string
  }[]
  readonly link: string
}
