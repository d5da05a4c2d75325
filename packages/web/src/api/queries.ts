import {
  QueryCache,
  QueryClient,
  hashKey,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { type Route, getSession } from '@wardkeeper/contract'
import { type CallFailed, type CallInput, type CallOutput, call } from './call.ts'
import { liveChanges } from './live.ts'

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: CallFailed
  }
}

/** When what is on its way was asked for, by the hash of the query. */
const asked = new Map<string, number>()

/** The one cache. A refusal is an answer, so only a server that cannot be reached is asked again. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    // An answer is as old as its question: what changed while it was on its way it may not tell.
    onSuccess: (_data, query) => {
      const dataUpdatedAt = asked.get(query.queryHash)
      if (dataUpdatedAt !== undefined) query.setState({ dataUpdatedAt })
    },
    onError: (error, query) => {
      // The session ended while a page was open. The session itself is asked by the router, which knows the way.
      if (error.status !== 401 || query.queryKey[0] === getSession.path) return
      const here = `${location.pathname}${location.search}`
      location.assign(`/sign-in?to=${encodeURIComponent(here)}`)
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && (error.status === 0 || error.status >= 502),
      refetchOnWindowFocus: false,
    },
  },
})

/** How a route is fetched: the key is the route and its input, nothing else. */
export function fetching<R extends Route>(route: R, input: CallInput<R>) {
  return queryOptions({
    queryKey: [route.path, input.params ?? {}, input.query ?? {}],
    queryFn: ({ queryKey, signal }) => {
      asked.set(hashKey(queryKey), Date.now())
      return call(route, input, signal)
    },
  })
}

/** Fetches a route and keeps the answer; the page before stays visible while the next one loads. */
export function useCall<R extends Route>(
  route: R,
  input: CallInput<R>,
  options: { readonly enabled?: boolean } = {},
) {
  return useQuery({
    ...fetching(route, input),
    placeholderData: keepPreviousData,
    ...options,
  })
}

/** A change. Afterwards everything on the screen is asked anew, because one move touches many lists. */
export function useChange<R extends Route>(route: R) {
  const client = useQueryClient()
  return useMutation<CallOutput<R>, CallFailed, CallInput<R>>({
    mutationFn: (input) => call(route, input),
    onSuccess: async () => {
      liveChanges.forget()
      await client.invalidateQueries()
    },
  })
}
