import { ADVISORY_KINDS, VERDICTS } from '@wardkeeper/core'
import { z } from 'zod'
import { route } from './route.ts'

const count = z.number().int()
const counts = z.record(z.string(), count)

/** A part that may not be known; then it says why. */
function known<Part extends z.ZodType>(part: Part) {
  return z.discriminatedUnion('isKnown', [
    z.object({ isKnown: z.literal(true), items: z.array(part) }),
    z.object({ isKnown: z.literal(false), because: z.string() }),
  ])
}

const advisory = z.object({
  id: z.string(),
  kind: z.enum(ADVISORY_KINDS),
  source: z.string(),
  published: z.string(),
  updated: z.string(),
  verdict: z.enum(VERDICTS),
  because: z.string(),
  missing: z.string().optional(),
  cves: z.array(z.string()),
  knownExploited: z.array(z.string()),
  worstScore: z.number().optional(),
  remedies: z.array(z.string()),
  /** Days from publication to the last revision, which has a fix of the maker: at most so many. */
  daysToFix: count.optional(),
  /** Days since publication without a fix of the maker. */
  daysOpen: count.optional(),
  link: z.string(),
})
export type DossierAdvisoryView = z.infer<typeof advisory>

const asked = z.object({
  maker: z.string().trim().min(1).max(120),
  model: z.string().trim().min(1).max(200),
  version: z.string().trim().max(100).optional(),
})

export const getDossier = route({
  method: 'GET',
  path: '/api/dossier',
  permission: 'findings:read',
  summary: 'What is known of a model before it is bought',
  query: asked,
  response: z.object({
    manufacturer: z.string(),
    model: z.string(),
    version: z.string().optional(),
    knownAs: z.string().optional(),
    advisories: z.array(advisory),
    recalls: known(advisory),
    summary: z.object({
      advisories: count,
      recalls: count,
      withoutFix: count,
      knownExploited: count,
      medianDaysToFix: count.optional(),
      lookedThrough: count,
      newest: z.string().optional(),
    }),
    mds2: known(z.object({ question: z.string(), answer: z.string() })),
    sboms: known(
      z.object({
        source: z.string(),
        published: z.string(),
        range: z.string(),
        components: count,
      }),
    ),
    support: known(
      z.object({
        range: z.string(),
        endOfSupport: z.string(),
        endOfSale: z.string().optional(),
        source: z.string(),
      }),
    ),
    experience: known(
      z.object({
        devices: count,
        versions: counts,
        units: count,
        bands: counts,
        reach: counts,
        weaknesses: counts,
        services: z.array(z.string()),
      }),
    ),
    /** The sentences that a buyer reads first. */
    says: z.array(z.string()),
  }),
})
export type PurchaseDossierView = z.infer<typeof getDossier.response>

export const reportDossier = route({
  method: 'GET',
  path: '/api/dossier/report.pdf',
  permission: 'findings:read',
  summary: 'The same as PDF',
  query: asked,
  response: z.string(),
})
