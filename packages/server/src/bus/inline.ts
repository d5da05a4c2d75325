import { setTimeout as wait } from 'node:timers/promises'
import type { Db } from '../store/database.ts'
import {
  appendOutbox,
  listParked,
  openSubscription,
  parkMessage,
  readOutbox,
  savePosition,
  trimOutbox,
  type Waiting,
} from '../store/outbox.ts'
import { passingFailure } from '../store/passing-failure.ts'
import { AtHand } from './at-hand.ts'
import type { Bus, Course, Handler, Message, ParkedMessage, Turn } from './bus.ts'
import { handleInOrder, NotYet, NOTHING_ELSE, within } from './in-order.ts'

interface Subscription {
  readonly name: string
  readonly subject: string
  readonly handler: Handler
  /** All messages of the subject up to here were handled or set aside. */
  position: number
  saved: number
  failures: number
  /** Not before this moment (ms since 1970) after a failure. */
  retryAt: number
}

/** Stands for a message that nobody takes of those who are asked. */
const PAST = { id: '', subject: '', payload: undefined }
const DONE = Promise.resolve()

interface Crew {
  readonly front: readonly Subscription[]
  /** Those that need not wait after a failure. */
  readonly able: Set<Subscription>
}

function isInFront({ handler }: Subscription): boolean {
  return handler.course !== 'behind'
}

export interface InlineOptions {
  /** Waits after the first, second .. failure in ms; after the last one the message is set aside. */
  readonly backOff?: readonly number[]
  /** `publish` waits while more than this many messages are pending. */
  readonly pendingLimit?: number
  readonly onFailure?: (subscription: string, message: Message, error: unknown) => void
  /**
   * So long a handler waits for the message before its own, in ms: it may have what somebody else needs to go on, a
   * connection, say, when all of them wait for it. It then lets go, and is tried again.
   */
  readonly patience?: number
}

const BATCH = 32
/** After a failure that is not the message's own, it is tried again for as long as it takes. */
const PASSING_MS = 2000
/** Messages may also come from a transaction of which nobody told us. */
const POLL_MS = 1000

/**
 * The bus of one process, over the outbox table. Messages go out in the order of commit, one at a time, to every
 * subscription in the order of subscribing; only what comes behind (`Course`) is handled while the next ones go ahead, and
 * one that goes ahead may let the next begin (`Turn`), so that the database and this process need not wait for each other.
 * A position moves in the order of the messages all the same.
 */
export class InlineBus implements Bus {
  readonly #db: Db
  readonly #backOff: readonly number[]
  readonly #onFailure: NonNullable<InlineOptions['onFailure']>
  readonly #patience: number
  readonly #subscriptions: Subscription[] = []
  #loop: Promise<void> | undefined
  #isStopped = false
  #isIdle = false
  /** Positions were set back in the middle of a pass. */
  #isBack = false
  /** Counts calls of `wake`, so that one that comes while the loop reads is not missed. */
  #wakes = 0
  #awaken: () => void = () => undefined
  #idleWaiters: (() => void)[] = []
  readonly #atHand: AtHand
  /** Messages that somebody was told of before their turn. */
  readonly #foreseen = new WeakSet<Waiting>()

  constructor(db: Db, options: InlineOptions = {}) {
    this.#db = db
    this.#backOff = options.backOff ?? [100, 1000, 5000, 20_000]
    this.#atHand = new AtHand(options.pendingLimit ?? 256)
    this.#onFailure = options.onFailure ?? (() => undefined)
    this.#patience = options.patience ?? 10_000
  }

  async publish(message: Message): Promise<void> {
    await this.#append(message)
    this.wake()
    if (!this.#isStopped) await this.#atHand.waitForRoom()
  }

  /** A database that restarts is waited for: the id keeps the message from being put in twice. */
  async #append(message: Message): Promise<void> {
    for (;;) {
      try {
        const stored = await this.#db.transaction().execute((trx) => appendOutbox(trx, [message]))
        // Where nobody subscribed nothing is delivered.
        if (this.#loop !== undefined) for (const one of stored) this.#atHand.keep(one)
        return
      } catch (error) {
        if (passingFailure(error) === undefined || this.#isStopped) throw error
        this.#onFailure('bus', message, error)
        await wait(POLL_MS)
      }
    }
  }

  /** What every subscription has gone past is needed no more. */
  #letGo(): void {
    this.#atHand.letGo(Math.min(...this.#subscriptions.map(({ position }) => position)))
  }

  async subscribe(subject: string, name: string, handler: Handler): Promise<void> {
    const position = await openSubscription(this.#db, name, subject)
    this.#subscriptions.push({
      name,
      subject,
      handler,
      position,
      saved: position,
      failures: 0,
      retryAt: 0,
    })
    this.wake()
    this.#loop ??= this.#run()
  }

