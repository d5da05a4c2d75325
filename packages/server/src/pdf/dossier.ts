import type { DossierAdvisory, Known, PurchaseDossier } from '@wardkeeper/core'
import type { PdfBlock, PdfContent } from './document.ts'

/** The dossier as blocks of a document. What is not known is said, section by section. */
export function dossierDocument(dossier: PurchaseDossier, time: number): PdfContent {
  const { manufacturer, model, version } = dossier
  const what = [manufacturer, model, version].filter(Boolean).join(' ')
  return {
    title: `Purchase review: ${what}`,
    subtitle:
      dossier.knownAs === undefined
        ? 'The maker is not in the vocabulary: another spelling may find more.'
        : `Maker: ${dossier.knownAs}`,
    time,
    blocks: [
      { kind: 'heading', text: 'In short' },
      ...inShort(dossier),
      { kind: 'heading', text: 'Advisories so far' },
      ...advisoryBlocks(dossier),
      { kind: 'heading', text: 'Recalls so far' },
      ...section(dossier.recalls, (items) =>
        items.length === 0
          ? { kind: 'text', text: 'None among the recalls that were looked through.' }
          : advisoryTable(items),
      ),
      { kind: 'heading', text: 'Support by the maker' },
      ...section(dossier.support, (items) => ({
        kind: 'table',
        head: ['Versions', 'Supported until', 'Sold until', 'Source'],
        rows: items.map((one) => [
          one.range,
          one.endOfSupport,
          one.endOfSale ?? 'not known',
          one.source,
        ]),
        widths: [2, 1, 1, 2],
      })),
      { kind: 'heading', text: 'What the maker says of its security (MDS2)' },
      ...section(dossier.mds2, (items) => ({
        kind: 'table',
        head: ['Question', 'Answer'],
        rows: items.map(({ question, answer }) => [question, answer]),
        widths: [3, 2],
      })),
      { kind: 'heading', text: 'What it is built of (SBOM)' },
      ...section(dossier.sboms, (items) => ({
        kind: 'table',
        head: ['Versions', 'Components', 'Published', 'Source'],
        rows: items.map((one) => [one.range, String(one.components), one.published, one.source]),
        widths: [2, 1, 1, 2],
      })),
      { kind: 'heading', text: 'How such devices behave here' },
      ...section(dossier.experience, ([first]) => ({
        kind: 'table',
        head: ['What', 'Here'],
        rows:
          first === undefined
            ? []
            : [
                ['Devices', String(first.devices)],
                ['Units', String(first.units)],
                ['Versions', sayCounts(first.versions)],
                ['Bands of risk', sayCounts(first.bands)],
                ['In contact with', sayCounts(first.reach)],
                ['Open weaknesses', sayCounts(first.weaknesses) || 'none seen'],
                ['Services', first.services.join(', ') || 'none seen'],
              ],
        widths: [1, 3],
      })),
    ],
  }
}

function section<Part>(
  known: Known<Part>,
  show: (items: readonly Part[]) => PdfBlock,
): readonly PdfBlock[] {
  if (known.isKnown) return [show(known.items)]
  return [{ kind: 'text', text: `Not known. ${known.because}` }]
}

/** The sentences that a buyer reads first. */
export function sayDossier({ summary, recalls }: PurchaseDossier): readonly string[] {
  const { advisories, withoutFix, knownExploited, medianDaysToFix, lookedThrough, newest } = summary
  return [
    advisories === 0
      ? `No advisory names it among the ${lookedThrough} that were looked through (newest ${newest ?? 'not known'}). That is not proof of a safe device.`
      : `${advisories} advisories so far, ${withoutFix} without a fix by the maker, ${knownExploited} with an exploit that is known to be used.`,
    medianDaysToFix === undefined
      ? 'How long the maker takes to fix is not known.'
      : `Where the maker fixed it: half of them within ${medianDaysToFix} days of publication.`,
    recalls.isKnown
      ? `${summary.recalls} recalls so far.`
      : `Recalls: not known. ${recalls.because}`,
  ]
}

function inShort(dossier: PurchaseDossier): readonly PdfBlock[] {
  return sayDossier(dossier).map((text) => ({ kind: 'text', text }))
}

function advisoryBlocks({ advisories, summary }: PurchaseDossier): readonly PdfBlock[] {
  if (advisories.length > 0) return [advisoryTable(advisories)]
  return [
    { kind: 'text', text: `None among the ${summary.lookedThrough} that were looked through.` },
  ]
}

function advisoryTable(items: readonly DossierAdvisory[]): PdfBlock {
  return {
    kind: 'table',
    head: ['Advisory', 'Published', 'Verdict', 'Worst score', 'Exploited', 'Fix', 'Because'],
    rows: items.map((one) => [
      one.id,
      one.published,
      one.verdict.replaceAll('-', ' '),
      one.worstScore?.toFixed(1) ?? 'not known',
      one.knownExploited.length > 0 ? 'known' : 'not known',
      sayFix(one),
      one.because,
    ]),
    widths: [1.6, 1.1, 1.1, 0.8, 0.9, 1.4, 3],
  }
}

/** How long the maker took, or has been taking. */
export function sayFix({ daysToFix, daysOpen, remedies }: DossierAdvisory): string {
  if (daysToFix !== undefined) return `within ${daysToFix} days`
  if (daysOpen === undefined) return remedies.join(', ') || 'not known'
  const other = remedies
    .filter((kind) => !/^none|^no_fix/.test(kind))
    .join(', ')
    .replaceAll('_', ' ')
  return `none in ${daysOpen} days${other === '' ? '' : ` (${other})`}`
}

function sayCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name || 'not known'}: ${count}`)
    .join(', ')
}
