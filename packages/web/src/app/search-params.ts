import { queryText } from '../api/call.ts'

/** Query text into values: a name that comes once is text, one that comes again is a list. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const params = new URLSearchParams(text)
  const names = [...new Set(params.keys())]
  return Object.fromEntries(
    names.map((name) => {
      const values = params.getAll(name)
      return [name, values.length > 1 ? values : (values[0] ?? '')]
    }),
  )
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const text = queryText(search)
  return text === '' ? '' : `?${text}`
}

interface Check {
  safeParse(value: unknown): { success: boolean; data?: unknown }
}
type Out<Schema> = Schema extends { _zod: { output: infer Value } } ? Value : never

/** The state of a list that lives in its address. `columns` and `page` are ours, the rest goes to the server. */
export interface ListView {
  /** Columns shown; absent: those that the page shows at first. */
  columns?: string[] | undefined
  /** Page number, from 1, for people; the server pages by cursor. */
  page?: number | undefined
}

/**
 * Reads the address of a list with the schema of its route. A value that the schema refuses is dropped, so an
 * old or mistyped link still opens. `limit` is not the reader's choice.
 */
export function listSearch<Shape extends Record<string, Check>>(query: { shape: Shape }) {
  const checks = Object.entries(query.shape).filter(([name]) => name !== 'limit')
  return (raw: Record<string, unknown>) => {
    const kept = checks.flatMap(([name, check]) => {
      if (raw[name] === undefined) return []
      const result = check.safeParse(raw[name])
      return result.success && result.data !== undefined ? [[name, result.data] as const] : []
    })
    const view: ListView = { columns: listOf(raw['columns']), page: pageOf(raw['page']) }
    return dropUndefined({ ...view, ...Object.fromEntries(kept) }) as ListView & {
      [Name in Exclude<keyof Shape, 'limit'>]?: Out<Shape[Name]> | undefined
    }
  }
}

/** One of a few words in the address, or the first. */
export function oneOf<const Word extends string>(words: readonly [Word, ...Word[]], raw: unknown) {
  return words.find((word) => word === raw) ?? words[0]
}

function listOf(raw: unknown): string[] | undefined {
  if (raw === undefined) return undefined
  return (Array.isArray(raw) ? raw : [raw]).map(String)
}

function pageOf(raw: unknown): number | undefined {
  const page = Number(raw)
  return Number.isInteger(page) && page > 1 ? page : undefined
}

function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}
