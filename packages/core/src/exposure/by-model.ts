/** Answers by maker and model, found without making one text of the two: that is asked for each of very many devices. */
export class ByModel<Answer> {
  readonly #makers = new Map<string, Map<string, Answer>>()

  get(manufacturer: string, model: string): Answer | undefined {
    return this.#makers.get(manufacturer)?.get(model)
  }

  set(manufacturer: string, model: string, answer: Answer): void {
    const models = this.#makers.get(manufacturer)
    if (models === undefined) this.#makers.set(manufacturer, new Map([[model, answer]]))
    else models.set(model, answer)
  }
}
