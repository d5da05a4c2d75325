import type pg from 'pg'

interface Column {
  readonly table_name: string
  readonly column_name: string
  readonly udt_name: string
  readonly is_nullable: 'YES' | 'NO'
  readonly is_generated: 'ALWAYS' | 'NEVER'
  readonly is_identity: 'YES' | 'NO'
  readonly column_default: string | null
}

const PLAIN: Readonly<Record<string, string>> = {
  bool: 'boolean',
  bytea: 'Buffer',
  date: 'string',
  float4: 'number',
  float8: 'number',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  text: 'string',
  uuid: 'string',
}
const OWN: Readonly<Record<string, string>> = {
  _text: 'List',
  _uuid: 'List',
  json: 'Json',
  jsonb: 'Json',
  timestamptz: 'Time',
}

/** The TypeScript of every table of the database as it stands; `schema.gen.ts` must be equal to it. */
export async function describeSchema(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<Column>(
    `select table_name, column_name, udt_name, is_nullable, is_generated, is_identity, column_default
     from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position`,
  )
  const tables = Map.groupBy(rows, (row) => row.table_name)
  const body = [...tables].map(([name, columns]) => {
    const lines = columns.map((column) => `    readonly ${column.column_name}: ${typeOf(column)}`)
    return `  readonly ${name}: {\n${lines.join('\n')}\n  }`
  })
  const used = new Set(rows.map(typeOf).filter((type) => /^(Json|List|Time)/.test(type)))
  return [
    '// Made from the migrated database by the test beside it: vitest run -u schema. Do not edit.',
    "import type { Generated, GeneratedAlways } from 'kysely'",
    `import type { ${[...used].toSorted().join(', ')} } from './column-types.ts'`,
    '',
    '/** Every table and its columns. */',
    `export interface Schema {\n${body.join('\n')}\n}`,
    '',
  ].join('\n')
}

function typeOf(column: Column): string {
  const isNull = column.is_nullable === 'YES'
  const hasDefault = column.column_default !== null
  const own = OWN[column.udt_name]
  if (own !== undefined) return isNull ? `${own}OrNull` : hasDefault ? `${own}WithDefault` : own
  const plain = PLAIN[column.udt_name]
  if (plain === undefined) throw new Error(`No type for ${column.udt_name} (${column.column_name})`)
  if (column.is_generated === 'ALWAYS' || column.is_identity === 'YES')
    return `GeneratedAlways<${plain}>`
  if (isNull) return `${plain} | null`
  return hasDefault ? `Generated<${plain}>` : plain
}
