import type { Expectation, Fact } from './dissector.ts'
import type { InspectorListener } from './inspector-listener.ts'

/** One thing that was found out about a flow, as it is told to a listener. */
export type Finding =
  | { readonly kind: 'recognised' | 'also' | 'broken'; readonly protocol: string }
  | { readonly kind: 'withdrawn' | 'contradicted' | 'finished' }
  | { readonly kind: 'expected'; readonly expectation: Expectation }
  | { readonly kind: 'fact'; readonly fact: Fact }

/** Most findings that are worth remembering of one payload. */
const MOST = 1024

/** Stands between the inspector and its listener: notes what is told, or keeps it from being told twice. */
export class ConversationRecorder implements InspectorListener {
  readonly #listener: InspectorListener
  #noted: Finding[] | undefined = undefined
  #isMuted = false
  /** False when more was told than is worth remembering. */
  isComplete = true

  constructor(listener: InspectorListener) {
    this.#listener = listener
  }

  /** Begins to note what is told, and goes on telling it. */
  start(): void {
    this.#noted = []
    this.isComplete = true
  }

  /** What was told since `start`, in a list with no room for more: it may be kept for long. */
  stop(): readonly Finding[] {
    const noted = this.#noted?.slice() ?? []
    this.#noted = undefined
    return noted
  }

  /** Until `unmute` nothing is passed on: it was told before. */
  mute(): void {
    this.#isMuted = true
  }

  unmute(): void {
    this.#isMuted = false
  }

  /** Tells of `record` what was noted of another flow that said the same. */
  repeat(record: number, findings: readonly Finding[]): void {
    const listener = this.#listener
    for (let at = 0; at < findings.length; at++) {
      const finding = findings[at]!
      if (finding.kind === 'fact') listener.fact(record, finding.fact)
      else tell(listener, record, finding)
    }
  }

  recognised(record: number, protocol: string): void {
    this.#pass(record, { kind: 'recognised', protocol })
  }

  withdrawn(record: number): void {
    this.#pass(record, { kind: 'withdrawn' })
  }

  contradicted(record: number): void {
    this.#pass(record, { kind: 'contradicted' })
  }

  also(record: number, protocol: string): void {
    this.#pass(record, { kind: 'also', protocol })
  }

  expected(record: number, expectation: Expectation): void {
    this.#pass(record, { kind: 'expected', expectation })
  }

  fact(record: number, fact: Fact): void {
    if (this.#isMuted) return
    if (this.#noted !== undefined) this.#note({ kind: 'fact', fact })
    this.#listener.fact(record, fact)
  }

  broken(protocol: string): void {
    this.#pass(-1, { kind: 'broken', protocol })
  }

  /** Never muted: what was told before did not end, so this is another flow that loses its inspection, or its own to others. */
  finished(record: number): void {
    this.#note({ kind: 'finished' })
    this.#listener.finished(record)
  }

  #pass(record: number, finding: Finding): void {
    if (this.#isMuted) return
    this.#note(finding)
    tell(this.#listener, record, finding)
  }

  #note(finding: Finding): void {
    if (this.#noted === undefined) return
    if (this.#noted.length < MOST) this.#noted.push(finding)
    else this.isComplete = false
  }
}

function tell(listener: InspectorListener, record: number, finding: Finding): void {
  switch (finding.kind) {
    case 'recognised':
      return listener.recognised(record, finding.protocol)
    case 'withdrawn':
      return listener.withdrawn(record)
    case 'contradicted':
      return listener.contradicted(record)
    case 'also':
      return listener.also(record, finding.protocol)
    case 'expected':
      return listener.expected(record, finding.expectation)
    case 'fact':
      return listener.fact(record, finding.fact)
    case 'broken':
      return listener.broken(finding.protocol)
    case 'finished':
      return listener.finished(record)
  }
}
