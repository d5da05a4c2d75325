import { createHash } from 'node:crypto'
import { z } from 'zod'
import { readFhir } from '../tables/read-fhir.ts'
import { TABLE_LIMITS, tableOf, UnusableTable, type TableFile } from '../tables/table-file.ts'
import { tableOfRows, valueAt } from './rest-rows.ts'

const MOST_PAGES = 10_000
const PAGE_BYTES = 32 * 1024 ** 2

const page = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('none') }),
  /** How many rows to pass over: those that came so far, since a server may give fewer than were asked for. */
  z.strictObject({
    by: z.literal('offset'),
    parameter: z.string().min(1),
    start: z.int().min(0).default(0),
  }),
  /** Number of the page. */
  z.strictObject({
    by: z.literal('number'),
    parameter: z.string().min(1),
    start: z.int().min(0).default(1),
  }),
  /** A word of the answer that the next request repeats. */
  z.strictObject({
    by: z.literal('cursor'),
    parameter: z.string().min(1),
    at: z.string().startsWith('/'),
  }),
  /** The address of the next page: in the answer, or in its Link header (RFC 8288). */
  z.strictObject({ by: z.literal('link'), at: z.string().startsWith('/').optional() }),
])

/** Settings of a pull, a YAML file; secrets are named in them and come from the environment. */
export const pullSettings = z.strictObject({
  name: z.string().min(1).max(120),
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string().regex(/^[\w-]+$/), z.string()).default({}),
  format: z.enum(['rows', 'fhir']).default('rows'),
  /** JSON pointer to the rows of an answer. */
  rows: z.string().default(''),
  page: page.default({ by: 'none' }),
  template: z.string().optional(),
  source: z.string().optional(),
  isFull: z.boolean().optional(),
  dateOrder: z.enum(['day-first', 'month-first']).optional(),
  /** Column of the answer for each field, where the template does not know it. */
  columns: z.record(z.string(), z.string()).default({}),
})
export type PullSettings = z.infer<typeof pullSettings>

/** Fetches one address within bounds; see `feeds/download.ts`. */
export type FetchPage = (
  url: string,
  options: { readonly maxBytes: number; readonly headers: Readonly<Record<string, string>> },
) => Promise<{ readonly bytes: Uint8Array; readonly link: string | undefined }>

export interface Pulled {
  readonly table: TableFile
  /** SHA-256 of all answers, in hex: the same inventory twice is known as such. */
  readonly digest: string
  readonly pages: number
}

/**
 * Reads every page of a REST interface into one table. All of it or nothing: half an inventory would make devices look gone.
 * Throws `UnusableTable` with what to do.
 */
export async function pullTable(
  settings: PullSettings,
  fetchPage: FetchPage,
  environment: NodeJS.ProcessEnv,
  tell: (rows: number) => void = () => undefined,
): Promise<Pulled> {
  const headers = fillSecrets(settings.headers, environment)
  const origin = new URL(settings.url).origin
  const rows: unknown[] = []
  const hash = createHash('sha256')
  const met = new Set<string>()
  let pages = 0
  let url: string | undefined = firstPage(settings)
  while (url !== undefined) {
    if (met.has(url)) throw new UnusableTable(`Page ${pages} leads back to a page that was read.`)
    if (++pages > MOST_PAGES)
      throw new UnusableTable(`There are more than ${MOST_PAGES} pages: ask for larger ones.`)
    met.add(url)
    const { bytes, link } = await fetchPage(url, { maxBytes: PAGE_BYTES, headers })
    hash.update(bytes)
    const answer = parse(bytes, pages)
    const found = rowsOf(answer, settings, pages)
    rows.push(...found)
    if (rows.length > TABLE_LIMITS.rows)
      throw new UnusableTable(
        `There are more than ${TABLE_LIMITS.rows} rows: narrow the address, and pull in parts.`,
      )
    tell(rows.length)
    url = nextPage(settings, { url, answer, link, found: found.length, sum: rows.length, pages })
    if (url !== undefined && new URL(url).origin !== origin)
      throw new UnusableTable(
        `Page ${pages} leads to another server, ${new URL(url).origin}: its key is not taken there.`,
      )
  }
  return { table: tableFrom(settings, rows, pages), digest: hash.digest('hex'), pages }
}

