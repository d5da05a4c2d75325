import type { Evidence, Severity, Weakness } from '../vocabulary.ts'
import type { Mds2Answer, Mds2Form } from './mds2.ts'

/** What the network showed of a device: weaknesses by code, and its sessions beyond the hospital. */
export interface SeenOfDevice {
  readonly weaknesses: readonly Weakness[]
  /** Names or addresses outside the hospital with which it had sessions, and evidence for each. */
  readonly outside: readonly { readonly peer: string; readonly evidence: readonly Evidence[] }[]
  readonly isWireless: boolean
}

interface Rule {
  readonly ids: readonly string[]
  readonly claimed: Mds2Answer
  readonly claim: string
  readonly severity: Severity
  /** What was seen against the claim; nothing when it was not contradicted. */
  readonly seen: (
    device: SeenOfDevice,
  ) => { readonly what: string; readonly evidence: readonly Evidence[] } | undefined
}

const shows =
  (what: string, ...codes: readonly string[]) =>
  (device: SeenOfDevice) => {
    const found = device.weaknesses.filter(({ code }) => codes.includes(code))
    if (found.length === 0) return undefined
    return {
      what: `${what} (${found.map(({ code }) => code).join(', ')})`,
      evidence: found.flatMap((one) => one.evidence),
    }
  }

const outside = ({ outside: peers }: SeenOfDevice) =>
  peers.length === 0
    ? undefined
    : {
        what: `sessions with ${peers
          .slice(0, 3)
          .map(({ peer }) => peer)
          .join(', ')}${peers.length > 3 ? ` and ${peers.length - 3} more` : ''}`,
        evidence: peers.flatMap((one) => one.evidence),
      }

const RULES: readonly Rule[] = [
  {
    ids: ['RMOT-1', '20-1'],
    claimed: 'no',
    claim: 'that it allows no remote service',
    severity: 'high',
    seen: outside,
  },
  {
    ids: ['CONN-4'],
    claimed: 'no',
    claim: 'that it talks to no system outside',
    severity: 'medium',
    seen: outside,
  },
  {
    ids: ['TXCF-2', '18-2'],
    claimed: 'yes',
    claim: 'that data is encrypted before it is sent',
    severity: 'high',
    seen: shows(
      'clinical data in the clear',
      'cleartext-hl7',
      'cleartext-dicom',
      'cleartext-fhir',
      'cleartext-device',
    ),
  },
  {
    ids: ['TXCF-5'],
    claimed: 'yes',
    claim: 'that clinical protocols are sent securely',
    severity: 'high',
    seen: shows('clinical data in the clear', 'cleartext-hl7', 'cleartext-dicom'),
  },
  {
    ids: ['SAHD-8', 'SAHD-9', '15-5', '15-6'],
    claimed: 'yes',
    claim: 'that ports and services which are not needed are off',
    severity: 'medium',
    seen: shows('services that no device needs', 'telnet', 'ftp-login', 'smb1'),
  },
  {
    ids: ['PAUT-5', '12-4'],
    claimed: 'yes',
    claim: 'that passwords can be changed',
    severity: 'medium',
    seen: shows('a community name as delivered', 'default-snmp-community'),
  },
  {
    ids: ['CONN-1.1', 'CONN-1.1.1'],
    claimed: 'no',
    claim: 'that it has no wireless connection',
    severity: 'low',
    seen: ({ isWireless }) =>
      isWireless ? { what: 'it on the wireless network', evidence: [] } : undefined,
  },
]

/** Claims of the maker's form that the network contradicts: findings `mds2.contradiction`, one for each question. */
export function findContradictions(form: Mds2Form, device: SeenOfDevice): readonly Weakness[] {
  return form.claims.flatMap(({ id, answer }) => {
    const rule = RULES.find((one) => one.ids.includes(id) && one.claimed === answer)
    const found = rule?.seen(device)
    if (rule === undefined || found === undefined) return []
    const reason = `The maker states ${rule.claim} (${id}: ${answer}), but the network showed ${found.what}.`
    return [
      {
        code: `mds2.contradiction/${id}`,
        severity: rule.severity,
        reason,
        evidence: found.evidence,
      },
    ]
  })
}
