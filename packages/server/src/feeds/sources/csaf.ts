// The library has no types; the program of the tests must find ours too.
// oxlint-disable-next-line typescript/triple-slash-reference
/// <reference path="../csaf-validator.d.ts" />
import { createHash } from 'node:crypto'
import {
  BadDocument,
  objectsAt,
  readCsafDocument,
  textAt,
  type ParsedDocument,
} from '@wardkeeper/core'
import { decodeJson, decodeText } from '../decode.ts'
import {
  FeedRefused,
  type Cursor,
  type Feed,
  type FeedDocument,
  type FetchContext,
} from '../feed.ts'
import { checkSignature, importKeys } from '../openpgp.ts'

const MAX = 50_000_000
const MAX_LIST = 100_000_000
const PACE_MS = 50

interface Entry {
  readonly url: string
  readonly updated: string
  readonly hashUrl: string | undefined
  readonly signatureUrl: string | undefined
}

/**
 * Any CSAF 2.0 provider: the address is a provider-metadata.json, a ROLIE feed, or a folder with changes.csv or
 * index.txt. Only what is newer than the last good run is fetched. Hashes are checked where there are any, signatures
 * where the provider names keys and gpg is installed.
 */
async function* fetchProvider(
  context: FetchContext,
): AsyncGenerator<FeedDocument, Cursor | undefined> {
  const { entries, keys } = await discover(context)
  const since = typeof context.cursor.since === 'string' ? context.cursor.since : ''
  let newest = since
  const ring = keys.length === 0 ? undefined : await importKeys(keys)
  try {
    for (const entry of entries.toSorted((a, b) => (a.updated < b.updated ? -1 : 1))) {
      if (entry.updated !== '' && entry.updated <= since) continue
      yield await fetchEntry(context, entry, ring)
      if (entry.updated > newest) newest = entry.updated
    }
  } finally {
    await ring?.close()
  }
  return { since: newest }
}

interface Discovered {
  readonly entries: readonly Entry[]
  /** Public OpenPGP keys of the provider, armored. */
  readonly keys: readonly string[]
}

async function discover(context: FetchContext): Promise<Discovered> {
  const { url } = context
  if (!url.endsWith('.json')) return { entries: await fromFolder(context, url), keys: [] }
  const document = decodeJson((await context.download(url, { maxBytes: MAX_LIST })).bytes)
  if (objectsAt(document, 'feed', 'entry').length > 0)
    return { entries: fromRolie(document), keys: [] }
  const keys = await fetchKeys(context, document)
  const distributions = objectsAt(document, 'distributions')
  if (distributions.length === 0) {
    throw new FeedRefused('The address is neither provider metadata nor a ROLIE feed of CSAF.')
  }
  const rolie = distributions
    .flatMap((one) => objectsAt(one, 'rolie', 'feeds'))
    .filter((one) =>
      /^(?:|TLP:)?(?:WHITE|CLEAR|UNLABELED)?$/i.test(textAt(one, 'tlp_label').replace('TLP:', '')),
    )
    .map((one) => textAt(one, 'url'))
  const entries: Entry[] = []
  for (const one of rolie) {
    const { bytes } = await context.download(one, { maxBytes: MAX_LIST, everyMs: PACE_MS })
    entries.push(...fromRolie(decodeJson(bytes)))
  }
  const folders = distributions
    .map((one) => textAt(one, 'directory_url'))
    .filter((one) => one !== '')
  if (rolie.length === 0)
    for (const one of folders) entries.push(...(await fromFolder(context, one)))
  return { entries, keys }
}

async function fetchKeys(
  { download }: FetchContext,
  document: unknown,
): Promise<readonly string[]> {
  const keys: string[] = []
  for (const one of objectsAt(document, 'public_openpgp_keys')) {
    const { bytes } = await download(textAt(one, 'url'), { maxBytes: 1_000_000 })
    keys.push(decodeText(bytes))
  }
  return keys
}

function fromRolie(document: unknown): readonly Entry[] {
  return objectsAt(document, 'feed', 'entry').flatMap((entry) => {
    const links = objectsAt(entry, 'link')
    const linked = (rel: string, ending = '') =>
      links
        .map((one) => [textAt(one, 'rel'), textAt(one, 'href')] as const)
        .find(([kind, href]) => kind === rel && href.endsWith(ending))?.[1]
    const url = textAt(entry, 'content', 'src') || linked('self') || ''
    const hashUrl = linked('hash', '.sha512') ?? linked('hash', '.sha256')
    return url === ''
      ? []
      : [{ url, updated: textAt(entry, 'updated'), hashUrl, signatureUrl: linked('signature') }]
  })
}

