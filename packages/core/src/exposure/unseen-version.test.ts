import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { indexAdvisories } from './advisory-index.ts'
import { parseCsaf } from './csaf.ts'
import { match } from './match.ts'
import { mergeRecalls, parseRecall } from './recall.ts'

const shared = new URL('../../../../../shared/intel/', import.meta.url)
const isThere = existsSync(shared)
if (!isThere) process.stdout.write('skipped: the advisories of ../shared are not there\n')

/** Two products that an advisory tells apart by what they are called: the one is not the other, whatever its version. */
const IS_TOLD_BY_NAME = [
  /Windows (?:XP|7)-Based ICSMA-17-215-0[12]:/,
  /CareLink 9790 Programmer ICSMA-19-080-01:/,
  /PI (?:Web API 2019|Vision 2020) ICSA-1[79]-/,
  /GH180 6SR5 ICSA-19-134-0[56]:/,
  // The source itself says that the product is not affected.
  / is not affected, as CISA says\.$/,
]

test.skipIf(!isThere)(
  'no product of any advisory is cleared while its version is not known',
  () => {
    const advisories = [...readTree(), ...readRecalls()]
    const index = indexAdvisories(advisories)
    const names = new Set(
      advisories.flatMap(({ products }) =>
        products.map(({ vendor, product }) => `${vendor}\t${product}`),
      ),
    )
    const cleared = [...names].flatMap((name) => {
      const [manufacturer = '', model = ''] = name.split('\t')
      return match({ manufacturer, model }, index)
        .filter(({ verdict }) => verdict === 'not-affected')
        .map(({ advisoryId, because }) => `${model} ${advisoryId}: ${because.reason}`)
        .filter((line) => !IS_TOLD_BY_NAME.some((one) => one.test(line)))
    })
    expect(cleared).toEqual([])
    expect(names.size).toBeGreaterThan(5000)
  },
  120_000,
)

function readTree() {
  const tree = new URL('cisagov-csaf/csaf_files/OT/white/', shared)
  return readdirSync(tree, { recursive: true, encoding: 'utf8' })
    .filter((name) => /icsm?a-[^/]*\.json$/.test(name))
    .map((name) => parseCsaf(JSON.parse(readFileSync(new URL(name, tree), 'utf8'))).advisory)
}

function readRecalls() {
  const text = readFileSync(new URL('openfda/recalls-derived-316.json', shared), 'utf8')
  return mergeRecalls((JSON.parse(text) as unknown[]).flatMap((one) => parseRecall(one) ?? []))
}
