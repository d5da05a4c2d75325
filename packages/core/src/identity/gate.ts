const LETTERS = 3
/** Marks are kept under so many bits of three letters: a few strange texts pass, none that matters is kept out. */
const BITS = 16
/** Golden ratio of 32 bits: letters that are near to each other give marks that are not. */
const SPREAD = 0x9e3779b1

/**
 * Says of a text, in one walk over its letters, which sets of literals may have one standing in it: their numbers, lowest
 * first. Each literal is known by three of its letters, those that the fewest others share. A set with a literal of less
 * than three letters, or with none, is always named.
 */
export function compileGate(
  sets: readonly (readonly string[])[],
): (text: string) => readonly number[] {
  const isBare = (set: readonly string[]) =>
    set.length === 0 || set.some(({ length }) => length < LETTERS)
  const bare = [...sets.keys()].filter((number) => isBare(sets[number]!))
  const isMarked = new Uint8Array(1 << BITS)
  const behind = setsByMark(sets.map((set) => (isBare(set) ? [] : set)))
  for (const mark of behind.keys()) isMarked[mark] = 1
  return (text) => {
    let found: Set<number> | undefined
    let last = text.charCodeAt(0)
    let middle = text.charCodeAt(1)
    for (let at = 2; at < text.length; at++) {
      const letter = text.charCodeAt(at)
      const mark = markOf(last, middle, letter)
      if (isMarked[mark] === 1) {
        found ??= new Set(bare)
        for (const number of behind.get(mark)!) found.add(number)
      }
      last = middle
      middle = letter
    }
    return found === undefined ? bare : [...found].toSorted((a, b) => a - b)
  }
}

/** For each mark the numbers of the sets that it stands for. */
function setsByMark(sets: readonly (readonly string[])[]): ReadonlyMap<number, readonly number[]> {
  const shared = new Map<number, number>()
  for (const literal of sets.flat())
    for (const mark of new Set(marksOf(literal))) shared.set(mark, (shared.get(mark) ?? 0) + 1)
  const frequency = (mark: number) => shared.get(mark) ?? 0
  const behind = new Map<number, number[]>()
  for (const [number, set] of sets.entries()) {
    for (const literal of set) {
      const rarest = marksOf(literal).reduce((a, b) => (frequency(b) < frequency(a) ? b : a))
      behind.set(rarest, [...(behind.get(rarest) ?? []), number])
    }
  }
  return behind
}

function marksOf(literal: string): readonly number[] {
  return Array.from({ length: literal.length - LETTERS + 1 }, (_, at) =>
    markOf(literal.charCodeAt(at), literal.charCodeAt(at + 1), literal.charCodeAt(at + 2)),
  )
}

function markOf(first: number, second: number, third: number): number {
  return Math.imul((first << 16) ^ (second << 8) ^ third, SPREAD) >>> (32 - BITS)
}
