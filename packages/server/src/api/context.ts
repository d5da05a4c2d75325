import type { FastifyInstance } from 'fastify'
import type { Bus } from '../bus/bus.ts'
import type { Content } from '../content/load.ts'
import type { FeedDesk } from '../feed-desk.ts'
import type { Database } from '../store/database.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { Serve } from './serve.ts'

/** What the routes work with. */
export interface ApiContext {
  readonly database: Database
  readonly bus: Bus
  readonly content: Content
  readonly changes: ChangeFeed
  readonly feeds: FeedDesk
  /** Site of what is entered here; sensors name their own. */
  readonly siteId: string
  /** Where uploads are kept. */
  readonly uploadFolder: string
  /** Where documents and plans are kept, each under the hash of its content. */
  readonly documentFolder: string
  /** Shown in `about`; undefined with an external database. */
  readonly dataFolder: string | undefined
  readonly version: string
  readonly isFirstRun: boolean
  /** Takes over a capture that was handed in; answers with its sensor id. */
  readonly onCapture: (path: string, name: string) => Promise<unknown> | void
  readonly now: () => number
}

/** The routes of one resource. A new one is a file in `routes/` and a line in `routes.ts`. */
export type Routes = (serve: Serve, context: ApiContext, app: FastifyInstance) => void
