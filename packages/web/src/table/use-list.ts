import { useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import type { ListView } from '../app/search-params.ts'

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** Cursors of the pages before this one, oldest first; the first page has none. */
    trail?: readonly string[]
  }
}

const PAGE_SIZE = 50

interface ListSearch extends ListView {
  readonly cursor?: string | undefined
  readonly sort?: string | undefined
  readonly q?: string | undefined
}

/** What a list shows, read from and written to the address of the page. */
export interface List<Search extends ListSearch> {
  readonly search: Search
  /** What goes to the server: the search without what is ours, plus the page size. */
  readonly query: Omit<Search, 'columns' | 'page'> & { readonly limit: number }
  readonly pageSize: number
  readonly page: number
  /** Changes the filter, sorting or columns; any change of them but the columns goes back to page one. */
  readonly change: (patch: Partial<Search>) => void
  readonly goNext: (cursor: string) => void
  /** Absent on the first page, and where the way here is not known (an opened link). */
  readonly goBack: (() => void) | undefined
  readonly goFirst: () => void
}

/** The state of the list of this page. `Search` is what the page's route reads from the address. */
export function useList<Search extends ListSearch>(): List<Search> {
  const found: unknown = useSearch({ strict: false })
  const search = found as Search
  const navigate = useNavigate()
  const trail = useLocation().state.trail ?? []
  const { columns: _columns, page, ...query } = search
  const go = (next: object, newTrail: readonly string[], isTyping = false) =>
    void navigate({ to: '.', search: next as never, state: { trail: newTrail }, replace: isTyping })

  const change = (patch: Partial<Search>) => {
    const isLookOnly = Object.keys(patch).every((key) => key === 'columns')
    const isTyping = Object.keys(patch).every((key) => key === 'q')
    const start = isLookOnly ? {} : { cursor: undefined, page: undefined }
    go({ ...search, ...start, ...patch }, isLookOnly ? trail : [], isTyping)
  }
  const goFirst = () => go({ ...search, cursor: undefined, page: undefined }, [])
  const goNext = (cursor: string) =>
    go({ ...search, cursor, page: (page ?? 1) + 1 }, [...trail, search.cursor ?? ''])
  const before = trail.at(-1)
  const goBack = () =>
    go(
      { ...search, cursor: before || undefined, page: page && page > 2 ? page - 1 : undefined },
      trail.slice(0, -1),
    )

  return {
    search,
    query: { ...query, limit: PAGE_SIZE } as List<Search>['query'],
    pageSize: PAGE_SIZE,
    page: page ?? 1,
    change,
    goNext,
    goBack: before === undefined ? undefined : goBack,
    goFirst,
  }
}
