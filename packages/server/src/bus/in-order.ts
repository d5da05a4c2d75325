import { passingFailure } from '../store/passing-failure.ts'
import type { Handler, Message, Turn } from './bus.ts'

/** Of a message that nothing else is in hand with. */
export const NOTHING_ELSE: Turn = {
  meanwhile: () => undefined,
  release: () => undefined,
  before: async () => undefined,
}

/** Thrown at a message in hand when the one before it has to be tried again first. */
export class NotYet extends Error {}

/** Throws `NotYet` when the work takes longer. */
export async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotYet()), ms)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** What came of a message counts when the one before it has ended; what failed beside one that failed is tried after it. */
export async function handleInOrder(
  handler: Handler,
  message: Message,
  turn: Turn,
  before: () => Promise<void>,
): Promise<void> {
  try {
    await handler(message, turn)
  } catch (error) {
    // A broken connection is everybody's.
    if (passingFailure(error) !== 'away') await before()
    throw error
  }
  await before()
}
