/** Kinds of implants that makers sell under one name: the Surgisis is a patch, a plug and a graft. */
const IMPLANT = /^(graft|matrix|mesh|patch|plug|sling)(?:e?s)?$/

export function implantsIn(words: readonly string[]): ReadonlySet<string> {
  return new Set(words.flatMap((word) => IMPLANT.exec(word)?.[1] ?? []))
}

/** Both say of what kind they are, and no kind is the same. */
export function isOtherImplant(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size > 0 && other.size > 0 && ![...one].some((kind) => other.has(kind))
}
