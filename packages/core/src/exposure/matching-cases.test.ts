import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import { compileVocabulary } from '../identity/vocabulary.ts'
import type { Advisory, Device, Match } from '../vocabulary.ts'
import { indexAdvisories } from './advisory-index.ts'
import { match } from './match.ts'
import { mergeRecalls, parseRecall } from './recall.ts'

interface Case {
  readonly id: string
  readonly group: string
  readonly device: {
    readonly manufacturer: string
    readonly model: string
    readonly version?: string | null
    readonly wbm?: string
    readonly udi_di?: string
  }
  readonly expect: readonly {
    readonly advisory: string
    readonly pids: readonly string[]
    readonly cves: readonly string[]
    readonly grade: 'match' | 'possible'
  }[]
  readonly recalls: readonly string[]
  readonly must_not: readonly string[]
}

const root = new URL('../../../../', import.meta.url)
const file = new URL('../shared/intel/matching-cases.json', root)
const isThere = existsSync(file)
if (!isThere) process.stdout.write('skipped: ../shared/intel/matching-cases.json is not there\n')

const cases = isThere ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Case[]) : []
const content = JSON.parse(
  readFileSync(new URL('content/advisories/icsma.json', root), 'utf8'),
) as { readonly advisories: readonly Advisory[] }
const recallFile = new URL('../shared/intel/openfda/recalls-derived-316.json', root)
const recalls = existsSync(recallFile)
  ? (JSON.parse(readFileSync(recallFile, 'utf8')) as readonly unknown[])
  : []
const parsed = mergeRecalls(recalls.flatMap((one) => parseRecall(one) ?? []))
const index = indexAdvisories([...content.advisories, ...parsed], readVocabulary())

describe.skipIf(!isThere)('published matching cases', () => {
  test.each(cases.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    expect(problemsOf(one)).toEqual([])
  })

  test('the figure', () => {
    const wrong = cases.filter((one) => problemsOf(one).length > 0)
    process.stdout.write(`matching cases: ${cases.length - wrong.length} of ${cases.length} hold\n`)
    expect(wrong.map(({ id }) => id)).toEqual([])
  })
})

function problemsOf(one: Case): readonly string[] {
  const found = match(deviceOf(one.device), index).filter(
    ({ verdict }) => verdict !== 'not-affected',
  )
  const missing = one.expect.flatMap((wanted) => {
    const isFound = found.some((each) => isAsWanted(each, wanted))
    return isFound ? [] : `wanted ${wanted.advisory} ${wanted.grade}, got ${summary(found)}`
  })
  const live = new Set(found.map(({ advisoryId }) => advisoryId))
  const unrecalled = one.recalls
    .filter((id) => !live.has(id))
    .map((id) => `wanted recall ${id}, got ${summary(found)}`)
  const wrong = found
    .filter(({ advisoryId }) => one.must_not.includes(advisoryId))
    .map((each) => `must not: ${summary([each])}`)
  return [...missing, ...unrecalled, ...wrong]
}

function isAsWanted(each: Match, wanted: Case['expect'][number]): boolean {
  const grade = each.verdict === 'affected' ? 'match' : 'possible'
  return (
    each.advisoryId === wanted.advisory &&
    grade === wanted.grade &&
    wanted.pids.includes(each.because.pid) &&
    each.cves.join() === [...wanted.cves].sort().join()
  )
}

function summary(found: readonly Match[]): string {
  return found
    .map(
      (one) =>
        `${one.advisoryId} ${one.verdict} ${one.because.pid} ${one.cves.length} CVEs: ${one.because.reason}`,
    )
    .join('; ')
}

function deviceOf({ manufacturer, model, version, wbm, udi_di: udi }: Case['device']): Device {
  return {
    manufacturer,
    model,
    ...(version && { version }),
    ...(udi !== undefined && { udi }),
    ...(wbm !== undefined && { components: { 'Baxter/Wireless Battery Module': wbm } }),
  }
}

function readVocabulary() {
  const folder = new URL('content/vocabularies/', root)
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  const files = names.map((name) => [
    name.replace('.yaml', ''),
    load(readFileSync(new URL(name, folder), 'utf8'), { schema: CORE_SCHEMA }) as unknown,
  ])
  return compileVocabulary(Object.fromEntries(files) as Record<string, unknown>)
}