function tableFrom(settings: PullSettings, rows: readonly unknown[], pages: number): TableFile {
  if (rows.length === 0)
    throw new UnusableTable(
      `The answer has no rows at "${settings.rows}": look at "rows" and at what the key may read.`,
    )
  if (settings.format === 'fhir') return readFhir(JSON.stringify(rows))
  const told = `${rows.length} rows of ${pages === 1 ? 'one page' : `${pages} pages`} from ${new URL(settings.url).host}.`
  return tableOf('rest', tableOfRows(rows), [told])
}

function rowsOf(answer: unknown, settings: PullSettings, at: number): readonly unknown[] {
  if (settings.format === 'fhir') {
    const entries = valueAt(answer, '/entry')
    return Array.isArray(entries) ? entries.map((entry) => valueAt(entry, '/resource')) : []
  }
  const rows = valueAt(answer, settings.rows)
  if (Array.isArray(rows)) return rows
  throw new UnusableTable(
    `Page ${at} has no list at "${settings.rows}". ${describe(answer)} Set "rows" to the list's JSON pointer.`,
  )
}

/** Names only: values are the hospital's. */
function describe(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return 'It is no object.'
  const lists = Object.entries(answer).flatMap(([name, value]) =>
    Array.isArray(value) ? [`/${name}`] : [],
  )
  return lists.length > 0 ? `Lists are at ${lists.join(', ')}.` : 'There is no list at its top.'
}

interface Turn {
  readonly url: string
  readonly answer: unknown
  readonly link: string | undefined
  readonly found: number
  readonly sum: number
  readonly pages: number
}

function firstPage({ url, page }: PullSettings): string {
  return page.by === 'offset' || page.by === 'number'
    ? withParameter(url, page.parameter, String(page.start))
    : url
}

/** Address of the page after this one; undefined after the last. */
function nextPage({ url: first, page, format }: PullSettings, turn: Turn): string | undefined {
  const { answer, link, found, sum, pages, url } = turn
  switch (page.by) {
    case 'none':
      return format === 'fhir' ? absolute(nextOfBundle(answer), url) : undefined
    case 'offset':
      return found === 0
        ? undefined
        : withParameter(first, page.parameter, String(page.start + sum))
    case 'number':
      return found === 0
        ? undefined
        : withParameter(first, page.parameter, String(page.start + pages))
    case 'cursor': {
      const cursor = valueAt(answer, page.at)
      const isThere = (typeof cursor === 'string' && cursor !== '') || typeof cursor === 'number'
      return isThere ? withParameter(first, page.parameter, String(cursor)) : undefined
    }
    case 'link':
      return absolute(page.at === undefined ? nextOfHeader(link) : valueAt(answer, page.at), url)
  }
}

function withParameter(address: string, name: string, value: string): string {
  const url = new URL(address)
  url.searchParams.set(name, value)
  return url.href
}

function absolute(link: unknown, base: string): string | undefined {
  return typeof link === 'string' && link !== '' ? new URL(link, base).href : undefined
}

function nextOfHeader(link: string | undefined): string | undefined {
  return /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '')?.[1]
}

function nextOfBundle(answer: unknown): unknown {
  const links = valueAt(answer, '/link')
  if (!Array.isArray(links)) return undefined
  return valueAt(
    links.find((one) => valueAt(one, '/relation') === 'next'),
    '/url',
  )
}

function parse(bytes: Uint8Array, at: number): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown
  } catch {
    const isPage = /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 64)))
    throw new UnusableTable(
      isPage
        ? `Page ${at} is a web page and no JSON: the address may lead to a sign-in. Look at the key.`
        : `Page ${at} is no JSON: it may be cut. Nothing was taken in.`,
    )
  }
}

/** Puts `${NAME}` of the environment into headers, so that no key stands in a file. */
export function fillSecrets(
  headers: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  const fill = (text: string) =>
    text.replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => {
      const value = environment[name]
      if (value === undefined || value === '')
        throw new UnusableTable(`The environment has no ${name}, which the headers name: set it.`)
      return value
    })
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, fill(text)]))
}
