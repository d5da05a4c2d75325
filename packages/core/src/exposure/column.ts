/** Numbers that grow, in memory that can be handed to another thread. */
export class Column {
  #values = new Int32Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.#values.length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.length++] = value
  }

  at(index: number): number {
    return this.#values[index]!
  }

  /** The numbers in the memory they were put into: what is unused of it was never touched and costs nothing. */
  finish(): Int32Array<ArrayBuffer> {
    return this.#values.subarray(0, this.length)
  }
}
