// Writes content/advisories/icsma.json: the facts of CISA's medical advisories, from a folder of CSAF files.
//
//   node scripts/import-advisories.ts [--csaf FOLDER] [--kev FILE] [--out FILE] [--date YYYY-MM-DD]
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { AffectedProduct } from '../packages/core/src/exposure/facts.ts'
import { parseCsaf } from '../packages/core/src/exposure/csaf.ts'
import { isUnderstood, parseRange } from '../packages/core/src/exposure/range.ts'

/** Medical products that CISA published under the industrial prefix. */
const MEDICAL_ICSA = [
  'icsa-18-242-01',
  'icsa-20-168-01',
  'icsa-21-350-16',
  'icsa-22-102-05',
  'icsa-22-153-02',
]

/** Longer lines are explanations. */
const LONGEST_LINE = 200

const { values } = parseArgs({
  options: {
    csaf: { type: 'string', default: '../shared/intel/cisagov-csaf/csaf_files/OT/white' },
    kev: { type: 'string', default: '../shared/intel/kev/known_exploited_vulnerabilities.json' },
    out: { type: 'string', default: 'content/advisories/icsma.json' },
    date: { type: 'string', default: '2025-02-27' },
  },
})

const kev = readKev(values.kev)
const files = listFiles(values.csaf)
  .filter((file) => isMedical(basename(file, '.json')))
  .sort((a, b) => (basename(a) < basename(b) ? -1 : 1))
const parsed = files.map((file) =>
  parseCsaf(JSON.parse(readFileSync(file, 'utf8')), (cve) => kev.dates.get(cve)),
)
const advisories = parsed.map(({ advisory }) => ({
  ...advisory,
  products: advisory.products.map(withoutProse),
}))
const products = advisories.flatMap((advisory) => advisory.products)
const meta = {
  source:
    'CISA ICS medical advisories (CSAF), github.com/cisagov/CSAF; exploited vulnerabilities: CISA KEV',
  date: values.date,
  kevDate: kev.date,
  licence: 'Work of the United States Government, TLP:WHITE; KEV: CC0-1.0',
  note: 'Facts only. Published as is, without warranty, by CISA; not endorsed by CISA.',
  count: advisories.length,
  repairs: parsed.flatMap(({ advisory, repairs }) =>
    repairs.map((repair) => `${advisory.id}: ${repair}`),
  ),
}
const lines = advisories.map((advisory) => JSON.stringify(advisory))
writeFileSync(
  values.out,
  `{"meta":${JSON.stringify(meta, null, 1)},\n"advisories":[\n${lines.join(',\n')}\n]}\n`,
)

const unclear = products.filter(({ range }) => !isUnderstood(parseRange(range)))
console.log(
  `${advisories.length} advisories, ${products.length} products, ${meta.repairs.length} repairs`,
)
console.log(`${products.length - unclear.length} ranges understood, ${unclear.length} not:`)
for (const { product, range } of unclear) console.log(`  ${product} // ${range}`)

/** The line that names the product is kept as published; what goes on after it is no name. */
function withoutProse(product: AffectedProduct): AffectedProduct {
  const { leaf, ...rest } = product
  return leaf === undefined || leaf.length > LONGEST_LINE ? rest : product
}

function isMedical(id: string): boolean {
  return id.startsWith('icsma-') || MEDICAL_ICSA.includes(id)
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => join(folder, file))
}

function readKev(file: string): {
  readonly date: string
  readonly dates: ReadonlyMap<string, string>
} {
  const catalogue: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const { dateReleased, vulnerabilities } = catalogue as {
    dateReleased: string
    vulnerabilities: { cveID: string; dateAdded: string }[]
  }
  return {
    date: dateReleased.slice(0, 10),
    dates: new Map(vulnerabilities.map(({ cveID, dateAdded }) => [cveID, dateAdded])),
  }
}
