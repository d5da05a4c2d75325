import { normalizeName } from '../identity/vocabulary.ts'
import type { DeviceType, Vocabulary } from '../identity/vocabulary.ts'

/** Finds the device type behind what a maintenance system writes, such as `PUMP, INFUSION, VOLUMETRIC`. */
export type TypeWords = (text: string) => DeviceType | undefined

/** Compiles the names of the vocabulary; the name with the most words that all occur wins. */
export function compileTypeWords({ types }: Pick<Vocabulary, 'types'>): TypeWords {
  const names = [...types.values()]
    .flatMap((type) =>
      [type.name, type.id.replaceAll('-', ' ')].map((name) => ({ type, words: wordsOf(name) })),
    )
    .toSorted((a, b) => b.words.length - a.words.length)
  const memo = new Map<string, DeviceType | undefined>()
  return (text) => {
    if (memo.has(text)) return memo.get(text)
    const words = new Set(wordsOf(text))
    const found = names.find((name) => name.words.every((word) => words.has(word)))?.type
    if (memo.size < 5000) memo.set(text, found)
    return found
  }
}

function wordsOf(text: string): readonly string[] {
  return normalizeName(text)
    .split(' ')
    .filter((word) => word !== '' && word !== 'or' && word !== 'and')
    .map((word) => (word.length > 3 ? word.replace(/(?<=[^s])s$/, '') : word))
}