/** `changes.csv` has times; where it is missing `index.txt` names the files. */
async function fromFolder({ download }: FetchContext, folder: string): Promise<readonly Entry[]> {
  const base = folder.replace(/\/$/, '')
  const options = { maxBytes: MAX_LIST, allowed: [404] }
  const changes = await download(`${base}/changes.csv`, options)
  const isList = changes.status === 200
  const { bytes, status } = isList ? changes : await download(`${base}/index.txt`, options)
  if (status !== 200) throw new FeedRefused(`${base} has neither changes.csv nor index.txt.`)
  return decodeText(bytes)
    .split(/\r?\n/)
    .flatMap((line) => {
      const [path = '', updated = ''] = line
        .split(',')
        .map((cell) => cell.trim().replaceAll('"', ''))
      // Old lists of CISA carry the path from the root of their repository.
      const own = path.replace(/^csaf_files\/[A-Z]+\/[a-z]+\//, '')
      if (!own.endsWith('.json') || own.includes('..')) return []
      const url = `${base}/${own}`
      return [{ url, updated, hashUrl: `${url}.sha512`, signatureUrl: `${url}.asc` }]
    })
}

async function fetchEntry(
  { download }: FetchContext,
  { url, hashUrl, signatureUrl }: Entry,
  ring: Awaited<ReturnType<typeof importKeys>>,
): Promise<FeedDocument> {
  const name = decodeURIComponent(url.split('/').at(-1) ?? url)
  const { bytes } = await download(url, { maxBytes: MAX, everyMs: PACE_MS })
  const beside = async (address: string | undefined) => {
    if (address === undefined) return undefined
    const answer = await download(address, { maxBytes: 100_000, allowed: [404], everyMs: PACE_MS })
    return answer.status === 200 ? answer.bytes : undefined
  }
  const hash = await beside(hashUrl)
  const problem =
    (hash && hashProblem(bytes, hash, hashUrl ?? '')) ??
    (ring === undefined ? undefined : await checkSignature(ring, bytes, await beside(signatureUrl)))
  const isSigned = ring !== undefined && problem === undefined
  return { name, bytes, ...(problem !== undefined && { problem }), ...(isSigned && { isSigned }) }
}

/** The hash file has the hash in its first word, in hexadecimal. */
export function hashProblem(bytes: Uint8Array, hash: Uint8Array, name: string): string | undefined {
  const stated = decodeText(hash).trim().split(/\s+/)[0]?.toLowerCase() ?? ''
  const algorithm = name.endsWith('.sha256') ? 'sha256' : 'sha512'
  const own = createHash(algorithm).update(bytes).digest('hex')
  return own === stated
    ? undefined
    : `its ${algorithm} hash is not the one that the provider states: it was changed or cut`
}

/**
 * The library compiles the schemas of all its tests when it is loaded, which was two thirds of the time that the product
 * took to be loaded itself: who reads no document need not wait for it.
 */
let checking: ReturnType<typeof loadChecks> | undefined
async function loadChecks() {
  const [tests, { default: validate }] = await Promise.all([
    import('@secvisogram/csaf-validator-lib/basic.js'),
    import('@secvisogram/csaf-validator-lib/validate.js'),
  ])
  return (document: object) => validate(Object.values(tests), document)
}

/** 6.1.11: the name of a weakness is not that of its id; the id counts. */
const HARMLESS = new Set(['mandatoryTest_6_1_11'])

/** Tests of the standard first (schema and mandatory), then the facts. */
export async function parseCsafBytes(bytes: Uint8Array): Promise<ParsedDocument> {
  const document = decodeJson(bytes)
  // The header first: what is no CSAF at all deserves a better word than a list of missing fields.
  const parsed = readCsafDocument(document)
  checking ??= loadChecks().catch((error: unknown) => {
    checking = undefined
    throw error
  })
  const { tests } = await (await checking)(document as object)
  const broken = tests.filter((test) => !test.isValid)
  const failed = broken.find(({ name }) => !HARMLESS.has(name))
  if (failed === undefined) {
    const notes = broken.map(({ name }) => `breaks ${name} of CSAF 2.0, which bears on no fact`)
    return { ...parsed, notes: [...(parsed.notes ?? []), ...notes] }
  }
  const [first] = failed.errors
  throw new BadDocument(
    `It breaks CSAF 2.0 (${failed.name}): ${first?.message ?? ''} at ${first?.instancePath ?? '/'}`,
  )
}

const common = {
  everyHours: 6,
  staleDays: 14,
  maxBytes: MAX,
  isWhole: false,
  hasSignatures: true,
  fetch: fetchProvider,
  parse: ({ bytes }: FeedDocument) => parseCsafBytes(bytes),
}

export const csafCisa: Feed = {
  ...common,
  id: 'csaf-cisa',
  title: 'CISA ICS and medical advisories (CSAF)',
  licence: 'Work of the United States Government, TLP:WHITE, published as is by CISA',
  url: 'https://raw.githubusercontent.com/cisagov/CSAF/develop/csaf_files/OT/white',
}

export const csafSiemens: Feed = {
  ...common,
  id: 'csaf-siemens',
  title: 'Siemens ProductCERT (CSAF)',
  licence: 'Terms of Siemens ProductCERT, TLP:WHITE',
  url: 'https://cert-portal.siemens.com/productcert/csaf/ssa-feed-tlp-white.json',
}

/** One more provider of the hospital's choice. */
export const csafOther: Feed = {
  ...common,
  id: 'csaf-other',
  title: 'Another CSAF provider',
  licence: 'Terms of the provider',
  url: undefined,
}
