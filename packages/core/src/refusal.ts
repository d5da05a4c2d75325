/**
 * A rule said no. Not a failure: the API answers 409 with the code, a stage records it and goes on.
 * `reasons` are sentences for the person who was refused.
 */
export class Refusal extends Error {
  readonly code: string
  readonly reasons: readonly string[]

  constructor(code: string, reasons: readonly string[]) {
    super(`${code}: ${reasons.join(' ')}`)
    this.name = 'Refusal'
    this.code = code
    this.reasons = reasons
  }
}
