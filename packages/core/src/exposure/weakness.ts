import type { Evidence, ObservedFact, Weakness } from '../vocabulary.ts'
import { SEVERITIES } from '../vocabulary.ts'
import type { WeaknessRule } from './weakness-rule.ts'
import { anonymousAccess } from './weaknesses/anonymous-access.ts'
import { cleartextDevice } from './weaknesses/cleartext-device.ts'
import { cleartextDicom } from './weaknesses/cleartext-dicom.ts'
import { cleartextFhir } from './weaknesses/cleartext-fhir.ts'
import { cleartextHl7 } from './weaknesses/cleartext-hl7.ts'
import { defaultSnmpCommunity } from './weaknesses/default-snmp-community.ts'
import { expiredCertificate } from './weaknesses/expired-certificate.ts'
import { ftpLogin } from './weaknesses/ftp-login.ts'
import { httpLogin } from './weaknesses/http-login.ts'
import { mailLogin } from './weaknesses/mail-login.ts'
import { oldTls } from './weaknesses/old-tls.ts'
import { smb1 } from './weaknesses/smb1.ts'
import { telnet } from './weaknesses/telnet.ts'
import { weakCipher } from './weaknesses/weak-cipher.ts'

/** Every weakness that is looked for, by code. */
export const WEAKNESS_RULES: readonly WeaknessRule[] = [
  anonymousAccess,
  cleartextDevice,
  cleartextDicom,
  cleartextFhir,
  cleartextHl7,
  defaultSnmpCommunity,
  expiredCertificate,
  ftpLogin,
  httpLogin,
  mailLogin,
  oldTls,
  smb1,
  telnet,
  weakCipher,
]

/** Fields that can show a weakness. */
export const WEAKNESS_FIELDS: readonly string[] = [
  ...new Set(WEAKNESS_RULES.flatMap(({ fields }) => fields)),
]

/** A weakness counts for so long after it was last seen, measured on the device's own last sign of life. */
const DAY = 86_400_000
const MEMORY = 30 * DAY

/**
 * Weaknesses that the facts of one asset show, worst first. A device that fell silent keeps what it showed:
 * silence is not a repair. `lastSeen` is its last sign of life where the facts are only those of `WEAKNESS_FIELDS`.
 */
export function findWeaknesses(
  facts: readonly ObservedFact[],
  now: number,
  lastSeen?: number,
): readonly Weakness[] {
  const alive = lastSeen === undefined || lastSeen > now + DAY ? Number.NEGATIVE_INFINITY : lastSeen
  const latest = Math.max(latestOf(facts, now), alive)
  const recent = facts.filter(({ last }) => last >= latest - MEMORY)
  const found = WEAKNESS_RULES.flatMap((rule) => weaknessOf(rule, recent, now) ?? [])
  return found.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
}

/** One frame with a broken clock, years ahead, must not make all that was seen before it old. */
function latestOf(facts: readonly ObservedFact[], now: number): number {
  const believable = facts.filter(({ last }) => last <= now + DAY)
  const counted = believable.length > 0 ? believable : facts
  return counted.reduce((last, fact) => Math.max(last, fact.last), Number.NEGATIVE_INFINITY)
}

function weaknessOf(
  rule: WeaknessRule,
  facts: readonly ObservedFact[],
  now: number,
): Weakness | undefined {
  const shown = facts.filter(
    (fact) => rule.fields.includes(fact.field) && rule.isShownBy(fact, now),
  )
  if (shown.length === 0) return undefined
  const { code, severity, reason } = rule
  return { code, severity, reason, evidence: shown.map((fact) => evidenceOf(fact, code)) }
}

function evidenceOf(
  { field, value, last, sensor, evidence }: ObservedFact,
  rule: string,
): Evidence {
  const { file, frame } = evidence
  const place = { ...(file !== undefined && { file }), ...(frame !== undefined && { frame }) }
  return { field, value, time: last, sensor, ...place, rule, weight: 0 }
}
