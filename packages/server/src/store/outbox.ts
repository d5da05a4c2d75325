import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { pack, unsqueeze } from '../bus/packed.ts'

/** A message that leaves with the transaction that made it, or not at all. */
export interface Outgoing {
  readonly subject: string
  readonly id: string
  /** Plain data, or the same `Packed`. */
  readonly payload: unknown
}

export interface Waiting extends Outgoing {
  readonly seq: number
}

/** Any fixed number: whoever writes to the outbox holds this lock until commit. */
const LOCK = 4_780_002

/** A message as it stands in the outbox. */
export interface Stored {
  readonly seq: number
  /** JSON. */
  readonly text: string
}

/**
 * Puts messages into the outbox; answers with those that were not there. The lock makes the order of `seq` the order of
 * commit, so that a reader that has gone past a number never misses a smaller one; call it last in a transaction.
 */
export async function appendOutbox(
  trx: Trx,
  messages: readonly Outgoing[],
): Promise<readonly Stored[]> {
  if (messages.length === 0) return []
  const packed = new Map(messages.map(({ id, payload }) => [id, pack(payload)]))
  await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
  const rows = await trx
    .insertInto('outbox')
    .values(
      messages.map(({ id, subject }) => {
        const { text = 'null', squeezed } = packed.get(id) ?? {}
        return { id, subject, ...(squeezed ? { packed: squeezed } : { payload: text }) }
      }),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning(['seq', 'id'])
    .execute()
  return rows.map(({ seq, id }) => ({ seq, text: packed.get(id)?.text ?? 'null' }))
}

export interface Reading {
  /** JSON of messages by `seq`: their payload is not fetched. */
  readonly atHand?: ReadonlyMap<number, string>
  /** Whether several will ask for a message of this subject. */
  readonly isShared?: (subject: string) => boolean
}

/** Messages after `position`, oldest first. */
export async function readOutbox(
  db: Executor,
  position: number,
  limit: number,
  { atHand = new Map(), isShared = () => false }: Reading = {},
): Promise<Waiting[]> {
  const { rows } = await sql<Waiting & { packed: Buffer | null }>`
    select seq, id, subject, payload, case when seq = any(${[...atHand.keys()]}::bigint[]) then null else packed end as packed
    from outbox where seq > ${position} order by seq limit ${limit}`.execute(db)
  return rows.map(({ packed, ...row }) => {
    const text = atHand.get(row.seq)
    if (text === undefined && packed === null) return row
    const textOf = () => text ?? unsqueeze(packed!)
    return readWhenAsked(row, textOf, isShared(row.subject))
  })
}

/**
 * Thirty long messages read at once would keep everybody waiting, and the memory full. What only one asks for is not kept:
 * it makes objects of its own of it, and both would be there for as long as the message is in hand.
 */
function readWhenAsked(
  { seq, id, subject }: Waiting,
  textOf: () => string,
  isShared: boolean,
): Waiting {
  let kept: { readonly payload: unknown } | undefined
  return {
    seq,
    id,
    subject,
    get payload() {
      const read = kept ?? { payload: JSON.parse(textOf()) as unknown }
      if (isShared) kept = read
      return read.payload
    },
  }
}

/** Where a subscription stands; a new one begins with the oldest message that still waits. */
export async function openSubscription(
  db: Executor,
  name: string,
  subject: string,
): Promise<number> {
  await db
    .insertInto('subscriptions')
    .values({ name, subject, position: 0 })
    .onConflict((conflict) => conflict.columns(['name', 'subject']).doNothing())
    .execute()
  const { position } = await db
    .selectFrom('subscriptions')
    .select('position')
    .where('name', '=', name)
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow()
  return position
}

export async function savePosition(
  db: Executor,
  name: string,
  subject: string,
  position: number,
): Promise<void> {
  await db
    .updateTable('subscriptions')
    .set({ position })
    .where('name', '=', name)
    .where('subject', '=', subject)
    .execute()
}

/** Removes what every subscription has gone past; the inbox remembers what was handled. */
export async function trimOutbox(db: Executor, position: number): Promise<void> {
  await db.deleteFrom('outbox').where('seq', '<=', position).execute()
}

/**
 * True the first time that a stage meets a message; must run in the transaction of the stage's writes. A crash may lose
 * the last of these commits, each whole and none before another: the outbox, which is written to the disk, delivers those
 * messages again.
 */
export async function isFirstDelivery(
  trx: Trx,
  stage: string,
  messageId: string,
): Promise<boolean> {
  const { rows } = await sql`
    insert into inbox (stage, message_id)
    select ${stage}, ${messageId} from set_config('synchronous_commit', 'off', true)
    on conflict (stage, message_id) do nothing returning stage`.execute(trx)
  return rows.length > 0
}

export async function parkMessage(
  db: Executor,
  subscription: string,
  message: Outgoing,
  attempts: number,
  error: string,
): Promise<void> {
  await db
    .insertInto('parked_messages')
    .values({
      subscription,
      id: message.id,
      subject: message.subject,
      payload: toJson(message.payload),
      attempts,
      error: error.slice(0, 4000),
    })
    .onConflict((conflict) => conflict.columns(['subscription', 'id']).doNothing())
    .execute()
}

export async function listParked(db: Executor) {
  return await db
    .selectFrom('parked_messages')
    .select(['subscription', 'subject', 'id', 'attempts', 'error', 'created_at as time'])
    .orderBy('created_at', 'desc')
    .limit(200)
    .execute()
}
