import {
  addAdvisory,
  addMds2,
  addSbom,
  listMds2,
  listPatches,
  listRecalls,
} from '@wardkeeper/contract'
import {
  isUnderstood,
  parseRange,
  Refusal,
  scoreOf,
  type Advisory,
  type Mds2Form,
  type SbomHint,
  type VexStatement,
} from '@wardkeeper/core'
import { readAdvisory } from '../../store/advisories.ts'
import { appendAudit } from '../../store/audit.ts'
import type { Executor } from '../../store/database.ts'
import { saveMds2Form } from '../../store/feed-facts.ts'
import { appendOutbox } from '../../store/outbox.ts'
import * as lists from '../../store/register-lists.ts'
import { newId } from '../../store/uuid.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { explainRefusal, readHandedIn } from '../handed-in.ts'
import { present } from '../views.ts'

const DAY_MS = 86_400_000

/** Patch register, recall desk, and what people enter by hand of makers. */
export const registerRoutes: Routes = (serve, { database: { db }, bus, feeds, now }) => {
  const note = (actor: Actor, action: string, subject: string) =>
    db.transaction().execute(async (trx) => {
      const { username: byName, userId } = actor
      await appendAudit(trx, { siteId: '*', byName, userId, action, subject }, now())
    })

  serve(listPatches, async ({ query, actor }) => {
    const { items, total } = await lists.listPatches(db, actor.sites, query.q)
    return {
      items: items.map(({ body, devices, findings }) => ({
        ...body,
        cves: [...body.cves],
        advisories: [...body.advisories],
        devices,
        findings,
      })),
      total,
    }
  })

  serve(listRecalls, async ({ query, actor }) => {
    const { items, total } = await lists.listRecalls(db, actor.sites, query)
    return {
      items: items.map(({ body, affected, possible, tasks }) => ({
        id: body.id,
        number: body.recall?.number ?? body.id,
        firm: body.recall?.firm ?? body.source,
        product: body.products[0]?.leaf ?? body.products[0]?.product ?? '',
        published: body.published,
        link: body.link,
        affected,
        possible,
        tasks: [...tasks],
        ...present({ class: body.recall?.class, status: body.recall?.status }),
      })),
      total,
    }
  })

  serve(addAdvisory, async ({ body, actor }) => {
    const advisory = advisoryOf(body)
    await demandOwn(db, advisory, now())
    await feeds.enter({ advisories: [advisory] }, actor.username)
    await note(actor, 'advisory.entered', `advisory:${advisory.id}`)
    const unclear = advisory.products.filter(({ range }) => !isUnderstood(parseRange(range)))
    return { id: advisory.id, unclear: unclear.map(({ range }) => range) }
  })

  serve(listMds2, async () => ({
    items: (await lists.listMds2Forms(db)).map(({ body }) => {
      const { claims, ...form } = body as Mds2Form
      const count = (answer: string) => claims.filter((one) => one.answer === answer).length
      const counts = { yes: count('yes'), no: count('no'), unanswered: count('unanswered') }
      return { ...form, models: [...form.models], ...counts }
    }),
  }))

  serve(addMds2, async ({ query, request, actor }) => {
    const document = await readHandedIn(request)
    const form = await explainRefusal(() => feeds.readMds2(document, hintOf(query)))
    const isSaved = query.preview === 'false'
    if (isSaved) {
      await db.transaction().execute(async (trx) => {
        await saveMds2Form(trx, form)
        const payload = { siteId: '*', advisoryIds: [form.id] }
        await appendOutbox(trx, [{ subject: 'advisory.published', id: `mds2/${newId()}`, payload }])
      })
      bus.wake()
      await note(actor, 'mds2.handed-in', form.id)
    }
    return { isSaved, form: { ...form, models: [...form.models], claims: [...form.claims] } }
  })

  serve(addSbom, async ({ query, request, actor }) => {
    const document = await readHandedIn(request)
    const facts = await explainRefusal(async () => feeds.readParts(document, hintOf(query)))
    const [sbom] = facts.sboms ?? []
    const [statement] = facts.statements ?? []
    const about = sbom ?? statement
    if (about === undefined)
      throw new ApiError('feed-refused', [
        'The document names no component and makes no statement.',
      ])
    const isSaved = query.preview === 'false'
    if (isSaved) {
      demandNoClearing(facts.statements ?? [])
      await feeds.enter(facts, actor.username)
      await note(actor, 'sbom.handed-in', about.id)
    }
    return {
      isSaved,
      manufacturer: about.manufacturer,
      model: about.model,
      range: about.range,
      components: (sbom?.components ?? []).slice(0, 200),
      total: sbom?.components.length ?? 0,
      statements: facts.statements?.length ?? 0,
    }
  })
}

