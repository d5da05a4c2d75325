/** Messages in a row with nothing but news, after which the next is believed to be no other. */
const ENOUGH = 4
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
      if (!wereNew) inARow.delete(source)
      else {
        if (inARow.size >= MOST) inARow.clear()
        inARow.set(source, (inARow.get(source) ?? 0) + 1)
      }
    },
  }
}
