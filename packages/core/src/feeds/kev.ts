import { objectsAt, textAt } from '../exposure/json.ts'
import {
  BadDocument,
  dayOf,
  isCve,
  type BadRecord,
  type ExploitSignal,
  type ParsedDocument,
} from './facts.ts'

/** CISA's catalogue of known exploited vulnerabilities. It has no version ranges: joined by CVE only. */
export function parseKev(document: unknown): ParsedDocument {
  const entries = objectsAt(document, 'vulnerabilities')
  const date = textAt(document, 'dateReleased')
  if (textAt(document, 'catalogVersion') === '' || dayOf(date) === undefined) {
    throw new BadDocument(
      'This is not the catalogue of known exploited vulnerabilities: catalogVersion or dateReleased is missing.',
    )
  }
  demandCount(document, entries.length)
  const signals: ExploitSignal[] = []
  const bad: BadRecord[] = []
  for (const entry of entries) {
    const cve = textAt(entry, 'cveID').trim()
    const added = dayOf(textAt(entry, 'dateAdded'))
    const reason = problemOf(cve, added, date)
    if (reason !== undefined || added === undefined) {
      bad.push({
        name: cve || 'entry without id',
        reason: reason ?? '',
        raw: JSON.stringify(entry),
      })
      continue
    }
    const due = dayOf(textAt(entry, 'dueDate'))
    const isRansomware = textAt(entry, 'knownRansomwareCampaignUse').toLowerCase() === 'known'
    signals.push({ cve, kev: { added, ...(due !== undefined && { due }), isRansomware } })
  }
  return { facts: { signals }, date, bad }
}

function demandCount(document: unknown, found: number): void {
  const stated = (document as { count?: unknown } | null)?.count
  if (found === 0) throw new BadDocument('The catalogue is empty. Nothing was changed.')
  if (typeof stated === 'number' && stated !== found) {
    throw new BadDocument(
      `The catalogue says that it has ${stated} entries but has ${found}: it was cut short. Fetch it again.`,
    )
  }
}

function problemOf(cve: string, added: string | undefined, released: string): string | undefined {
  if (!isCve(cve)) return `cveID "${cve}" is no CVE id`
  if (added === undefined) return 'dateAdded is not a date'
  return added > released.slice(0, 10) ? `dateAdded ${added} is after the catalogue` : undefined
}
