import type { FeedDesk } from '../feed-desk.ts'
import { finishRun, lockFeed } from '../store/feeds.ts'
import { saveFeedFacts } from '../store/feed-facts.ts'
import { appendOutbox } from '../store/outbox.ts'
import { newId } from '../store/uuid.ts'
import { keyIdOf } from './bundle.ts'
import { readMds2 } from './sheets.ts'
import { parseParts } from './sources/parts.ts'
import {
  importBundle,
  listFeeds,
  loadByHand,
  readFreshness,
  readTrustedKeys,
  runFeed,
  type FeedContext,
} from './service.ts'

/** Id under which hand entries are counted. */
const BY_HAND = 'by-hand'

/** What the API asks of the feeds. `onLoaded` wakes those who wait for messages. */
export function openFeedDesk(
  context: FeedContext,
  keyFolder: string,
  onLoaded: () => void,
): FeedDesk {
  const now = context.now ?? Date.now
  const env = context.env ?? process.env
  const loaded = <Result>(result: Result): Result => {
    onLoaded()
    return result
  }
  return {
    async list() {
      const feeds = await listFeeds(context.db, now())
      return feeds.map(({ feed, staleness, ...row }) => ({
        ...row,
        id: feed.id,
        title: feed.title,
        licence: feed.licence,
        url: row.url ?? feed.url,
        isUrlOwn: row.url !== undefined,
        everyHours: row.everyHours ?? feed.everyHours,
        isStale: staleness.isStale,
        ageDays: staleness.ageDays,
        freshness: staleness.reason,
        key:
          feed.keyVariable === undefined
            ? undefined
            : { variable: feed.keyVariable, isSet: (env[feed.keyVariable] ?? '') !== '' },
      }))
    },
    freshness: () => readFreshness(context.db, context.bundledDate, now()),
    run: async (id, by) => loaded(await runFeed(context, id, by)),
    load: async (id, document, by) => loaded(await loadByHand(context, id, [document], by)),
    async enter(facts, by) {
      const started = now()
      await context.db.transaction().execute(async (trx) => {
        await lockFeed(trx, BY_HAND)
        const advisoryIds = await saveFeedFacts(trx, facts, BY_HAND, started)
        const counts = { changed: advisoryIds.length }
        const run = {
          feedId: BY_HAND,
          way: 'by hand',
          by,
          started,
          ended: now(),
          outcome: 'changed',
          counts,
        } as const
        await finishRun(trx, run)
        const others = [...(facts.sboms ?? []), ...(facts.statements ?? [])].map(({ id }) => id)
        const payload = { siteId: '*', advisoryIds: [...advisoryIds, ...others] }
        await appendOutbox(trx, [
          { subject: 'advisory.published', id: `feed/${BY_HAND}/${newId()}`, payload },
        ])
      })
      onLoaded()
    },
    async importBundle(file, by) {
      const { manifest, keyId, outcomes } = await importBundle(
        context,
        file,
        await readTrustedKeys(keyFolder),
        by,
      )
      return loaded({ made: manifest.made, keyId, outcomes })
    },
    trustedKeys: async () => (await readTrustedKeys(keyFolder)).map(keyIdOf),
    readMds2: ({ bytes }, hint) => readMds2(bytes, hint),
    readParts: ({ bytes }, hint) => parseParts(bytes, hint).facts,
  }
}
