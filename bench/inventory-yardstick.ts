import type { Database } from '../packages/server/src/store/database.ts'

type Client = Pick<Database['pool'], 'query'>

/** A plain way to store the same rows, for comparison. */
export interface Yardstick {
  readonly what: string
  readonly perSecond: number
}

const ROWS = 400_000
const PER_STATEMENT = 2000
const COLUMNS = `asset int, sensor text, mac text, ip text, field text, value text, first_seen timestamptz,
  last_seen timestamptz, count bigint, frame bigint`

/** What PostgreSQL does alone: the same rows copied into a bare table, and upserted under a key, nothing resolved. */
export async function measureYardsticks({ pool }: Database): Promise<Yardstick[]> {
  const client = await pool.connect()
  try {
    await client.query(`create table yardstick_source (${COLUMNS})`)
    await client.query(
      `insert into yardstick_source select n % 20000, 'live:span0', '00:09:fb:00:00:' || to_hex(n % 256),
         '10.0.' || n % 200 || '.' || n % 251, 'tls.sni', 'srv-' || n || '.ward-7.example.org', now(), now(), 1, n
       from generate_series(1, $1::int) n`,
      [ROWS],
    )
    await client.query("copy yardstick_source to program 'cat > yardstick.copy'")
    await client.query(`create table yardstick_bare (${COLUMNS})`)
    return [
      { what: 'plain COPY into a bare table', perSecond: await rate(() => copy(client)) },
      { what: 'plain SQL upsert under a text key', perSecond: await rate(() => upsert(client)) },
    ]
  } finally {
    await client.query('drop table if exists yardstick_source, yardstick_bare, yardstick_keyed')
    client.release()
  }
}

async function rate(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return Math.round((ROWS / (performance.now() - started)) * 1000)
}

async function copy(client: Client): Promise<void> {
  await client.query("copy yardstick_bare from program 'cat yardstick.copy'")
}

/** In statements of the size of a message, with the values sent by the client. */
async function upsert(client: Client): Promise<void> {
  await client.query(
    `create table yardstick_keyed (${COLUMNS}, primary key (asset, sensor, mac, ip, field, value))`,
  )
  const { rows } = await client.query<Record<string, unknown>>(
    'select asset, sensor, mac, ip, field, value, first_seen::text, last_seen::text, count, frame from yardstick_source',
  )
  const names = Object.keys(rows[0] ?? {})
  const types = [
    'int',
    'text',
    'text',
    'text',
    'text',
    'text',
    'timestamptz',
    'timestamptz',
    'bigint',
    'bigint',
  ]
  const lists = types.map((type, index) => `$${index + 1}::${type}[]`).join(', ')
  for (let start = 0; start < rows.length; start += PER_STATEMENT) {
    const part = rows.slice(start, start + PER_STATEMENT)
    await client.query(
      `insert into yardstick_keyed select * from unnest(${lists}) on conflict (asset, sensor, mac, ip, field, value)
       do update set last_seen = excluded.last_seen, count = yardstick_keyed.count + excluded.count`,
      names.map((name) => part.map((row) => row[name])),
    )
  }
}
