import { Refusal } from '@wardkeeper/core'
import { z } from 'zod'
import type { Bus, Course, Handler, Message, Turn } from '../bus/bus.ts'
import type { Db, Trx } from '../store/database.ts'
import { appendOutbox, isFirstDelivery, type Outgoing } from '../store/outbox.ts'

/** One step of the line: takes messages, decides with rules of core, saves, and says what follows. */
export interface Stage<Payload> {
  readonly name: string
  readonly consumes: readonly string[]
  readonly payload: z.ZodType<Payload>
  /**
   * `alone` when left out. One that goes ahead and one that comes behind run at the same time: both lock the assets that they
   * write in one order (`lockAssets`), and who comes behind keeps them from being merged meanwhile (`shareRegrouping`).
   */
  readonly course?: Course
  /**
   * Told of a payload before it is its turn, while the database is busy with the one before: the time for whatever
   * needs no database. `handle` gets the same object, and must do without where it was not told.
   */
  readonly prepare?: (payload: Payload) => void
  /**
   * Loads, decides and saves in one transaction; the messages that it answers with leave with the commit. A stage that
   * waits long for a statement calls `turn.meanwhile` each time, and another one works.
   */
  handle(trx: Trx, payload: Payload, message: Message, turn?: Turn): Promise<readonly Outgoing[]>
}

export interface StageContext {
  readonly db: Db
  readonly bus: Bus
  readonly log: (text: string) => void
}

/** Subscribes the stage to what it consumes. */
export async function attach<Payload>(stage: Stage<Payload>, context: StageContext): Promise<void> {
  const { prepare, course = 'alone' } = stage
  const foreseen = new WeakMap<Message, Payload>()
  const foresee = (message: Message) => {
    try {
      const payload = stage.payload.parse(message.payload)
      foreseen.set(message, payload)
      prepare?.(payload)
    } catch {
      // What cannot be read says so when it is its turn.
    }
  }
  const parse = (message: Message) => {
    const payload = foreseen.get(message)
    foreseen.delete(message)
    return payload ?? stage.payload.parse(message.payload)
  }
  for (const subject of stage.consumes) {
    const handle = async (message: Message, turn: Turn) =>
      await run(stage, { message, payload: parse(message), turn }, context)
    const handler: Handler = Object.assign(handle, {
      course,
      ...(prepare === undefined ? {} : { foresee }),
    })
    await context.bus.subscribe(subject, stage.name, handler)
  }
}

/** Decode, load, decide, save, acknowledge; the second delivery of a message changes nothing. */
async function run<Payload>(
  stage: Stage<Payload>,
  {
    message,
    payload,
    turn,
  }: { readonly message: Message; readonly payload: Payload; readonly turn: Turn },
  { db, log }: StageContext,
): Promise<void> {
  try {
    await db.transaction().execute(async (trx) => {
      if (!(await isFirstDelivery(trx, stage.name, message.id))) return
      await appendOutbox(trx, await stage.handle(trx, payload, message, turn))
    })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // A rule said no; it would say so again.
    log(`${stage.name} refused ${message.id}: ${error.message}`)
    await db.transaction().execute((trx) => isFirstDelivery(trx, stage.name, message.id))
  }
}
