/** Messages in a row with nothing but news, after which the next is believed to be no other. */
const ENOUGH = 4
/** How many more after one of which something was there all the same. */
const DISAPPOINTED = 60
/** Sources remembered; each capture is one. */
const MOST = 1000

/** Which sources tell only what was not told before: a capture that is read, a sensor in its first days, a backlog. */
export interface NewsKept {
  isExpected(source: string): boolean
  note(source: string, wereNew: boolean): void
}

export function keepNews(): NewsKept {
  const inARow = new Map<string, number>()
  return {
    isExpected: (source) => (inARow.get(source) ?? 0) >= ENOUGH,
    note(source, wereNew) {
      const before = inARow.get(source) ?? 0
      if (!inARow.has(source) && inARow.size >= MOST) inARow.clear()
      // What is laid down and refused is written twice, and leaves dead rows: who disappoints is believed much later.
      if (wereNew) inARow.set(source, before + 1)
      else if (before < 0 || before >= ENOUGH) inARow.set(source, -DISAPPOINTED)
      else inARow.delete(source)
    },
  }
}
