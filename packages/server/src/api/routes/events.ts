import { EVENTS_PATH } from '@wardkeeper/contract'
import type { Change } from '../../store/changes.ts'
import { findSession } from '../../store/sessions.ts'
import { actorOf } from '../actor.ts'
import { ANYTHING } from '../change-feed.ts'
import type { Routes } from '../context.ts'

const HEARTBEAT_MS = 15_000
/** Of one change with very many things, a watcher is told of some: it reloads its list anyway. */
const IDS_PER_CHANGE = 50
/** A reader that lets this much pile up is gone, or as good as gone. */
const PENDING_LIMIT = 1_000_000

/** Server-sent events: what changes, as it changes, of the sites that the reader may see. */
export const eventRoutes: Routes = (_serve, { changes, database, now }, app) => {
  const options = { config: { permission: 'assets:read' }, schema: { hide: true } } as const
  app.get(EVENTS_PATH, options, (request, reply) => {
    const { sessionToken } = request
    let { actor } = request
    const lastId = request.headers['last-event-id']
    reply.hijack()
    const { raw } = reply
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(name, value)
    }
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    raw.write('retry: 2000\n\n')
    const send = ({ type, siteId, ids }: Change, eventId?: string) => {
      if (siteId !== '*' && actor?.sites !== undefined && !actor.sites.includes(siteId)) return
      if (raw.writableLength > PENDING_LIMIT) return end()
      const told = ids.slice(0, IDS_PER_CHANGE)
      for (const [place, id] of told.entries()) {
        // Only the last of a change says where the reader stands: one cut in the middle is told again whole.
        const mark = eventId !== undefined && place === told.length - 1 ? `id: ${eventId}\n` : ''
        raw.write(`${mark}event: ${type}\ndata: ${JSON.stringify({ id })}\n\n`)
      }
    }
    const unwatch = changes.watch(send)
    const beat = async () => {
      // A session that is over must not go on listening.
      // Nor does listening keep it alive: an open page is nobody at the keyboard.
      const user = await findSession(database.db, sessionToken ?? '', now(), {
        isUse: false,
      }).catch(() => undefined)
      actor = user && actorOf(user)
      if (actor?.permissions.has('assets:read') !== true || actor.mustChangePassword) end()
      else raw.write(': here\n\n')
    }
    const catchUp = (id: string) => {
      const missed = changes.since(id)
      if (missed === undefined) for (const change of ANYTHING) send(change)
      else for (const one of missed) send(one.change, one.id)
    }
    const heartbeat = setInterval(() => void beat(), HEARTBEAT_MS)
    const end = () => {
      clearInterval(heartbeat)
      unwatch()
      raw.end()
    }
    raw.on('close', end)
    if (typeof lastId === 'string') catchUp(lastId)
  })
}
