import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { previewRiskMethod, supposeRisk } from '@wardkeeper/contract'
import { call, type CallInput } from '../../api/call.ts'

/** Asks for a preview again whenever what is supposed changes. It is a read, though it is sent as a body. */
export function usePreview<R extends typeof supposeRisk | typeof previewRiskMethod>(
  route: R,
  body: CallInput<R>['body'] | undefined,
) {
  return useQuery({
    queryKey: [route.path, body ?? null],
    queryFn: ({ signal }) => call(route, { body } as CallInput<R>, signal),
    enabled: body !== undefined,
    placeholderData: keepPreviousData,
  })
}
