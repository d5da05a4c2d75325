import type { Advisory, Severity } from '../vocabulary.ts'

/** CVSS bands (CVSS v3.1 §5), one band up when an exploit is known to be used. */
export function severityOfAdvisory(
  advisory: Advisory | undefined,
  cves: readonly string[],
): Severity {
  const own = advisory?.vulnerabilities.filter(({ cve }) => cves.includes(cve)) ?? []
  const all = own.length > 0 ? own : (advisory?.vulnerabilities ?? [])
  if (own.some(({ kev }) => kev !== undefined)) return 'critical'
  const scores = all.flatMap(({ baseScore }) => baseScore ?? [])
  return scores.length === 0 ? 'medium' : bandOf(Math.max(...scores))
}

function bandOf(score: number): Severity {
  if (score >= 9) return 'critical'
  if (score >= 7) return 'high'
  return score >= 4 ? 'medium' : 'low'
}
