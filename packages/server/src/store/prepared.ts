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
  const nameOf = nameRepeated()
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect()
      const own = known.get(client) ?? preparing(client, nameOf)
      known.set(client, own)
      return own
    },
  }
}

function preparing(
  client: pg.PoolClient,
  nameOf: (text: string, values: readonly unknown[]) => string | undefined,
): PostgresPoolClient {
  let isStale = false
  const ask = async (text: string, values: readonly unknown[]) => {
    const name = nameOf(text, values)
    try {
      return await client.query({
        text,
        values: [...values],
        ...(name === undefined ? {} : { name }),
      })
    } catch (error) {
      // Somebody changed a table under it; who tries again gets another connection.
      isStale ||= isOfOldPlan(error)
      throw error
    }
  }
  return {
    query: ask as unknown as PostgresPoolClient['query'],
    release: (destroy = false) => client.release(destroy || isStale),
  }
}

/** `feature_not_supported`: "cached plan must not change result type". */
function isOfOldPlan(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '0A000'
}

/** Names for texts that come often; one text has one name. */
function nameRepeated() {
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  return (text: string, { length }: readonly unknown[]): string | undefined => {
    const name = names.get(text)
    if (name !== undefined) return name
    if (length === 0 || length > MOST_PARAMETERS || names.size >= MOST_PREPARED) return undefined
    if (counts.size >= MOST_COUNTED) counts.clear()
    const count = (counts.get(text) ?? 0) + 1
    counts.set(text, count)
    if (count < OFTEN) return undefined
    counts.delete(text)
    const given = `repeated_${names.size + 1}`
    names.set(text, given)
    return given
  }
}
