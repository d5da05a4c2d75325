import type { Problem, Route } from '@wardkeeper/contract'

type Input<Schema> = Schema extends { _zod: { input: infer Value } } ? Value : never
type Output<Schema> = Schema extends { _zod: { output: infer Value } } ? Value : never

/** What a call of this route takes; a part that the route does not have is left out. */
export type CallInput<R extends Route> = Part<'params', R> & Part<'query', R> & Part<'body', R>
type Part<Name extends 'params' | 'query' | 'body', R extends Route> =
  undefined extends Input<R[Name]>
    ? { readonly [Key in Name]?: undefined }
    : Record<string, never> extends Input<R[Name]>
      ? { readonly [Key in Name]?: Input<R[Name]> }
      : { readonly [Key in Name]: Input<R[Name]> }

/** What a call of this route answers. */
export type CallOutput<R extends Route> = Output<R['response']>

/** The server said no, or could not be reached (status 0). `reasons` are sentences for the person. */
export class CallFailed extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly reasons: readonly string[]

  constructor(problem: Omit<Problem, 'type'>) {
    super(problem.detail ?? problem.title)
    this.name = 'CallFailed'
    this.status = problem.status
    this.code = problem.code
    this.title = problem.title
    this.reasons = problem.reasons ?? []
  }
}

/** Calls a route of the API. Throws `CallFailed` when the answer is not a success. */
export async function call<R extends Route>(
  route: R,
  input: CallInput<R>,
  signal?: AbortSignal,
): Promise<CallOutput<R>> {
  const response = await send(pathOf(route, input), {
    method: route.method,
    headers: input.body === undefined ? {} : { 'content-type': 'application/json' },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(signal ? { signal } : {}),
  })
  if (!response.ok) throw await failureOf(response)
  const text = await response.text()
  const answer = route.response.safeParse(text === '' ? undefined : JSON.parse(text))
  if (!answer.success) throw unreadable(route, answer.error.issues[0]?.path.join('.'))
  return answer.data as CallOutput<R>
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new CallFailed({
      status: 0,
      code: 'unreachable',
      title: 'Wardkeeper does not answer',
      detail: 'The server cannot be reached. Is it running, and are you on the network?',
    })
  }
}

/** The address of a call: parameters filled in, arrays as repeated query parameters. */
export function pathOf<R extends Route>(route: R, input: CallInput<R>): string {
  const params = (input.params ?? {}) as Readonly<Record<string, string>>
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  )
  const query = queryText((input.query ?? {}) as Readonly<Record<string, unknown>>)
  return query === '' ? path : `${path}?${query}`
}

/** `a=1&b=x&b=y`: what is undefined or empty is left out; in a list the empty text stays, it means "not known". */
export function queryText(query: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : value === '' ? [] : [value])
      .filter((one) => one !== undefined)
      .map((one): [string, string] => [name, String(one)]),
  )
  return new URLSearchParams(parts).toString()
}

async function failureOf(response: Response): Promise<CallFailed> {
  const { status } = response
  const body: unknown = await response.json().catch(() => undefined)
  // A refusal speaks for itself: the number of its status would only puzzle.
  if (isProblem(body)) return new CallFailed({ ...body, status })
  return new CallFailed({
    status,
    code: 'unexpected',
    title: 'The server could not do this',
    detail: `It answered ${status}. Try again; if it stays, ask your administrator.`,
  })
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && 'code' in body
}

function unreadable(route: Route, where: string | undefined): CallFailed {
  return new CallFailed({
    status: 0,
    code: 'unreadable',
    title: 'The server answered something else than agreed',
    detail: `Field ${where ?? '(none)'} of ${route.path}. Reload the page: the server may have been upgraded.`,
  })
}
