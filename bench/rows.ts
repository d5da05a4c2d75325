/** What a row of observations costs the database; `npm run bench:rows -- --help` says how. */
import { parseArgs } from 'node:util'
import { createAssets } from '../packages/server/src/store/assets.ts'
import type { Database } from '../packages/server/src/store/database.ts'
import type { OwnedFact } from '../packages/server/src/store/observation-rows.ts'
import { saveObservations } from '../packages/server/src/store/observations.ts'
import { ensureSite } from '../packages/server/src/store/sites.ts'
import { newId } from '../packages/server/src/store/uuid.ts'
import { withFreshDatabase } from './fresh-database.ts'
import { batchesOf } from './hospital-facts.ts'
import { postgresCpuSeconds } from './postgres-cpu.ts'

const HELP = `npm run bench:rows -- [--assets N] [--rounds N]

Stores the facts of an invented hospital in its own embedded PostgreSQL, none of which is there before: in turn a visit of
all devices asked for (added up where it is there) and one unasked (laid down, refused where it is there), and all rows
again by one COPY into the emptied table with its indexes. Prints CPU of PostgreSQL and time for each row.

  --assets N  devices (20000)
  --rounds N  visits of each kind, of 10 facts for each device (3)
`
const PER_VISIT = 10
const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    assets: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
  },
})
if (values.help) {
  process.stdout.write(HELP)
  process.exit()
}
const assets = Number(values.assets)
const rounds = Number(values.rounds)

await withFreshDatabase(async (database, folder) => {
  await ensureSite(database.db, { id: 'main', name: 'Hospital' })
  const idOf = await makeDevices(database)
  const size = {
    assets,
    perAsset: 2 * rounds * PER_VISIT,
    perVisit: PER_VISIT,
    perBatch: 2000,
  }
  const make = { manufacturer: 'Maker', prefix: '00:09:fb', stated: [] }
  const batches = batchesOf(size, [make])
  for (let visit = 0; visit < 2 * rounds; visit++) {
    const areNew = visit % 2 === 1
    const lists = takeSome(batches, Math.ceil((assets * PER_VISIT) / size.perBatch))
    const count = lists.reduce((sum, { length }) => sum + length, 0)
    await tell(areNew ? 'unasked' : 'asked for', count, folder, async () => {
      for (const facts of lists) {
        const owned = facts.map((fact): OwnedFact => ({
          fact,
          assetId: idOf.get(fact.subject.ip!),
        }))
        await database.db
          .transaction()
          .execute((trx) => saveObservations(trx, 'main', owned, { areNew }))
      }
    })
  }
  const { rows } = await database.pool.query<{ count: number }>(
    'select count(*)::int as count from observations',
  )
  await database.pool.query("copy observations to program 'cat > rows.copy' (format binary)")
  await database.pool.query('truncate observations')
  await tell('one COPY, binary', rows[0]?.count ?? 0, folder, async () => {
    await database.pool.query("copy observations from program 'cat rows.copy' (format binary)")
  })
})

/** Not `take`, which ends what it took from. */
function takeSome<Thing>(things: Iterator<Thing>, count: number): readonly Thing[] {
  return Array.from({ length: count }, () => things.next()).flatMap(({ done, value }) =>
    done === true ? [] : [value],
  )
}

async function makeDevices({ db }: Database): Promise<ReadonlyMap<string, string>> {
  const ids = Array.from({ length: assets }, () => newId())
  await db.transaction().execute((trx) => createAssets(trx, 'main', ids, Date.now()))
  return new Map(
    ids.map((id, asset) => [`10.${asset >>> 16}.${(asset >>> 8) & 255}.${asset & 255}`, id]),
  )
}

async function tell(
  what: string,
  count: number,
  folder: string,
  work: () => Promise<void>,
): Promise<void> {
  const [started, cpu] = [performance.now(), postgresCpuSeconds(folder)]
  await work()
  const perRow = (seconds: number) => ((seconds * 1e6) / count).toFixed(1)
  const seconds = (performance.now() - started) / 1000
  process.stdout.write(
    `${what.padEnd(18)} ${perRow(postgresCpuSeconds(folder) - cpu)} µs of PostgreSQL, ${perRow(seconds)} µs in all, ${count} rows\n`,
  )
}
