/** One point on which another program and ours differ. */
export interface Disagreement {
  readonly capture: string
  /** Flow, log or frame. */
  readonly place: string
  readonly theirs: string
  readonly ours: string
}

/** Counts agreement with one body of ground truth. */
export class Tally {
  agreed = 0
  readonly disagreements: Disagreement[] = []
  /** Disagreements that are listed elsewhere. */
  #elsewhere = 0
  /** What was not compared, by reason. */
  readonly leftOut = new Map<string, number>()
  readonly captures = new Set<string>()
  readonly name: string
  /** Share that is aimed at, in percent. */
  readonly goal: number | undefined

  constructor(name: string, goal?: number) {
    this.name = name
    this.goal = goal
  }

  get compared(): number {
    return this.agreed + this.disagreed
  }

  get disagreed(): number {
    return this.disagreements.length + this.#elsewhere
  }

  /** Share that agrees, in percent; undefined when nothing was compared. */
  get percent(): number | undefined {
    return this.compared === 0 ? undefined : (100 * this.agreed) / this.compared
  }

  /** Below its goal, or without anything to measure it by. */
  get isShort(): boolean {
    return this.goal !== undefined && (this.percent ?? 0) < this.goal
  }

  compare(isAgreed: boolean, disagreement: Disagreement): void {
    this.captures.add(disagreement.capture)
    if (isAgreed) this.agreed++
    else this.disagreements.push(disagreement)
  }

  /** Counts what another tally compares in detail. */
  count(isAgreed: boolean, capture: string): void {
    this.captures.add(capture)
    if (isAgreed) this.agreed++
    else this.#elsewhere++
  }

  leaveOut(reason: string): void {
    this.leftOut.set(reason, (this.leftOut.get(reason) ?? 0) + 1)
  }
}