/** One person alone does not clear devices: that is a decision on a finding, which a second one approves. */
function demandNoClearing(statements: readonly VexStatement[]): void {
  if (statements.every(({ status }) => status !== 'not-affected' && status !== 'fixed')) return
  throw new Refusal('clears-devices', [
    'It says of devices that they are not affected. Take it in with a feed or a signed bundle, or decide on the finding, which a second person approves.',
  ])
}

/** What a source published is not replaced by what a person enters, today or when it comes. */
async function demandOwn(db: Executor, { id, published }: Advisory, now: number): Promise<void> {
  if (/^CVE-/i.test(id)) {
    throw new ApiError('invalid-input', ['id: a CVE comes from its feed; enter it under cves'])
  }
  if (Date.parse(published) > now + DAY_MS) {
    throw new ApiError('invalid-input', ['published: this day is in the future'])
  }
  if ((await readAdvisory(db, undefined, id)) === undefined) return
  const entered = await db
    .selectFrom('audit_entries')
    .select('id')
    .where('action', '=', 'advisory.entered')
    .where('subject', '=', `advisory:${id}`)
    .limit(1)
    .executeTakeFirst()
  if (entered === undefined) {
    throw new Refusal('advisory-known', [
      `${id} comes from a source: enter yours under an id of its own.`,
    ])
  }
}

function hintOf(query: {
  readonly manufacturer?: string | undefined
  readonly model?: string | undefined
  readonly version?: string | undefined
}): SbomHint {
  return present({
    manufacturer: query.manufacturer || undefined,
    model: query.model || undefined,
    version: query.version || undefined,
  })
}

interface Entered {
  readonly id: string
  readonly source: string
  readonly link: string
  readonly published: string
  readonly cves: readonly string[]
  readonly vector?: string | undefined
  readonly products: readonly {
    readonly maker: string
    readonly model: string
    readonly range: string
  }[]
  readonly remedy: string
  readonly fixedVersion?: string | undefined
}

function advisoryOf(entered: Entered): Advisory {
  const { id, source, link, published, vector, remedy, fixedVersion } = entered
  const score = vector === undefined || vector === '' ? undefined : scoreOf(vector)
  if (vector !== undefined && vector !== '' && score === undefined) {
    throw new ApiError('invalid-input', ['vector: this is no CVSS vector of version 2, 3 or 4'])
  }
  // An advisory without a CVE is one vulnerability under its own id.
  const cves = entered.cves.length > 0 ? [...new Set(entered.cves)] : [id]
  const pids = entered.products.map((_one, index) => `P${index + 1}`)
  return {
    id,
    kind: 'csaf',
    source,
    revision: published,
    published,
    updated: published,
    products: entered.products.map(({ maker, model, range }, index) => ({
      pid: `P${index + 1}`,
      vendor: maker,
      product: model,
      range,
      leaf: `${maker} ${model} ${range}`,
      cves,
    })),
    vulnerabilities: cves.map((cve) => ({
      cve,
      vectors: vector ? [vector] : [],
      ...(score !== undefined && { baseScore: score }),
    })),
    remedies: [{ kind: remedy, pids, url: link, ...(fixedVersion && { version: fixedVersion }) }],
    link,
  }
}
