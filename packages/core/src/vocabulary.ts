/**
 * The things Wardkeeper decides about, as plain data. Words as in `docs/glossary.md`.
 *
 * Times are milliseconds since 1970-01-01T00:00:00Z (a fraction carries microseconds). Ids are UUIDv7 text
 * unless said otherwise. MACs are `aa:bb:cc:dd:ee:ff`, addresses canonical text (RFC 5952 for IPv6).
 */

import type { Ground, SbomComponent, VexStatement } from './exposure/facts.ts'

export * from './exposure/facts.ts'

/** One distinct (subject, field, value, sensor), with how often and when it was seen. */
export interface ObservedFact {
  readonly subject: { readonly mac?: string; readonly ip?: string }
  /** `<protocol>.<name>`, for example `dhcp.vendor-class`. */
  readonly field: string
  readonly value: string
  readonly sensor: string
  readonly first: number
  readonly last: number
  readonly count: number
  /** Where it was seen first: capture file, frame number from 1, flow number in that capture. */
  readonly evidence: { readonly file?: string; readonly frame?: number; readonly flow?: number }
}

export const ATTRIBUTES = [
  'manufacturer',
  'model',
  'serial',
  'firmware',
  'os',
  'type',
  'category',
] as const
/** A property of an asset that claims are made about. `type` is a device type, `category` its clinical family. */
export type Attribute = (typeof ATTRIBUTES)[number]

export interface Evidence {
  readonly field: string
  readonly value: string
  readonly time: number
  readonly sensor?: string
  readonly file?: string
  readonly frame?: number
  /** Which rule read it: a fingerprint id, `oui`, `declared`, `locked`. */
  readonly rule: string
  /** Contribution in log-odds; negative weighs against. */
  readonly weight: number
  /** Set on evidence against a claim: the value that it speaks for instead. */
  readonly claims?: string
  /** Set on the evidence of a finding: which property of the device it tells. */
  readonly about?: Attribute
}

/** An asserted property of an asset, how sure we are, and everything that speaks for and against it. */
export interface Claim {
  readonly attribute: Attribute
  readonly value: string
  /** 0 to 1. */
  readonly confidence: number
  /** The rule with the greatest weight for it. */
  readonly rule: string
  readonly evidence: readonly Evidence[]
  readonly against: readonly Evidence[]
}

export const KEY_KINDS = [
  'udi',
  'serial',
  'mac',
  'certificate',
  'ae-title',
  'hostname',
  'ip',
  'binding',
] as const
/** Kinds of identity key, strongest first. A `binding` is no key but what is known of a MAC and its addresses. */
export type KeyKind = (typeof KEY_KINDS)[number]

/** A key that ties observations to an asset: `mac:00:1a:..`, `serial:philips/DE123`, `ip:10.0.0.5`. */
export interface KeyLink {
  readonly key: string
  readonly kind: KeyKind
  readonly assetId: string
  readonly since: number
  /** When the key stopped pointing at this asset (an address that moved on); undefined while it does. */
  readonly until: number | undefined
}

export const ASSET_STATES = [
  'expected',
  'active',
  'quiet',
  'missing',
  'in-repair',
  'stored',
  'retired',
  'disposed',
] as const
export type AssetState = (typeof ASSET_STATES)[number]

export const IN_USE_STATES = ['in-use', 'not-in-use', 'unknown'] as const
/** Whether a device serves a patient now. Unknown is treated as in use. */
export type InUse = (typeof IN_USE_STATES)[number]

export interface Asset {
  readonly id: string
  readonly siteId: string
  readonly state: AssetState
  readonly isConnected: boolean
  readonly macs: readonly string[]
  readonly ips: readonly string[]
  /** Host names by source: `{ dhcp: 'pump-412', mdns: 'pump-412.local' }`. */
  readonly names: Readonly<Record<string, string>>
  readonly claims: readonly Claim[]
  readonly firstSeen: number
  readonly lastSeen: number
  readonly inUse: InUse
}

/** What matching needs to know of a device, observed, declared or typed in. */
export interface Device {
  readonly manufacturer: string
  readonly model: string
  readonly version?: string
  readonly serial?: string
  readonly lot?: string
  readonly udi?: string
  readonly catalogue?: string
  /** Observed sub-components with versions, for example `{ OFFIS/DCMTK: '3.6.7' }`. */
  readonly components?: Readonly<Record<string, string>>
  /** Operating system as seen or declared, for example `Windows 7`. */
  readonly os?: string
  /** What the maker's bill of materials says is inside. */
  readonly parts?: readonly SbomComponent[]
}

