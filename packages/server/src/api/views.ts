import type { AssetRow, ClaimView, EvidenceView } from '@wardkeeper/contract'
import type { AssetState, Claim, Evidence, InUse, RiskLevel } from '@wardkeeper/core'
import type { AssetRecord } from '../store/assets.ts'

/** Milliseconds since 1970 as ISO 8601 in UTC. */
export function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

/** Leaves out what is undefined or null, so that absent stays absent. */
export function present<Values extends Readonly<Record<string, unknown>>>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], null | undefined> } {
  const entries = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null,
  )
  return Object.fromEntries(entries) as {
    [Name in keyof Values]?: Exclude<Values[Name], null | undefined>
  }
}

export function evidenceView(evidence: Evidence): EvidenceView {
  return { ...evidence, time: isoOf(evidence.time) }
}

export function claimView(claim: Claim): ClaimView {
  return {
    attribute: claim.attribute,
    value: claim.value,
    confidence: claim.confidence,
    rule: claim.rule,
    evidence: claim.evidence.map(evidenceView),
    against: claim.against.map(evidenceView),
  }
}

export function assetView(row: AssetRecord): AssetRow {
  return {
    id: row.id,
    label: row.label,
    ...present({
      manufacturer: claimed(row.manufacturer, row.manufacturer_confidence),
      model: claimed(row.model, row.model_confidence),
      type: claimed(row.type, row.type_confidence),
      category: claimed(row.category, row.category_confidence),
      firmware: claimed(row.firmware, row.firmware_confidence),
      hostname: row.hostname,
      unit: row.unit,
      room: row.room,
      owner: row.owner,
      risk: riskOf(row),
    }),
    ips: [...row.ips],
    macs: [...row.macs],
    state: row.state as AssetState,
    inUse: row.in_use as InUse,
    isConnected: row.is_connected,
    findings: findingsOf(row),
    openIncidents: row.open_incidents,
    tags: [...row.tags],
    custom: row.custom as Record<string, string>,
    firstSeen: isoOf(row.first_seen),
    lastSeen: isoOf(row.last_seen),
  }
}

function riskOf({ risk, risk_low: low, risk_high: high, risk_band: band }: AssetRecord) {
  return risk === null || low === null || high === null || band === null
    ? undefined
    : { number: risk, low, high, band: band as RiskLevel }
}

function claimed(value: string | null, confidence: number | null) {
  return value === null ? undefined : { value, confidence: confidence ?? 0 }
}

function findingsOf(row: AssetRecord): AssetRow['findings'] {
  const counts = {
    critical: row.findings_critical,
    high: row.findings_high,
    medium: row.findings_medium,
    low: row.findings_low,
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
