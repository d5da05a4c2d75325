import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  assembleDossier,
  indexAdvisories,
  type Advisory,
  type PurchaseDossier,
} from '@wardkeeper/core'
import { loadContent } from '../content/load.ts'
import { renderPdf } from '../pdf/document.ts'
import { dossierDocument, sayDossier, sayFix } from '../pdf/dossier.ts'
import { readAdvisories, readRecalls } from './match-input.ts'
import { paint, table } from './terminal.ts'

export interface DossierOptions {
  readonly advisories?: string
  readonly recalls?: string
  readonly json?: boolean
  readonly pdf?: string
}

/** What is known of a model before it is bought, without a database. Answers with the exit code. */
export async function showDossier(
  device: { readonly manufacturer: string; readonly model: string; readonly version?: string },
  contentFolder: string,
  options: DossierOptions,
): Promise<number> {
  const content = await loadContent(contentFolder)
  const { vocabulary } = content.knowledge
  const read = [
    ...(options.advisories === undefined ? [] : [readAdvisories(path.resolve(options.advisories))]),
    ...(options.recalls === undefined ? [] : [readRecalls(path.resolve(options.recalls))]),
  ]
  const advisories = newestOf([...content.advisories, ...read.flatMap((one) => one.advisories)])
  const problems = read.flatMap((one) => one.problems)
  const dossier = assembleDossier({
    device,
    advisories,
    index: indexAdvisories(advisories, vocabulary),
    vocabulary,
    hasRecalls: advisories.some(({ kind }) => kind === 'recall'),
    now: Date.now(),
  })
  if (options.pdf !== undefined) {
    await writeFile(options.pdf, await renderPdf(dossierDocument(dossier, Date.now())))
  }
  if (options.json === true) process.stdout.write(`${JSON.stringify(dossier)}\n`)
  else if (options.pdf === undefined) print(dossier)
  for (const problem of problems) process.stderr.write(`wardkeeper: ${problem}\n`)
  return problems.length > 0 ? 3 : 0
}

/** The newest revision of each advisory. */
function newestOf(advisories: readonly Advisory[]): readonly Advisory[] {
  const newest = new Map<string, Advisory>()
  for (const advisory of advisories) {
    const known = newest.get(advisory.id)
    if (known === undefined || known.updated < advisory.updated) newest.set(advisory.id, advisory)
  }
  return [...newest.values()]
}

function print(dossier: PurchaseDossier): void {
  const { manufacturer, model, version } = dossier
  const lines = [
    paint('bold', [manufacturer, model, version].filter(Boolean).join(' ')),
    ...sayDossier(dossier),
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  const { recalls } = dossier
  const all = [...dossier.advisories, ...(recalls.isKnown ? recalls.items : [])]
  if (all.length > 0) {
    const rows = all.map((one) => [
      one.id,
      one.published,
      one.verdict,
      one.worstScore?.toFixed(1) ?? 'unknown',
      one.knownExploited.length > 0 ? 'yes' : 'not known',
      sayFix(one),
    ])
    process.stdout.write(
      table(['Advisory', 'Published', 'Verdict', 'Score', 'Exploited', 'Fix'], rows),
    )
  }
  for (const [name, part] of [
    ['Support', dossier.support],
    ['MDS2', dossier.mds2],
    ['SBOM', dossier.sboms],
    ['Here', dossier.experience],
  ] as const) {
    if (!part.isKnown) process.stdout.write(`${name}: not known. ${part.because}\n`)
  }
}
