import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CORE_SCHEMA, load } from 'js-yaml'
import { compileVocabulary, type Vocabulary } from '../identity/vocabulary.ts'
import type { Advisory, Device, Match } from '../vocabulary.ts'
import { indexAdvisories } from './advisory-index.ts'
import { parseCsaf } from './csaf.ts'
import { match } from './match.ts'
import { mergeRecalls, parseRecall } from './recall.ts'

interface Case {
  readonly name: string
  readonly group: string
  readonly device: Device
  readonly affected: readonly Wanted[]
  readonly open: readonly Wanted[]
  readonly none: readonly Wanted[]
}

/** `ID`, `ID#line`, `ID/number of CVEs`, `~ID`. */
interface Wanted {
  readonly id: string
  readonly line?: number
  readonly cves?: number
  readonly isAnyGrade: boolean
}

const root = new URL('../../../../', import.meta.url)
const shared = new URL('../shared/intel/', root)
if (!existsSync(shared)) {
  process.stdout.write('skipped: recalls and other advisories of ../shared are not there\n')
}

const files = [
  'unseen-cases.txt',
  'unseen-cases-2.txt',
  'unseen-cases-3.txt',
  'unseen-cases-4.txt',
  'unseen-cases-5.txt',
  'unseen-cases-6.txt',
  'unseen-cases-7.txt',
  'unseen-cases-8.txt',
  'unseen-cases-9.txt',
  'unseen-cases-10.txt',
  'unseen-cases-11.txt',
  'unseen-cases-12.txt',
  'unseen-cases-13.txt',
  'unseen-cases-14.txt',
  'unseen-cases-15.txt',
  'unseen-cases-16.txt',
  'unseen-cases-17.txt',
  'unseen-cases-18.txt',
  'unseen-cases-19.txt',
  'unseen-cases-20.txt',
  'unseen-cases-21.txt',
  'unseen-cases-22.txt',
  'unseen-cases-23.txt',
  'unseen-cases-24.txt',
  'unseen-cases-25.txt',
  'unseen-cases-26.txt',
  'unseen-cases-27.txt',
  'unseen-cases-28.txt',
]
const batches = files.map((file) => [file, casesOf(file)] as const)
const all = batches.flatMap(([, cases]) => cases)
const advisories = [...advisoriesOfContent(), ...namedAdvisories(), ...recallsOfShared()]
const known = new Set(advisories.map(({ id }) => id))
const index = indexAdvisories(advisories, readMakers())

test.each(all.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  expect(problemsOf(one)).toEqual([])
})

test('the figure', () => {
  for (const [file, cases] of batches) {
    for (const group of 'ABCDEF') {
      const some = cases.filter((one) => one.group === group)
      const held = some.filter((one) => problemsOf(one).length === 0)
      process.stdout.write(`${file} ${group}: ${held.length} of ${some.length} hold\n`)
      expect(some.length).toBeGreaterThanOrEqual(8)
    }
  }
})

function problemsOf({ device, affected, open, none }: Case): readonly string[] {
  const found = match(device, index).filter(({ verdict }) => verdict !== 'not-affected')
  const of = ({ id }: Wanted) => found.filter(({ advisoryId }) => advisoryId === id)
  const isKnown = ({ id }: Wanted) => known.has(id)
  return [
    ...affected
      .filter(isKnown)
      .filter((wanted) => !of(wanted).some((each) => isAsWanted(each, wanted, true)))
      .map((wanted) => `wanted ${wanted.id} affected, got ${summary(of(wanted))}`),
    ...open
      .filter(isKnown)
      .filter((wanted) => !of(wanted).some((each) => isAsWanted(each, wanted, false)))
      .map((wanted) => `wanted ${wanted.id} open, got ${summary(of(wanted))}`),
    ...open
      .filter((wanted) => !wanted.isAnyGrade)
      .filter((wanted) => of(wanted).some(({ verdict }) => verdict === 'affected'))
      .map((wanted) => `too sure of ${wanted.id}: ${summary(of(wanted))}`),
    ...none.flatMap(of).map((each) => `must not: ${summary([each])}`),
  ]
}

