/** One message: `noun.past-participle`, an id that is the same at every redelivery, and plain data. */
export interface Message {
  readonly subject: string
  readonly id: string
  readonly payload: unknown
}

/**
 * Who may work at the same time. Who comes `behind` handles a message while the next ones are handled by those that go
 * `ahead`; everybody else (`alone`) waits until nobody is behind. Each keeps the order of its messages, except that one that
 * goes ahead may let the next begin (`Turn`).
 */
export type Course = 'ahead' | 'alone' | 'behind'

/** What a handler may say, and wait for, while it has a message in hand. */
export interface Turn {
  /** Called while something long is waited for, lets another one work: first who publishes, then what comes next. */
  readonly meanwhile: () => void
  /**
   * Of one that goes ahead: whatever of this message concerns the next one is held by now, so that the next may be begun.
   * Two are in hand at most.
   */
  readonly release: () => void
  /** Waits until the message before this one has ended for good; throws when it has to be tried again, this one after it. */
  readonly before: () => Promise<void>
}

export interface Handler {
  (message: Message, turn: Turn): Promise<void>
  /** `alone` when left out. */
  readonly course?: Course
  /** Told once of a message that comes next, while one before is in hand; must not throw, and may be told in vain. */
  readonly foresee?: (message: Message) => void
}

/**
 * Carries messages from the sensor to the stages and between stages: at least once, in order for each
 * subscription. Handlers are idempotent by message id.
 */
export interface Bus {
  /**
   * Resolves once the message is durable. An id that waits already is not put in twice. Waits while too much
   * is pending, so that a fast reader does not outrun the stages.
   */
  publish(message: Message): Promise<void>
  /** Delivers every message of the subject, also those published while nobody ran, until the handler resolves. */
  subscribe(subject: string, name: string, handler: Handler): Promise<void>
  /** Says that a committed transaction put messages into the outbox. */
  wake(): void
  /** Resolves when nothing is pending; messages set aside for good do not count. */
  drain(): Promise<void>
  /** Messages that failed too often, newest first. */
  parked(): Promise<readonly ParkedMessage[]>
  /** Finishes the message in hand and delivers no more. */
  stop(): Promise<void>
}

/** A message that one subscription could not handle, set aside so that the others go on. */
export interface ParkedMessage {
  readonly subscription: string
  readonly subject: string
  readonly id: string
  readonly attempts: number
  readonly error: string
  /** Milliseconds since 1970. */
  readonly time: number
}