export const VERDICTS = [
  'affected',
  'possibly-affected',
  'not-affected',
  'disputed',
  'unknown',
] as const
/** Unknown and possibly affected are never shown as safe. */
export type Verdict = (typeof VERDICTS)[number]

/** An advisory held against a device, and why. */
export interface Match {
  readonly advisoryId: string
  readonly cves: readonly string[]
  readonly verdict: Verdict
  readonly matcher: string
  readonly because: {
    readonly pid: string
    readonly product: string
    readonly range: string
    readonly version: string | undefined
    /** One sentence for a person. */
    readonly reason: string
  }
  /** The datum that would settle a `possibly-affected`, for example `firmware`. */
  readonly missing?: Attribute | 'lot' | 'udi' | 'catalogue' | 'made'
  /** What sources state on top of the advisory. */
  readonly statements?: readonly VexStatement[]
}

export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof SEVERITIES)[number]

export const FINDING_STATES = [
  'open',
  'in-progress',
  'resolved',
  'accepted',
  'suppressed',
  'superseded',
] as const
export type FindingState = (typeof FINDING_STATES)[number]

export const FINDING_KINDS = ['advisory', 'weakness', 'support', 'mds2'] as const
/**
 * `support`: the maker of the device or of its operating system has ended support. `mds2`: what the maker states of
 * its security (MDS2) is contradicted by what was seen.
 */
export type FindingKind = (typeof FINDING_KINDS)[number]

/** An advisory, a weakness or an end of support held against one asset. It closes; it is never deleted. */
export interface Finding {
  readonly id: string
  readonly assetId: string
  readonly kind: FindingKind
  /** Advisory id, or weakness code such as `cleartext-hl7`. */
  readonly subject: string
  readonly verdict: Verdict
  readonly severity: Severity
  readonly state: FindingState
  readonly cves: readonly string[]
  readonly because: string
  readonly missing?: string
  readonly evidence: readonly Evidence[]
  readonly grounds?: readonly Ground[]
  readonly statements?: readonly VexStatement[]
  /** Kind of remedy that would end it; findings with one remedy are grouped: `patch:ICSMA-20-317-01`. */
  readonly remedy: string
  readonly opened: number
  readonly closed: number | undefined
}

/** Bad configuration seen on the wire. */
export interface Weakness {
  readonly code: string
  readonly severity: Severity
  readonly reason: string
  readonly evidence: readonly Evidence[]
}

/** Traffic of one client to one service in one hour. */
export interface FlowSummary {
  readonly siteId: string
  readonly sensor: string
  /** Start of the hour. */
  readonly hour: number
  readonly client: { readonly assetId?: string; readonly ip: string; readonly mac?: string }
  readonly server: { readonly assetId?: string; readonly ip: string; readonly mac?: string }
  readonly transport: string
  readonly port: number
  readonly protocol: string | undefined
  readonly first: number
  readonly last: number
  readonly sessions: number
  /** To the server, to the client. */
  readonly packets: readonly [number, number]
  /** Bytes at the IP layer, to the server and to the client. */
  readonly bytes: readonly [number, number]
  readonly evidence: { readonly file?: string; readonly flow?: number }
}

export const BASELINE_STAGES = ['learning', 'watching'] as const

/** What is normal for one asset: with whom it talks, and which service. */
export interface Baseline {
  readonly assetId: string
  readonly stage: (typeof BASELINE_STAGES)[number]
  /** 0 to 1: how much of what we wait for (days, hours of the week) was seen. */
  readonly completeness: number
  readonly started: number
  readonly updated: number
  /** Distinct days with traffic, as days since 1970. */
  readonly days: readonly number[]
  /** Distinct hours of the week with traffic, 0 to 167. */
  readonly hours?: readonly number[]
  /** `out|in` + service + peer, for example `out tcp/104 dicom asset:<id>`, with first and last time and count. */
  readonly known: Readonly<
    Record<string, { readonly first: number; readonly last: number; readonly count: number }>
  >
}

export const DETECTION_STATES = ['raised', 'explained', 'muted', 'in-incident', 'closed'] as const

