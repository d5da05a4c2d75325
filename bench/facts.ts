/** What a fact costs Node before the database gets it; `npm run bench:facts -- --help` says how. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  bearsOnAsset,
  keysOf,
  resolve,
  type KeyLink,
  type ObservedFact,
} from '../packages/core/src/index.ts'
import { packFacts } from '../packages/server/src/bus/packed-facts.ts'
import { pack, type Packed } from '../packages/server/src/bus/packed.ts'
import { loadContent } from '../packages/server/src/content/load.ts'
import { observationRecorded } from '../packages/server/src/stages/messages.ts'
import { subjectKey } from '../packages/server/src/store/observation-names.ts'
import { rowsOf } from '../packages/server/src/store/observation-rows.ts'
import { batchesOf, makesOf } from './hospital-facts.ts'

const HELP = `npm run bench:facts -- [--assets N]

Sends facts of an invented hospital through what Node does of a message without the database, in messages of 2,000 facts of
200 devices, and prints microseconds a fact: to write and to read a message in lists and one by one, and the steps from there
to the columns of the rows. Only messages of devices that are known already are timed.

  --assets N   devices (2000)
`
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    assets: { type: 'string', default: '2000' },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit()
}

const size = { assets: Number(values.assets), perAsset: 120, perVisit: 10, perBatch: 2000 }
/** Visits until a device of `batchesOf` has said what it is. */
const FIRST_VISITS = 6
const { knowledge } = await loadContent(join(import.meta.dirname, '..', 'content'))

const spent = new Map<string, number>()
let isTimed = false
function time<Answer>(step: string, work: () => Answer): Answer {
  const began = performance.now()
  const answer = work()
  if (isTimed) spent.set(step, (spent.get(step) ?? 0) + performance.now() - began)
  return answer
}

const sizes = new Map<string, { letters: number; bytes: number }>()
function send(form: string, facts: unknown): readonly ObservedFact[] {
  const message = (told: unknown) => ({
    sensor: 'live:span0',
    siteId: 'main',
    batch: 1,
    facts: told,
  })
  const packed = time(`written ${form}`, () => pack(message(facts)))
  weigh(form, packed)
  const told = time(`read ${form}`, () => JSON.parse(packed.text) as unknown)
  return time(`checked ${form}`, () => observationRecorded.parse(told)).facts
}

function weigh(form: string, { text, squeezed }: Packed): void {
  const { letters, bytes } = sizes.get(form) ?? { letters: 0, bytes: 0 }
  if (isTimed)
    sizes.set(form, { letters: letters + text.length, bytes: bytes + (squeezed?.length ?? 0) })
}

let ids = 0
let links: readonly KeyLink[] = []
let facts = 0
const batches = [...batchesOf(size, makesOf(knowledge))]
const begins = Math.ceil((size.assets * size.perVisit * FIRST_VISITS) / size.perBatch)
for (const [place, batch] of batches.entries()) {
  isTimed = place >= begins
  send('one by one', batch)
  const read = send(
    'in lists',
    time('put into lists', () => packFacts(batch)),
  )
  const keys = new Set(read.flatMap((fact) => keysOf(fact).map(({ key }) => key)))
  const bears = time('bearing', () => read.map((fact) => bearsOnAsset(fact, knowledge)))
  const owners = new Set(links.filter(({ key }) => keys.has(key)).map(({ assetId }) => assetId))
  const known = links.filter(({ assetId }) => owners.has(assetId))
  const newId = () => `00000000-0000-7000-8000-${String(++ids).padStart(12, '0')}`
  const { assetOf, linked, ended } = time('which device', () => resolve(read, known, newId))
  const gone = new Set(ended.map(({ assetId, key }) => `${assetId} ${key}`))
  const left = links.filter(({ assetId, key }) => !gone.has(`${assetId} ${key}`))
  links = [...left, ...linked.filter(({ until }) => until === undefined)]
  const numbers = new Map([...new Set(assetOf)].map((id, number) => [id ?? '', number + 1]))
  const numbered = (textOf: (fact: ObservedFact) => string) =>
    new Map(read.map((fact, number) => [textOf(fact), number]))
  const names = {
    field: numbered(({ field }) => field),
    sensor: numbered(({ sensor }) => sensor),
    file: new Map<string, number>(),
  }
  const subjects = numbered(({ subject }) => subjectKey(subject))
  const owned = read.map((fact, at) => ({ fact, assetId: assetOf[at], bears: bears[at] ?? true }))
  time('rows', () => rowsOf(owned, numbers, { names, subjects }))
  if (isTimed) facts += batch.length
}

const rows = [...spent].map(([step, ms]) => `| ${step} | ${((ms / facts) * 1000).toFixed(2)} µs |`)
const weights = [...sizes].map(
  ([form, { letters, bytes }]) =>
    `| ${form} | ${(letters / facts).toFixed(0)} letters, ${(bytes / facts).toFixed(1)} bytes squeezed |`,
)
process.stdout.write(`${['| step | a fact |', '|---|---:|', ...rows, ...weights].join('\n')}\n`)
