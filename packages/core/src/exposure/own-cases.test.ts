import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import { compileVocabulary, type Vocabulary } from '../identity/vocabulary.ts'
import type { Advisory } from './facts.ts'
import { indexAdvisories } from './advisory-index.ts'
import { match } from './match.ts'
import { mergeRecalls, parseRecall } from './recall.ts'

const root = new URL('../../../../', import.meta.url)
const recallFile = new URL('../shared/intel/openfda/recalls-derived-316.json', root)
const hasRecalls = existsSync(recallFile)
if (!hasRecalls) process.stdout.write('skipped: the recalls of ../shared are not there\n')
const recalls = hasRecalls
  ? (JSON.parse(readFileSync(recallFile, 'utf8')) as readonly unknown[])
  : []
const advisories = [
  ...advisoriesOfContent(),
  ...mergeRecalls(recalls.flatMap((one) => parseRecall(one) ?? [])),
]
const known = new Set(advisories.map(({ id }) => id))
const index = indexAdvisories(advisories, readMakers())

const cases = readFileSync(new URL('testing/cases.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('|').map((part) => part.trim()))

test.each(cases.map((fields) => [fields.slice(0, 4).join(' '), fields] as const))(
  '%s',
  (_name, fields) => {
    const [, manufacturer = '', model = '', version = '', affected, open, none] = fields
    const found = match({ manufacturer, model, ...(version !== '' && { version }) }, index)
    const live = found.filter(({ verdict }) => verdict !== 'not-affected')
    const ids = (text = '') => text.split(' ').filter((id) => known.has(id))
    const verdictsOf = (id: string) =>
      live.filter(({ advisoryId }) => advisoryId === id).map(({ verdict }) => verdict)
    for (const id of ids(affected)) expect(verdictsOf(id), id).toContain('affected')
    for (const id of ids(open)) {
      expect(verdictsOf(id), id).not.toContain('affected')
      expect(verdictsOf(id).length, id).toBeGreaterThan(0)
    }
    for (const id of ids(none)) expect(verdictsOf(id), id).toEqual([])
  },
)

const names = ['recall-names.txt', 'product-names.txt']
  .flatMap((file) => readFileSync(new URL(`testing/${file}`, import.meta.url), 'utf8').split('\n'))
  .filter((line) => /^[+-]/.test(line))

test.each(names)('%s', (line) => {
  const [first = '', manufacturer = '', model = '', version = ''] = line
    .split('|')
    .map((part) => part.trim())
  const [sign, id = ''] = first.split(' ')
  if (!known.has(id)) return
  const found = match({ manufacturer, model, ...(version !== '' && { version }) }, index)
  const isLive = found.some(
    ({ advisoryId, verdict }) => advisoryId === id && verdict !== 'not-affected',
  )
  expect(isLive).toBe(sign === '+')
})

test('the cases are of every group', () => {
  expect(new Set(cases.map(([group]) => group))).toEqual(new Set('ABCDEF'))
})

/** The advisories that come with the product. */
function advisoriesOfContent(): readonly Advisory[] {
  const file = new URL('content/advisories/icsma.json', root)
  const content = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly advisories: readonly Advisory[]
  }
  return content.advisories
}

/** The vocabularies that come with the product. */
function readMakers(): Vocabulary {
  const folder = new URL('content/vocabularies/', root)
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  const files = names.map((name) => [
    name.replace('.yaml', ''),
    load(readFileSync(new URL(name, folder), 'utf8'), { schema: CORE_SCHEMA }) as unknown,
  ])
  return compileVocabulary(Object.fromEntries(files) as Record<string, unknown>)
}