  /** Says that a committed transaction put messages into the outbox. */
  wake(): void {
    this.#wakes++
    this.#isIdle = false
    this.#awaken()
  }

  /** Says that a connection broke that nobody used at that moment: who handles messages may not notice. */
  lost(): void {
    this.#goBack()
    this.wake()
  }

  async drain(): Promise<void> {
    if (this.#loop === undefined) return
    this.wake()
    while (!this.#isIdle && !this.#isStopped) {
      await new Promise<void>((resolve) => this.#idleWaiters.push(resolve))
    }
  }

  parked(): Promise<readonly ParkedMessage[]> {
    return listParked(this.#db)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#awaken()
    await this.#loop
    this.#atHand.letIn()
    for (const waiter of this.#idleWaiters.splice(0)) waiter()
  }

  async #run(): Promise<void> {
    // Subscriptions of one start-up are all there before the first message goes out.
    await wait(0)
    while (!this.#isStopped) {
      const wakes = this.#wakes
      try {
        const outcome = await this.#pass()
        if (outcome === 'more') continue
        await this.#rest(wakes, outcome)
      } catch (error) {
        // The database is away: go on when it is back.
        if (this.#isStopped) return
        this.#goBack()
        this.#onFailure('bus', { subject: 'bus', id: 'outbox', payload: undefined }, error)
        await wait(POLL_MS)
      }
    }
  }

  /** Delivers one batch; says whether there may be more, nothing is left, or until when all must wait. */
  async #pass(): Promise<'more' | 'idle' | number> {
    this.#isBack = false
    const now = Date.now()
    const able = new Set(this.#subscriptions.filter(({ retryAt }) => retryAt <= now))
    const from = Math.min(...[...able].map(({ position }) => position))
    const isShared = (subject: string) =>
      this.#subscriptions.filter((one) => one.subject === subject).length > 1
    const reading = { atHand: this.#atHand.texts, isShared }
    const messages = able.size === 0 ? [] : await readOutbox(this.#db, from, BATCH, reading)
    const isMore = messages.length > 0
    const crew: Crew = { front: [...able].filter(isInFront), able }
    let ahead: Promise<void> = Promise.resolve()
    /** The one before the one before is through, and the one before lets the next begin. */
    let mayBegin: Promise<unknown> = ahead
    let behind: Promise<void> = Promise.resolve()
    try {
      // What was handled is let go at once: a message of thousands of observations is large.
      for (let message = messages[0]; message !== undefined; message = messages[0]) {
        const courses = this.#coursesOf(message)
        const previous = ahead
        // Until it begins, those in hand may prepare for it.
        if (courses.has('alone')) await Promise.all([previous, behind])
        else if (courses.has('ahead')) await mayBegin
        messages.shift()
        if (courses.has('alone')) {
          ahead = this.#goAhead(message, crew, messages)
          await ahead
        } else if (courses.has('ahead')) {
          const released = Promise.withResolvers<void>()
          ahead = this.#goAhead(message, crew, messages, { previous, release: released.resolve })
          mayBegin = Promise.all([previous, Promise.race([released.promise, ahead])])
        } else {
          const past = { ...PAST, seq: message.seq }
          ahead = previous.then(() => this.#goAhead(past, crew, []))
        }
        // Who fails is told where it is waited for.
        for (const work of [ahead, mayBegin]) work.catch(() => undefined)
        if (courses.has('behind')) await behind
        // Who has nothing to do with it goes past, and what it held is let go.
        const own = courses.has('behind') ? message : { ...PAST, seq: message.seq }
        const before = behind
        behind = before.then(() => this.#comeBehind(own, crew.able))
        behind.catch(() => undefined)
        if (this.#isBack) break
      }
      await ahead
      await behind
    } finally {
      // Nobody begins anew before the last one has ended.
      await Promise.allSettled([ahead, behind])
    }
    if (this.#isBack) return 'more'
    await this.#save()
    if (isMore) return 'more'
    const waiting = this.#subscriptions.filter(({ retryAt }) => retryAt > 0)
    return waiting.length === 0 ? 'idle' : Math.min(...waiting.map(({ retryAt }) => retryAt))
  }

  async #goAhead(
    message: Waiting,
    { front, able }: Crew,
    rest: readonly Waiting[],
    { previous = DONE, release }: { previous?: Promise<void>; release?: () => void } = {},
  ): Promise<void> {
    const works = this.#workBeside(rest)
    const takers = front.filter(({ subject }) => subject === message.subject)
    for (const subscription of front) {
      if (this.#isStopped || this.#isBack) break
      if (!able.has(subscription) || subscription.position >= message.seq) continue
      const before = async () => {
        await previous.catch(() => able.delete(subscription))
        if (!able.has(subscription) || this.#isBack) throw new NotYet()
      }
      const turn = {
        meanwhile: () => works.shift()?.(),
        // The next one may begin when nobody else has to do with this one before it.
        release: () => takers.length === 1 && release?.(),
        before: () => within(this.#patience, before()),
      }
      // Who failed waits with the message in hand: taking the next one would break the order.
      const isDone = await this.#offer(subscription, message, turn, before)
      if (!isDone) able.delete(subscription)
    }
    await previous
    if (this.#isBack) return
    this.#letGo()
    for (const work of works.splice(0)) work()
  }

  async #comeBehind(message: Waiting, able: Set<Subscription>): Promise<void> {
    for (const subscription of this.#subscriptions) {
      if (this.#isStopped || this.#isBack) return
      if (isInFront(subscription) || !able.has(subscription)) continue
      if (subscription.position >= message.seq) continue
      if (!(await this.#offer(subscription, message, NOTHING_ELSE))) able.delete(subscription)
    }
    this.#letGo()
  }

  #coursesOf({ subject, seq }: Waiting): ReadonlySet<Course> {
    const takers = this.#subscriptions.filter(
      (one) => one.subject === subject && one.position < seq,
    )
    return new Set(takers.map(({ handler }) => handler.course ?? 'alone'))
  }

  /** What may be done while a message is in hand: each at a moment of the handler's choice, else after it. */
  #workBeside(rest: readonly Waiting[]): (() => void)[] {
    const letIn = () => this.#atHand.letInWhereRoom()
    const foresee = () => {
      for (const next of rest) {
        if (this.#foreseen.has(next)) continue
        const handlers = this.#subscriptions.flatMap(({ subject, handler, position }) =>
          subject === next.subject && position < next.seq ? (handler.foresee ?? []) : [],
        )
        if (handlers.length === 0) continue
        this.#foreseen.add(next)
        for (const tell of handlers) tell(next)
        return
      }
    }
    return [letIn, foresee]
  }

  /** False when the subscription has to try this message again later. */
  async #offer(
    subscription: Subscription,
    message: Waiting,
    turn: Turn,
    before: () => Promise<void> = NOTHING_ELSE.before,
  ): Promise<boolean> {
    if (subscription.subject === message.subject) {
      try {
        await handleInOrder(subscription.handler, message, turn, before)
      } catch (error) {
        if (error instanceof NotYet) return false
        this.#onFailure(subscription.name, message, error)
        const passing = passingFailure(error)
        if (passing === 'away') this.#goBack()
        const delay =
          passing === undefined
            ? this.#backOff[subscription.failures++]
            : // The other one of a deadlock is through in a moment; the rest takes longer.
              (this.#backOff.at(passing === 'turned-back' ? 0 : -1) ?? PASSING_MS)
        if (delay !== undefined) {
          subscription.retryAt = Date.now() + delay
          return false
        }
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
        await parkMessage(this.#db, subscription.name, message, subscription.failures, text)
      }
      subscription.failures = 0
      subscription.retryAt = 0
    }
    // What was handled while a connection broke is offered again with what came before it.
    if (!this.#isBack) subscription.position = message.seq
    return true
  }

  /**
   * Stages commit without waiting for the disk, so a database that was killed may have forgotten the last of what it
   * called committed. All go back to where they were known to be on the disk: what is in the inbox is not done again.
   */
  #goBack(): void {
    for (const subscription of this.#subscriptions) {
      // What failed before was another message.
      if (subscription.position > subscription.saved) subscription.failures = 0
      subscription.position = subscription.saved
    }
    this.#isBack = true
  }

  async #save(): Promise<void> {
    const moved = this.#subscriptions.filter(({ position, saved }) => position > saved)
    if (moved.length === 0) return
    for (const subscription of moved) {
      await savePosition(this.#db, subscription.name, subscription.subject, subscription.position)
      subscription.saved = subscription.position
    }
    const passed = Math.min(...this.#subscriptions.map(({ saved }) => saved))
    await trimOutbox(this.#db, passed)
  }

  async #rest(wakes: number, outcome: 'idle' | number): Promise<void> {
    if (wakes !== this.#wakes && outcome === 'idle') return
    const isIdle = outcome === 'idle'
    if (isIdle) {
      this.#isIdle = true
      for (const waiter of this.#idleWaiters.splice(0)) waiter()
    }
    this.#atHand.letIn()
    const delay = isIdle ? POLL_MS : Math.max(1, Math.min(POLL_MS, outcome - Date.now()))
    const timer = new AbortController()
    const awaken = new Promise<void>((resolve) => (this.#awaken = resolve))
    await Promise.race([
      wait(delay, undefined, { signal: timer.signal }).catch(() => undefined),
      awaken,
    ])
    timer.abort()
  }
}
