import { z } from 'zod'
import type { Permission } from './permissions.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One call of the HTTP API. `permission` is checked by the server before the handler; `public` needs no session. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: Method
  /** Path with `:name` parameters, beginning with `/api`. */
  readonly path: string
  readonly permission: Permission | 'signed-in' | 'public'
  readonly summary: string
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly response: Response
}

const nothing = z.undefined().optional()

/** Declares a route; parts that are left out take nothing. */
export function route<
  Params extends z.ZodType = typeof nothing,
  Query extends z.ZodType = typeof nothing,
  Body extends z.ZodType = typeof nothing,
  Response extends z.ZodType = typeof nothing,
>(
  parts: Pick<Route, 'method' | 'path' | 'permission' | 'summary'> & {
    readonly params?: Params
    readonly query?: Query
    readonly body?: Body
    readonly response?: Response
  },
): Route<Params, Query, Body, Response> {
  return {
    params: nothing as unknown as Params,
    query: nothing as unknown as Query,
    body: nothing as unknown as Body,
    response: nothing as unknown as Response,
    ...parts,
  }
}

export const byId = z.object({ id: z.uuid() })

/** Milliseconds since 1970 as the API carries times: ISO 8601 text in UTC. */
export const time = z.iso.datetime()

/** A page of a list. `next` is the cursor of the page after; absent on the last. `total` counts all that match. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().optional(), total: z.number().int() })
}

/** What every list takes: `limit`, the `cursor` of the page before, `sort` (`-` first: descending) and a search text. */
export function listQuery<Sort extends readonly [string, ...string[]]>(sorts: Sort) {
  const keys = sorts.flatMap((key) => [key, `-${key}`]) as [string, ...string[]]
  return z.object({
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(500).optional(),
    sort: z.enum(keys).optional(),
    q: z.string().trim().max(200).optional(),
  })
}

/** One value, or several as repeated query parameters. */
export function many<Item extends z.ZodType<string>>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).max(50).optional(),
  )
}

/** An error, in one shape everywhere (RFC 9457, `application/problem+json`). */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  /** Stable word for programs: `technician-not-authorised`, `not-found`, `invalid-input` ... */
  code: z.string(),
  /** Sentences for the person, one reason each. */
  reasons: z.array(z.string()).optional(),
})
export type Problem = z.infer<typeof problem>
