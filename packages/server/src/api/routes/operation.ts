import { HEALTH_PATH } from '@wardkeeper/contract'
import type { FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ApiContext, Routes } from '../context.ts'
import { ApiError } from '../errors.ts'

const PUBLIC = { config: { permission: 'public' }, schema: { hide: true } } as const

/** Health for load balancers, metrics for Prometheus, and the description of the API. */
export const operationRoutes: Routes = (_serve, context, app) => {
  app.get(HEALTH_PATH, PUBLIC, async (_request, reply) => {
    try {
      await context.database.pool.query('select 1')
      return { status: 'ok' }
    } catch {
      return reply.code(503).send({ status: 'no database' })
    }
  })

  app.get('/api/openapi.json', PUBLIC, async () => app.swagger())

  const metrics = makeMetrics(context)
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.requests.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    )
  })
  app.get('/metrics', PUBLIC, async (request, reply) => {
    if (!isLocal(request) && request.actor?.permissions.has('sensors:read') !== true) {
      throw new ApiError('not-signed-in')
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics())
  })
}

/** Asked on this machine, and not through a proxy that speaks for somebody else. */
function isLocal({ ip, headers }: FastifyRequest): boolean {
  const isLoopback = ip === '127.0.0.1' || ip === '::1' || ip === '::ffff:127.0.0.1'
  return (
    isLoopback && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined
  )
}

function makeMetrics({ database, bus, changes }: ApiContext) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'wardkeeper_' })
  const requests = new Histogram({
    name: 'wardkeeper_http_request_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  const gauge = (name: string, help: string, read: () => Promise<number> | number) =>
    new Gauge({
      name: `wardkeeper_${name}`,
      help,
      registers: [registry],
      async collect() {
        this.set(await read())
      },
    })
  const count = async (table: string) => {
    const { rows } = await database.pool.query<{ count: number }>(
      `select count(*) as count from ${table}`,
    )
    return rows[0]?.count ?? 0
  }
  gauge('messages_waiting', 'Messages that were not handled yet', () => count('outbox'))
  gauge(
    'messages_parked',
    'Messages that failed too often',
    async () => (await bus.parked()).length,
  )
  gauge('assets', 'Devices in the inventory', () => count('assets where merged_into is null'))
  gauge('event_streams', 'Open event streams', () => changes.watchers)
  return { registry, requests }
}
