import {
  addFeedDocument,
  configureFeed,
  getQuarantined,
  importFeedBundle,
  listFeedRuns,
  listFeeds,
  listQuarantine,
  runFeed,
  type FeedView,
} from '@wardkeeper/contract'
import type { FeedState } from '../../feed-desk.ts'
import { appendAudit } from '../../store/audit.ts'
import * as store from '../../store/feeds.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { explainRefusal, readHandedIn, withHandedIn } from '../handed-in.ts'
import { isoOf, present } from '../views.ts'

/** Tables that a maker sends; every other feed is the administrator's, as is what can clear devices. */
const TABLES = new Set(['patches', 'support'])

/** Where knowledge from outside comes from. */
export const feedRoutes: Routes = (serve, { database: { db }, feeds, uploadFolder, now }) => {
  const note = (actor: Actor, action: string, subject: string, after?: unknown) =>
    db.transaction().execute(async (trx) => {
      const { username: byName, userId } = actor
      await appendAudit(trx, { siteId: '*', byName, userId, action, subject, after }, now())
    })
  const demand = async (id: string) => {
    if (!(await feeds.list()).some((one) => one.id === id)) throw new ApiError('not-found')
  }

  serve(listFeeds, async () => ({
    items: (await feeds.list()).map(feedView),
    trustedKeys: [...(await feeds.trustedKeys())],
  }))

  serve(configureFeed, async ({ params: { id }, body, actor }) => {
    await demand(id)
    const { isEnabled, url, everyHours } = body
    await db.transaction().execute(async (trx) => {
      const settings = { isEnabled, everyHours, url: url === '' ? null : url }
      await store.configureFeed(trx, id, settings)
      const { username: byName, userId } = actor
      const entry = {
        siteId: '*',
        byName,
        userId,
        action: 'feed.configured',
        subject: `feed:${id}`,
      }
      await appendAudit(trx, { ...entry, after: body }, now())
    })
    return undefined
  })

  serve(runFeed, async ({ params: { id }, actor }) => {
    await demand(id)
    const outcome = await explainRefusal(() => feeds.run(id, actor.username))
    await note(actor, 'feed.run', `feed:${id}`, outcome.counts)
    return { ...outcome, counts: { ...outcome.counts } }
  })

  serve(listFeedRuns, async ({ params: { id } }) => ({
    items: (await store.listRuns(db, id)).map(
      ({ by_name: by, started, ended, problem, counts, ...row }) => ({
        ...row,
        by,
        started: isoOf(started),
        ended: isoOf(ended),
        ...present({ problem: problem ?? undefined }),
        counts: counts as Record<string, number>,
      }),
    ),
  }))

  serve(listQuarantine, async ({ query }) => ({
    items: (await store.listQuarantine(db, query.feedId)).map(
      ({ feed_id: feedId, found, ...row }) => ({
        ...row,
        feedId,
        found: isoOf(found),
      }),
    ),
  }))

  serve(getQuarantined, async ({ params, reply }) => {
    const found = await store.findQuarantined(db, params.id)
    if (found === undefined) throw new ApiError('not-found')
    const name = found.name.replaceAll(/[^\w.-]/g, '_').slice(-100)
    // Foreign bytes: never shown by the browser as a page of ours.
    void reply
      .type('text/plain; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}.txt"`)
      .serializer((text: unknown) => String(text))
    return Buffer.from(found.raw).toString('utf8')
  })

  serve(importFeedBundle, async ({ request, actor }) => {
    const done = await withHandedIn(request, uploadFolder, (file) =>
      explainRefusal(() => feeds.importBundle(file, actor.username)),
    )
    await note(actor, 'feed.bundle-imported', `bundle:${done.keyId}`, { made: done.made })
    return {
      ...done,
      outcomes: done.outcomes.map((one) => ({ ...one, counts: { ...one.counts } })),
    }
  })

  serve(addFeedDocument, async ({ params: { id }, request, actor }) => {
    await demand(id)
    if (!TABLES.has(id) && !actor.permissions.has('feeds:run')) throw new ApiError('not-allowed')
    const document = await readHandedIn(request)
    const outcome = await explainRefusal(() => feeds.load(id, document, actor.username))
    await note(actor, 'feed.loaded-by-hand', `feed:${id}`, { name: document.name })
    return { ...outcome, counts: { ...outcome.counts } }
  })
}

function feedView(feed: FeedState): FeedView {
  const { url, ageDays, dataDate, lastRun, lastSuccess, lastWay, next, problem, key, ...rest } =
    feed
  const time = (at: number | undefined) => (at === undefined ? undefined : isoOf(at))
  return {
    id: rest.id,
    title: rest.title,
    licence: rest.licence,
    isEnabled: rest.isEnabled,
    isUrlOwn: rest.isUrlOwn,
    everyHours: rest.everyHours,
    state: rest.state as FeedView['state'],
    isStale: rest.isStale,
    freshness: rest.freshness,
    counts: { ...rest.counts },
    quarantined: rest.quarantined,
    ...present({
      url,
      ageDays,
      lastWay,
      problem,
      key,
      dataDate: time(dataDate),
      lastRun: time(lastRun),
      lastSuccess: time(lastSuccess),
      next: time(next),
    }),
  }
}
