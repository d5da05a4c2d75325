import type { Permission, Route } from '@wardkeeper/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Actor } from './actor.ts'
import { ApiError } from './errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. One without it keeps the server from starting. */
    permission?: Permission | 'signed-in' | 'public'
    /** True for the few calls that work before a one-time password was changed. */
    worksWithOneTimePassword?: boolean
  }
  interface FastifyRequest {
    actor: Actor | undefined
    sessionToken: string | undefined
  }
}

export interface Call<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly actor: Actor
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** Registers one route of the contract: its schemas, its permission and its handler. */
export type Serve = <
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
>(
  route: Route<P, Q, B, R>,
  handler: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<R>>,
  options?: { readonly worksWithOneTimePassword?: boolean },
) => void

export function serveOn(app: FastifyInstance): Serve {
  return (route, handler, options = {}) => {
    app.route({
      method: route.method,
      url: route.path,
      schema: {
        summary: route.summary,
        tags: [route.path.split('/')[2] ?? 'api'],
        ...part('params', route.params),
        ...part('querystring', route.query),
        ...part('body', route.body),
        response: isNothing(route.response) ? { 204: z.undefined() } : { 200: route.response },
      },
      config: { permission: route.permission, ...options },
      async handler(request, reply) {
        const answer = await handler({
          params: request.params as never,
          query: request.query as never,
          body: request.body as never,
          // A public route has no actor; its handler does not look.
          actor: request.actor as Actor,
          request,
          reply,
        })
        return answer === undefined ? reply.code(204).send() : answer
      },
    })
  }
}

function part(name: string, schema: z.ZodType): Record<string, z.ZodType> {
  return isNothing(schema) ? {} : { [name]: schema }
}

function isNothing(schema: z.ZodType): boolean {
  return schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodUndefined
}

/** Refuses, at start-up, a route that says nothing about who may call it. */
export function demandPermissions(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (config?.permission === undefined) {
      throw new Error(`The route ${String(method)} ${url} declares no permission.`)
    }
  })
}

/** Lets a request pass only with the permission that its route declares. */
export function checkPermission(request: FastifyRequest): void {
  const { permission, worksWithOneTimePassword } = request.routeOptions.config
  if (permission === 'public' || request.is404) return
  const { actor } = request
  if (actor === undefined) throw new ApiError('not-signed-in')
  if (actor.mustChangePassword && worksWithOneTimePassword !== true) {
    throw new ApiError('password-change-required')
  }
  if (permission === 'signed-in') return
  if (permission === undefined || !actor.permissions.has(permission))
    throw new ApiError('not-allowed')
}
