const LETTERS = 3
/** Marks are kept under so many bits of three letters: a few strange texts pass, none that matters is kept out. */
const BITS = 16
/** Golden ratio of 32 bits: letters that are near to each other give marks that are not. */
const SPREAD = 0x9e3779b1

/**
 * Says of most texts, in one walk over their letters, that none of the literals stands in them: each literal is known
 * by three of its letters, those that the fewest others share. A literal of less than three letters lets all through.
 */
export function compileGate(literals: readonly string[]): (text: string) => boolean {
  if (literals.some(({ length }) => length < LETTERS)) return () => true
  const shared = new Map<number, number>()
  for (const literal of literals)
    for (const mark of new Set(marksOf(literal))) shared.set(mark, (shared.get(mark) ?? 0) + 1)
  const isMarked = new Uint8Array(1 << BITS)
  const frequency = (mark: number) => shared.get(mark) ?? 0
  for (const literal of literals) {
    const rarest = marksOf(literal).reduce((a, b) => (frequency(b) < frequency(a) ? b : a))
    isMarked[rarest] = 1
  }
  return (text) => {
    let last = text.charCodeAt(0)
    let middle = text.charCodeAt(1)
    for (let at = 2; at < text.length; at++) {
      const letter = text.charCodeAt(at)
      if (isMarked[markOf(last, middle, letter)] === 1) return true
      last = middle
      middle = letter
    }
    return false
  }
}

function marksOf(literal: string): readonly number[] {
  return Array.from({ length: literal.length - LETTERS + 1 }, (_, at) =>
    markOf(literal.charCodeAt(at), literal.charCodeAt(at + 1), literal.charCodeAt(at + 2)),
  )
}

function markOf(first: number, second: number, third: number): number {
  return Math.imul((first << 16) ^ (second << 8) ^ third, SPREAD) >>> (32 - BITS)
}
