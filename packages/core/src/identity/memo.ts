/** Answers that are remembered; emptied when there are more. */
const MOST = 1 << 16

/** The function with its answers remembered by their text: facts ask the same of few addresses and fields again and again. */
export function memoized<Answer>(decide: (text: string) => Answer): (text: string) => Answer {
  const known = new Map<string, Answer>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    if (known.size >= MOST) known.clear()
    const answer = decide(text)
    known.set(text, answer)
    return answer
  }
}

/** The function with its answers remembered by the object itself, for as long as the function is: facts of one device share their subject. */
export function rememberedFor<Thing extends object, Answer>(
  decide: (thing: Thing) => Answer,
): (thing: Thing) => Answer {
  const known = new Map<Thing, { readonly answer: Answer }>()
  return (thing) => {
    const before = known.get(thing)
    if (before !== undefined) return before.answer
    const answer = decide(thing)
    known.set(thing, { answer })
    return answer
  }
}
