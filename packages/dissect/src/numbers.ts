/** Up to here a list is looked through; it takes a fifth of the room of a set. */
const FEW = 8

/** Distinct numbers, mostly one or two. */
export type Numbers = readonly number[] | Set<number>

export const NO_NUMBERS: Numbers = []

export function hasNumber(numbers: Numbers, number: number): boolean {
  return numbers instanceof Set ? numbers.has(number) : numbers.includes(number)
}

export function sizeOf(numbers: Numbers): number {
  return numbers instanceof Set ? numbers.size : numbers.length
}

/** These and one more, which is not among them. */
export function withNumber(numbers: Numbers, number: number): Numbers {
  if (numbers instanceof Set) return numbers.add(number)
  // A list that is pushed to, or spread into another, would get room for sixteen more.
  return numbers.length < FEW ? numbers.concat(number) : new Set(numbers).add(number)
}
