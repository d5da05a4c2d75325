import { Refusal } from '@wardkeeper/core'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Bus, Message } from '../bus/bus.ts'
import type { Db, Trx } from '../store/database.ts'
import { appendOutbox, isFirstDelivery, type Outgoing } from '../store/outbox.ts'

/** One step of the line: takes messages, decides with rules of core, saves, and says what follows. */
export interface Stage<Payload> {
  readonly name: string
  readonly consumes: readonly string[]
  readonly payload: z.ZodType<Payload>
  /** Loads, decides and saves in one transaction; the messages that it answers with leave with the commit. */
  handle(trx: Trx, payload: Payload, message: Message): Promise<readonly Outgoing[]>
}

export interface StageContext {
  readonly db: Db
  readonly bus: Bus
  readonly log: (text: string) => void
}

/** Subscribes the stage to what it consumes. */
export async function attach<Payload>(stage: Stage<Payload>, context: StageContext): Promise<void> {
  for (const subject of stage.consumes) {
    await context.bus.subscribe(subject, stage.name, (message) => run(stage, message, context))
  }
}

/** Decode, load, decide, save, acknowledge; the second delivery of a message changes nothing. */
async function run<Payload>(
  stage: Stage<Payload>,
  message: Message,
  { db, log }: StageContext,
): Promise<void> {
  const payload = stage.payload.parse(message.payload)
  try {
    await db.transaction().execute(async (trx) => {
      // A crash may lose the last of these commits, each whole and none before another: the outbox, which is written to
      // the disk, delivers those messages again.
      await sql`set local synchronous_commit = off`.execute(trx)
      if (!(await isFirstDelivery(trx, stage.name, message.id))) return
      await appendOutbox(trx, await stage.handle(trx, payload, message))
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // A rule said no; it would say so again.
    log(`${stage.name} refused ${message.id}: ${error.message}`)
    await db.transaction().execute((trx) => isFirstDelivery(trx, stage.name, message.id))
  }
}
