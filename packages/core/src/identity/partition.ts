/** Sets of things that belong together, joined as reasons appear. */
export class Partition {
  readonly #parent = new Map<string, string>()

  /** The one that stands for the whole set of `item`: the smallest text, so that order plays no part. */
  find(item: string): string {
    let root = item
    for (let next = this.#parent.get(root); next !== undefined; next = this.#parent.get(root))
      root = next
    if (root !== item) this.#parent.set(item, root)
    return root
  }

  join(one: string, other: string): void {
    const [a, b] = [this.find(one), this.find(other)]
    if (a === b) return
    if (a < b) this.#parent.set(b, a)
    else this.#parent.set(a, b)
  }
}
