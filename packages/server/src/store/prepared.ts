import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type pg from 'pg'

/** Times that a statement comes before it is worth a name. */
const OFTEN = 8
/** A connection keeps each of them, with its plan. */
const MOST_PREPARED = 200
const MOST_COUNTED = 2000
/** Values that are written out one by one have another text for each count of them. */
const MOST_PARAMETERS = 20

/**
 * The connections of a pool for who says the same again and again: a statement that came often enough is prepared, so that
 * the server reads and plans it once for each connection and not each time. Not for pages: a plan for any filter is a bad
 * one for most.
 */
export function prepareRepeated(pool: pg.Pool): PostgresPool {
  const names = new RepeatedNames()
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect()
      const own = known.get(client) ?? preparing(client, names)
      known.set(client, own)
      return own
    },
  }
}

function preparing(client: pg.PoolClient, names: RepeatedNames): PostgresPoolClient {
  const ask = async (text: string, values: readonly unknown[]) => {
    const name = names.of(text, values.length)
    try {
      return await client.query({
        text,
        values: [...values],
        ...(name === undefined ? {} : { name }),
      })
    } catch (error) {
      // Who tries again has the statement read anew, on whichever connection.
      if (name !== undefined && isOfName(error)) names.forget(text)
      throw error
    }
  }
  return {
    query: ask as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy),
  }
}

/**
 * Whether what was prepared is of no use any more: a table changed under it (`feature_not_supported`: "cached plan must not
 * change result type"), the server does not know it (`invalid_sql_statement_name`), or it never came to the server.
 */
function isOfName(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === undefined || code === '0A000' || code === '26000'
}

/** Names for texts that come often; one text has one name. */
class RepeatedNames {
  readonly #names = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  #given = 0

  of(text: string, values: number): string | undefined {
    const name = this.#names.get(text)
    if (name !== undefined) return name
    const isFull = this.#names.size >= MOST_PREPARED
    if (values === 0 || values > MOST_PARAMETERS || isFull) return undefined
    if (this.#counts.size >= MOST_COUNTED) this.#counts.clear()
    const count = (this.#counts.get(text) ?? 0) + 1
    this.#counts.set(text, count)
    if (count < OFTEN) return undefined
    this.#counts.delete(text)
    const given = `repeated_${++this.#given}`
    this.#names.set(text, given)
    return given
  }

  /** It gets another name when it comes often again. */
  forget(text: string): void {
    this.#names.delete(text)
  }
}
