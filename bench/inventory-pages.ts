/** The pages that a person asks for, and their latencies at a steady rate. Used by `inventory.ts`. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { System } from '../packages/server/src/system.ts'
import type { Measured } from './inventory-lines.ts'
import type { LoadJob, LoadResult } from './inventory-load.ts'

const PER_SECOND = 50

/** Lists, facets, searches and pages of devices, asked for during so many seconds; names the slowest of each. */
export async function askForPages(
  system: System,
  seconds: number,
  say: (text: string) => void,
): Promise<Measured['pages']> {
  const { firstAdmin, address } = system
  if (firstAdmin === undefined) throw new Error('The data folder was not empty')
  const job: LoadJob = {
    address,
    username: firstAdmin.username,
    password: firstAdmin.oneTimePassword,
    perSecond: PER_SECOND,
    seconds,
    pages: await pagesOf(system),
  }
  say(`  asking for pages, ${PER_SECOND} a second for ${job.seconds} s`)
  const { milliseconds, slowest, failures } = await load(job)
  if (failures.length > 0) throw new Error(`${failures.length} requests failed: ${failures[0]}`)
  for (const [name, { path, milliseconds: longest }] of Object.entries(slowest))
    say(`    ${longest.toFixed(0).padStart(4)} ms  ${name}: ${path}`)
  return Object.fromEntries(
    Object.entries(milliseconds).map(([name, times]) => {
      const sorted = times.toSorted((a, b) => a - b)
      const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
      return [name, { p50: at(0.5), p99: at(0.99) }]
    }),
  )
}

/** What a person asks for: lists in each order, filtered, far down; facets; search by what is at hand; a device. */
async function pagesOf({ database }: System): Promise<LoadJob['pages']> {
  interface Row {
    readonly id: string
    readonly label: string
    readonly hostname: string
    readonly mac: string
    readonly ip: string
    readonly serial: string
    readonly manufacturer: string
  }
  const { rows } = await database.pool.query<Row>(
    `select id, label, coalesce(hostname, label) as hostname, coalesce(macs[1], '') as mac, coalesce(ips[1], '') as ip,
       coalesce(serial, '') as serial, coalesce(manufacturer, '') as manufacturer
     from assets where merged_into is null order by md5(id::text) limit 300`,
  )
  const encoded = rows.map((row) => ({
    ...row,
    manufacturer: encodeURIComponent(row.manufacturer),
  }))
  const sorts = [
    'label',
    '-label',
    'manufacturer',
    'model',
    '-lastSeen',
    'firstSeen',
    '-findings',
    'type',
  ]
  const cursors = encoded.map(({ label, id }) =>
    Buffer.from(JSON.stringify(['label', label, id])).toString('base64url'),
  )
  return {
    list: sorts.map((sort) => [`/api/assets?sort=${sort}&limit=50`]),
    'list, far down': cursors.map((cursor) => [`/api/assets?sort=label&limit=50&cursor=${cursor}`]),
    'list, filtered': encoded.map(({ manufacturer }, index) => [
      `/api/assets?manufacturer=${manufacturer}&sort=${sorts[index % sorts.length]}&limit=50`,
    ]),
    facets: [['/api/assets/facets']],
    'facets, filtered': encoded.map(({ manufacturer }) => [
      `/api/assets/facets?manufacturer=${manufacturer}&state=active`,
    ]),
    search: encoded.flatMap(({ hostname, mac, ip, serial }) =>
      [hostname, mac, ip, serial]
        .filter((text) => text !== '')
        .map((text) => [`/api/assets?q=${encodeURIComponent(text)}&limit=50`]),
    ),
    'search, facets': encoded.map(({ ip }) => [`/api/assets/facets?q=${ip.slice(0, -1)}`]),
    'asset page': encoded.map(({ id }) => [
      `/api/assets/${id}`,
      `/api/assets/${id}/observations?limit=50`,
      `/api/assets/${id}/conversations?limit=50`,
    ]),
  }
}

function load(job: LoadJob): Promise<LoadResult> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'inventory-load.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(JSON.stringify(job))
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  return new Promise((resolve, reject) => {
    child.once('close', (code) =>
      code === 0
        ? resolve(JSON.parse(output) as LoadResult)
        : reject(new Error(`The load ended with ${code}`)),
    )
  })
}
