import type { ClientConfig } from 'pg'
import { startSchedule, type Schedule } from '../store/schedule.ts'
import { listFeeds, runFeed, type FeedContext } from './service.ts'

const SELF = 'schedule'

/** Looks every five minutes which enabled feeds are due; one after the other. */
export async function startFeedSchedule(
  connection: ClientConfig,
  context: FeedContext & { readonly log: (text: string) => void; readonly onLoaded: () => void },
): Promise<Schedule> {
  return await startSchedule(connection, {
    name: 'feeds',
    tasks: { 'run-due-feeds': async () => void (await runDueFeeds(context)) },
    crontab: '*/5 * * * * run-due-feeds ?max=1',
  })
}

/** Runs every feed that is enabled and due; a failure is written down and the next one goes on. */
export async function runDueFeeds(
  context: FeedContext & { readonly log: (text: string) => void; readonly onLoaded: () => void },
): Promise<readonly string[]> {
  const now = (context.now ?? Date.now)()
  const due = (await listFeeds(context.db, now)).filter(
    ({ next }) => next !== undefined && next <= now,
  )
  for (const { feed } of due) {
    try {
      await runFeed(context, feed.id, SELF)
      context.onLoaded()
    } catch (error) {
      context.log(`${feed.title}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return due.map(({ feed }) => feed.id)
}
