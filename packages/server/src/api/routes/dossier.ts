import { getDossier, reportDossier } from '@wardkeeper/contract'
import {
  answersOf,
  assembleDossier,
  indexAdvisories,
  indexMds2,
  type Advisory,
  type PurchaseDossier,
} from '@wardkeeper/core'
import { renderPdf } from '../../pdf/document.ts'
import { dossierDocument, sayDossier } from '../../pdf/dossier.ts'
import { readExperience } from '../../store/experience.ts'
import { loadProductFacts } from '../../store/product-facts.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'

interface Asked {
  readonly maker: string
  readonly model: string
  readonly version?: string | undefined
}

/** Purchase review: what is known of a model before it is bought. */
export const dossierRoutes: Routes = (serve, { database: { db }, content, now }) => {
  const { vocabulary } = content.knowledge
  const assemble = async (asked: Asked, actor: Actor): Promise<PurchaseDossier> => {
    const { maker, model, version } = asked
    const rows = await db
      .selectFrom('advisories')
      .select('body')
      .where('withdrawn', 'is', null)
      .execute()
    const stored = rows.map(({ body }) => body as Advisory)
    const known = new Set(stored.map(({ id }) => id))
    const advisories = [...stored, ...content.advisories.filter(({ id }) => !known.has(id))]
    const facts = await loadProductFacts(db)
    const knownAs = vocabulary.manufacturerOf(maker)?.name ?? maker
    const device = { manufacturer: maker, model, ...(version ? { version } : {}) }
    return assembleDossier({
      device,
      advisories,
      index: indexAdvisories(advisories, vocabulary),
      vocabulary,
      sboms: facts.sboms,
      support: facts.support,
      mds2: answersOf(indexMds2(facts.mds2, vocabulary).formsFor(device)),
      experience: await readExperience(db, actor.sites, knownAs, model),
      hasRecalls: advisories.some(({ kind }) => kind === 'recall'),
      now: now(),
    })
  }

  serve(getDossier, async ({ query, actor }) => {
    const dossier = await assemble(query, actor)
    return { ...dossier, says: sayDossier(dossier) } as never
  })

  serve(reportDossier, async ({ query, actor, reply }) => {
    const pdf = await renderPdf(dossierDocument(await assemble(query, actor), now()))
    void reply
      .type('application/pdf')
      .header('content-disposition', 'attachment; filename="purchase-review.pdf"')
    return pdf as never
  })
}
