// Counts which published version ranges are understood, and writes the table into docs/accuracy.md.
//
//   node scripts/accuracy-versions.ts [--intel FOLDER] [--csaf FOLDER] [--check]
//
// --check writes nothing and fails when the page says something else.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { parseCsaf } from '../packages/core/src/exposure/csaf.ts'
import type { Clause } from '../packages/core/src/exposure/range.ts'
import { isUnderstood, parseRange } from '../packages/core/src/exposure/range.ts'

const BEGIN = '<!-- versions: written by `npm run accuracy:versions` -->'
const END = '<!-- end of versions -->'
const PAGE = 'docs/accuracy.md'
const SHAPES = ['csaf-version-shapes-icsma.tsv', 'csaf-version-shapes-icsa.tsv']

const { values } = parseArgs({
  options: {
    intel: { type: 'string', default: '../shared/intel' },
    csaf: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
})
const folder = values.csaf ?? join(values.intel, 'cisagov-csaf/csaf_files/OT/white')
if (!existsSync(values.intel)) {
  process.stdout.write(`skipped: ${values.intel} is not there; --intel names the folder\n`)
  process.exit(0)
}

interface Count {
  readonly name: string
  readonly shapes: number
  readonly shapesUnderstood: number
  readonly leaves: number
  readonly leavesUnderstood: number
}

const counts = SHAPES.map(countShapes)
const files = readTree(folder)
const text = report()
process.stdout.write(`${text}\n`)
const page = readFileSync(PAGE, 'utf8')
const begin = page.indexOf(BEGIN)
const end = page.indexOf(END)
const section = `${BEGIN}\n\n${text}\n\n${END}`
const next =
  begin >= 0 && end > begin
    ? page.slice(0, begin) + section + page.slice(end + END.length)
    : `${page.trimEnd()}\n\n${section}\n`
if (values.check) process.exit(next === page ? 0 : 1)
writeFileSync(PAGE, next)

function countShapes(name: string): Count {
  const rows = readFileSync(join(values.intel, name), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
  const understood = rows.filter((row) => isUnderstood(parseRange(row[4] ?? '')))
  const leaves = (some: typeof rows) => some.reduce((sum, row) => sum + Number(row[0]), 0)
  return {
    name,
    shapes: rows.length,
    shapesUnderstood: understood.length,
    leaves: leaves(rows),
    leavesUnderstood: leaves(understood),
  }
}

interface Tree {
  readonly files: number
  readonly refused: readonly string[]
  readonly products: number
  readonly repairs: number
  readonly disputed: number
  readonly kinds: ReadonlyMap<Clause['kind'], number>
}

function readTree(root: string): Tree {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /icsm?a-[^/]*\.json$/.test(name))
    .toSorted()
  const refused: string[] = []
  const kinds = new Map<Clause['kind'], number>()
  let [products, repairs, disputed] = [0, 0, 0]
  for (const name of names) {
    try {
      const parsed = parseCsaf(JSON.parse(readFileSync(join(root, name), 'utf8')))
      repairs += parsed.repairs.length
      for (const product of parsed.advisory.products) {
        products++
        if (product.stated !== undefined) disputed++
        for (const { kind } of parseRange(product.range).clauses)
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      }
    } catch (error) {
      refused.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { files: names.length, refused, products, repairs, disputed, kinds }
}

function report(): string {
  const share = (part: number, whole: number) => `${((part / whole) * 100).toFixed(1)} %`
  const rows = counts.map(
    (one) =>
      `| ${one.name} | ${one.shapesUnderstood} of ${one.shapes} | ${one.leavesUnderstood} of ${one.leaves} | ${share(one.leavesUnderstood, one.leaves)} | ${one.leaves - one.leavesUnderstood} |`,
  )
  const kinds = [...files.kinds]
    .toSorted((a, b) => b[1] - a[1])
    .map(([kind, count]) => `${count} ${kind}`)
  return [
    '## Version ranges as published',
    '',
    'A range that is not understood is reported as such: its verdict is possibly affected and asks a person to read it, never not affected.',
    '',
    '| shapes | shapes understood | product lines understood | share | reported as not understood |',
    '| ------ | ----------------- | ------------------------ | ----- | -------------------------- |',
    ...rows,
    '',
    `CSAF documents read: ${files.files - files.refused.length} of ${files.files}, with ${files.products} product lines; ${files.repairs} repairs, each kept in words; ${files.disputed} lines whose table and sentence contradict each other (disputed).`,
    `Clauses by kind: ${kinds.join(', ')}.`,
    ...files.refused.map((one) => `- not read: ${one}`),
  ].join('\n')
}