export interface Detection {
  readonly id: string
  readonly detector: string
  readonly severity: Severity
  readonly state: (typeof DETECTION_STATES)[number]
  /** The device that behaves; for an attack the attacker when it is known. */
  readonly actorId: string | undefined
  /** The device it was done to. */
  readonly targetId: string | undefined
  readonly time: number
  readonly lastTime: number
  readonly count: number
  /** One sentence each, for a person. */
  readonly expected: string
  readonly seen: string
  /** MITRE ATT&CK technique ids. */
  readonly techniques: readonly string[]
  readonly evidence: readonly Evidence[]
  /** Detections with one key belong to one incident: the same remedy. */
  readonly remedy: string
}

export const INCIDENT_STATES = ['new', 'acknowledged', 'contained', 'resolved', 'reviewed'] as const
export type IncidentState = (typeof INCIDENT_STATES)[number]

/** What a person who must act needs to know of the device, as it was when the incident opened. */
export interface Dossier {
  readonly assetId: string
  readonly label: string
  readonly manufacturer: string | undefined
  readonly model: string | undefined
  readonly serial: string | undefined
  readonly type: string | undefined
  readonly owner: string | undefined
  readonly unit: string | undefined
  readonly room: string | undefined
  readonly inUse: InUse
  readonly warrantyUntil: string | undefined
  readonly contract: string | undefined
  readonly lastMaintenance:
    | { readonly date: string; readonly by: string; readonly what: string }
    | undefined
  readonly openFindings: number
}

export interface Incident {
  readonly id: string
  readonly title: string
  readonly severity: Severity
  readonly state: IncidentState
  readonly remedy: string
  readonly actorId: string | undefined
  readonly assetIds: readonly string[]
  readonly detectionIds: readonly string[]
  readonly findingIds: readonly string[]
  readonly dossiers: readonly Dossier[]
  readonly opened: number
  /** When the plan wants the next move; undefined when no clock runs. */
  readonly due: number | undefined
}

export const WORK_ORDER_STATES = [
  'draft',
  'ready',
  'assigned',
  'in-progress',
  'done',
  'verified',
  'contradicted',
  'not-observable',
  'closed',
  'on-hold',
  'cancelled',
] as const
export type WorkOrderState = (typeof WORK_ORDER_STATES)[number]

export const WORK_ORDER_KINDS = [
  'corrective',
  'preventive',
  'patch',
  'recall',
  'inspection',
  'segmentation',
  'information',
] as const
export type WorkOrderKind = (typeof WORK_ORDER_KINDS)[number]

/** What the sensor must see, or must no longer see, once the work is really done. */
export type Expectation =
  | { readonly kind: 'firmware-not-affected'; readonly advisoryId: string }
  | { readonly kind: 'field-value'; readonly field: string; readonly value: string }
  | { readonly kind: 'no-contact'; readonly actorId: string }
  | { readonly kind: 'weakness-gone'; readonly code: string }
  | { readonly kind: 'none'; readonly reason: string }

export interface WorkOrder {
  readonly id: string
  readonly number: number
  readonly kind: WorkOrderKind
  readonly title: string
  readonly state: WorkOrderState
  readonly severity: Severity
  readonly assetIds: readonly string[]
  readonly incidentId: string | undefined
  readonly findingIds: readonly string[]
  readonly expectation: Expectation
  readonly technicianId: string | undefined
  readonly opened: number
  readonly due: number | undefined
  /** When the technician said that the work is done. */
  readonly done: number | undefined
  readonly resolution: string | undefined
  /** What verification saw, one sentence for a person, with the evidence. */
  readonly verification:
    | { readonly reason: string; readonly evidence: readonly Evidence[] }
    | undefined
}

/** Leave to work on devices: maker, model or type (`*` for any), at a site, between dates. */
export interface Authorization {
  readonly manufacturer: string
  readonly model: string
  readonly type: string
  readonly siteId: string
  readonly level: 'inspect' | 'service'
  /** ISO dates, both inclusive. */
  readonly from: string
  readonly until: string
  /** Certificate or training record that proves it. */
  readonly proof: string
}

export interface Technician {
  readonly id: string
  readonly name: string
  readonly employer: string
  readonly authorizations: readonly Authorization[]
}

export const ROLES = [
  'viewer',
  'technician',
  'analyst',
  'network',
  'manager',
  'compliance',
  'admin',
] as const
export type Role = (typeof ROLES)[number]