function isAsWanted(each: Match, wanted: Wanted, isSure: boolean): boolean {
  const line = Number(/\d+$/.exec(each.because.pid)?.[0])
  return (
    (wanted.isAnyGrade || (each.verdict === 'affected') === isSure) &&
    (wanted.line === undefined || wanted.line === line) &&
    (wanted.cves === undefined || wanted.cves === each.cves.length)
  )
}

function summary(found: readonly Match[]): string {
  if (found.length === 0) return 'nothing'
  return found
    .map(
      ({ advisoryId, verdict, because, cves }) =>
        `${advisoryId} ${verdict} ${because.pid} ${cves.length} CVEs: ${because.reason}`,
    )
    .join('; ')
}

function casesOf(file: string): readonly Case[] {
  return readFileSync(new URL(`testing/${file}`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(caseOf)
}

function caseOf(line: string): Case {
  const [group = '', manufacturer = '', model = '', version = '', ...rest] = line
    .split('|')
    .map((part) => part.trim())
  const [affected = '', open = '', none = '', more = ''] = rest
  const given = more
    .split(';')
    .filter((part) => part !== '')
    .map((part) => part.split('=', 2).map((word) => word.trim()))
  return {
    name: [group, manufacturer, model, version, more].join(' '),
    group,
    device: {
      manufacturer,
      model,
      ...(version !== '' && { version }),
      ...(Object.fromEntries(given) as Partial<Device>),
    },
    affected: wantedOf(affected),
    open: wantedOf(open),
    none: wantedOf(none),
  }
}

function wantedOf(text: string): readonly Wanted[] {
  return [...text.matchAll(/(~)?([^\s#/]+)(?:#(\d+))?(?:\/(\d+))?/g)].map(
    ([, any, id = '', line, cves]) => ({
      id,
      isAnyGrade: any !== undefined,
      ...(line !== undefined && { line: Number(line) }),
      ...(cves !== undefined && { cves: Number(cves) }),
    }),
  )
}

/** The advisories that come with the product. */
function advisoriesOfContent(): readonly Advisory[] {
  const file = new URL('content/advisories/icsma.json', root)
  const content = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly advisories: readonly Advisory[]
  }
  return content.advisories
}

/** Those of other industries that the cases name, as published. */
function namedAdvisories(): readonly Advisory[] {
  const ids = all.flatMap(({ affected, open, none }) =>
    [...affected, ...open, ...none].map(({ id }) => id),
  )
  const ours = new Set(advisoriesOfContent().map(({ id }) => id))
  return [...new Set(ids)]
    .filter((id) => id.startsWith('ICSA-') && !ours.has(id))
    .map(fileOf)
    .filter((file) => existsSync(file))
    .map((file) => parseCsaf(JSON.parse(readFileSync(file, 'utf8'))).advisory)
}

function fileOf(id: string): URL {
  const folder = `cisagov-csaf/csaf_files/OT/white/20${id.slice(5, 7)}/`
  return new URL(`${folder}${id.toLowerCase()}.json`, shared)
}

function recallsOfShared(): readonly Advisory[] {
  const file = new URL('openfda/recalls-derived-316.json', shared)
  if (!existsSync(file)) return []
  const list = JSON.parse(readFileSync(file, 'utf8')) as readonly unknown[]
  return mergeRecalls(list.flatMap((one) => parseRecall(one) ?? []))
}

/** The vocabularies that come with the product. */
function readMakers(): Vocabulary {
  const folder = new URL('content/vocabularies/', root)
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
  const read = names.map((name) => [
    name.replace('.yaml', ''),
    load(readFileSync(new URL(name, folder), 'utf8'), { schema: CORE_SCHEMA }) as unknown,
  ])
  return compileVocabulary(Object.fromEntries(read) as Record<string, unknown>)
}
